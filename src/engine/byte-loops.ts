import { wasm } from '#byte-loops';
import { countLineFeeds } from '../core/line-count.ts';
import type { RunOf } from '../detectors/detector.ts';
import { unpackGates } from './gates.ts';
import type { Automaton, SiftTables } from './prefilter.ts';
import { runsIn, type Runs } from './run-search.ts';

/**
 * Given, piece by piece, pairs of an offset, which counts from `base` modulo 2³² (it may lie before), and a
 * state. The array is reused.
 */
export type EachPairs = (pairs: Uint32Array, base: number) => void;

/** What `sift` looks for beside literals, and which of them. */
export interface Sifting extends SiftTables {
  readonly run: RunOf;
  /** @see Detector.trail */
  readonly trail: Uint8Array;
}

/** Classes of bytes that an automaton tells apart, at most; a row of its table has as many places. */
export const CLASSES = 64;

/** Added to a state that was reached in a new line. */
export const NEW = 0x1_00_00;
/** Added to a state that was reached in a removed line. */
export const GONE = 0x2_00_00;
/** Stands alone, for a run in a new line that is nothing unless it holds an encoded text. */
export const HIDDEN = 0x4_00_00;

/** The loops over every byte of a text; all else looks at few places. */
export interface ByteLoops {
  /** Follows the automaton, and tells each accepting state with the offset after the byte that led to it. */
  find(bytes: Uint8Array, each: EachPairs): void;
  /**
   * Which of these may lead to a match: pairs of the offset of a literal, and its index with what its gate leaves open above its lower
   * 16 bits. `ranges` are starts and ends, in which a literal lies.
   * @returns whether it told; not of a text that does not lie in the {@link room} and is longer than a piece, nor without gates
   */
  candidates(bytes: Uint8Array, format: number, ranges: readonly number[], each: (told: Uint32Array) => void): boolean;
  /**
   * The same as `find` over the text of a unified diff: accepting states of new lines, with {@link NEW} added; those
   * of old lines that lead on, if need be with their line's end in sight; those of removed ones that may be lost, with {@link GONE} added; and with
   * `NEW` or {@link HIDDEN} alone the ends of such runs in new lines, of which a mark may be a part. Gives the plain hunks,
   * some numbers for each; see `SievedText`.
   */
  sift(bytes: Uint8Array, sifting: Sifting, each: EachPairs): Uint32Array;
  /** @see runsIn */
  runs(bytes: Uint8Array, run: RunOf): Runs;
  countLineFeeds(bytes: Uint8Array): number;
  /**
   * Memory for `size` bytes and more, in which texts can be put to be looked at without a copy. It is always
   * the same; to ask for more than before makes a new one.
   */
  room(size: number): Buffer;
}

/** In WebAssembly with its vectors where there is such a thing: Node can be started without. */
export function byteLoops(automaton: Automaton, gates?: Uint8Array): ByteLoops {
  try {
    if (typeof WebAssembly !== 'undefined') return new WasmLoops(automaton, gates);
  } catch {
    // A processor without the instructions that it uses.
  }
  return new ScriptLoops(automaton);
}

/** What `src/wasm/byte-loops.ts` exports. */
interface WasmExports {
  readonly memory: WebAssembly.Memory;
  begin(): void;
  find(from: number, to: number, firstAccepting: number, out: number): number;
  findInFour(
    from: number,
    to: number,
    overlap: number,
    firstAccepting: number,
    out: number,
    outSize: number,
    ends: number,
  ): void;
  useGates(
    firstAccepting: number,
    outputStart: number,
    outputs: number,
    literals: number,
    text: number,
    gates: number,
    sets: number,
    kinds: number,
  ): void;
  useText(from: number, to: number, format: number): void;
  candidates(pairs: number, pairsEnd: number, piece: number, most: number, out: number, outEnd: number): number;
  unreadPairs(): number;
  countLineFeeds(from: number, to: number): number;
  runs(
    from: number,
    to: number,
    rows: number,
    kindOf: number,
    made: number,
    least: number,
    most: number,
    hints: number,
    out: number,
    hiding: number,
  ): number;
  hidingEnd(): number;
  sift(
    from: number,
    to: number,
    base: number,
    firstAccepting: number,
    leadsOn: number,
    mayLose: number,
    trail: number,
    kindOf: number,
    made: number,
    least: number,
    out: number,
    hunks: number,
  ): number;
  hunksEnd(): number;
}

const WASM_PAGE = 65_536;
/** Bytes of a text that are handed over at once. */
const PIECE = 65_536;
/** A piece that is shorter is not worth to be looked at in four parts. */
const FOUR_PARTS = 256;
/** The automaton follows no more bytes of a literal. */
const OVERLAP = 16;
// Places in the memory of the module: tables for halves of bytes, four ends, tables of a number for each byte value, two of one for each
// accepting state, a piece, what is found (two numbers for each of its bytes at most, and two for a run),
// its hunks, the automaton.
const ENDS = 1008;
const ROWS = 960;
/** As the module has it. */
const CLASS_OF = 1024;
const KIND_OF = CLASS_OF + 256;
const TRAIL = KIND_OF + 256;
const MADE = TRAIL + 256;
const HINTS = MADE + 16;
const LEADS_ON = HINTS + 256;
const MAY_LOSE = LEADS_ON + 65_536;
const TEXT = MAY_LOSE + 65_536;
const OUT = TEXT + PIECE;
const HUNKS = OUT + PIECE * 16;
// A hunk takes 14 bytes at least, and its numbers 20.
const HUNKS_END = HUNKS + PIECE * 2;
/** As the module has it; what lies before ends in time. */
const NEXT = 0x180000;

/** Candidates lie where hunks do: a text is looked through for one of them. */
const CANDIDATES = HUNKS;
const CANDIDATES_END = HUNKS_END;
const CANDIDATE_SIZE = 8;

/** Bytes between the beginnings of what `findInFour` writes of each part: two numbers for each of its bytes. */
const PART_OUT = (PIECE / 4) * 8;

let compiled: WebAssembly.Module | undefined;

/** @see byteLoops */
export class WasmLoops implements ByteLoops {
  readonly #exports: WasmExports;
  readonly #automaton: Automaton;
  // What is in the memory; made anew whenever that grows.
  #memory = new Uint8Array();
  #out = new Uint32Array();
  #ends = new Uint32Array();
  #candidates = new Uint32Array();
  /** Where the tables of the automaton and of its gates end. */
  readonly #tablesEnd: number;
  /** Bytes of the candidates that one accepting state makes, at most; 0 without gates. */
  readonly #mostOfState: number = 0;
  /** Behind the tables; `#room.length` bytes and then what `runs` writes. */
  #room: Buffer = Buffer.alloc(0);

  constructor(automaton: Automaton, gates?: Uint8Array) {
    compiled ??= new WebAssembly.Module(wasm);
    // The shape of what the module exports is known here alone.
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as WasmExports;
    this.#automaton = automaton;
    const { classOf, next, outputStart, outputs, firstAccepting } = automaton;
    const outputStartAt = NEXT + next.byteLength;
    const outputsAt = outputStartAt + outputStart.byteLength;
    const gatesAt = aligned(outputsAt + outputs.byteLength);
    this.#tablesEnd = gatesAt + (gates?.length ?? 0);
    this.#grow(this.#tablesEnd);
    this.#memory.set(
      classOf.map((byteClass) => byteClass * 2),
      CLASS_OF,
    );
    this.#memory.set(bytesOf(next), NEXT);
    if (gates !== undefined) {
      this.#memory.set(bytesOf(outputStart), outputStartAt);
      this.#memory.set(bytesOf(outputs), outputsAt);
      this.#memory.set(gates, gatesAt);
      const at = unpackGates(gates);
      this.#exports.useGates(
        firstAccepting,
        outputStartAt,
        outputsAt,
        gatesAt + at.literals,
        gatesAt + at.text,
        gatesAt + at.gates,
        gatesAt + at.sets,
        gatesAt + at.kinds,
      );
      this.#mostOfState = mostOutputs(outputStart) * CANDIDATE_SIZE;
    }
  }

  #grow(size: number): void {
    const { memory } = this.#exports;
    memory.grow(Math.max(0, Math.ceil(size / WASM_PAGE) - memory.buffer.byteLength / WASM_PAGE));
    this.#memory = new Uint8Array(memory.buffer);
    this.#out = new Uint32Array(memory.buffer, OUT, PIECE * 4);
    this.#ends = new Uint32Array(memory.buffer, ENDS, 4);
    this.#candidates = new Uint32Array(memory.buffer, CANDIDATES, (CANDIDATES_END - CANDIDATES) / 4);
  }

  room(size: number): Buffer {
    if (this.#room.length >= size) return this.#room;
    // Numbers of four bytes follow it.
    const start = aligned(this.#tablesEnd);
    const length = aligned(size);
    // Two numbers for each run, which is followed by a byte that is none of it.
    this.#grow(start + length * 5);
    this.#room = Buffer.from(this.#exports.memory.buffer, start, length);
    return this.#room;
  }

  runs(bytes: Uint8Array, run: RunOf): Runs {
    const from = this.#placeOf(bytes);
    const rows = from === undefined ? undefined : rowsOf(run);
    if (from === undefined || rows === undefined) return runsIn(bytes, run);
    const { kinds, made, least, most, hints } = run;
    this.#memory.set(rows, ROWS);
    this.#memory.set(kinds, KIND_OF);
    this.#memory.set(made, MADE);
    this.#memory.set(hints, HINTS);
    const out = this.#room.byteOffset + this.#room.length;
    // Each list takes less than twice the bytes of the text: a run has 23 of them, and two numbers.
    const hiding = out + this.#room.length * 2;
    const to = from + bytes.length;
    const end = this.#exports.runs(from, to, ROWS, KIND_OF, MADE, least, most, HINTS, out, hiding);
    const { buffer } = this.#memory;
    return {
      counting: new Uint32Array(buffer, out, (end - out) / 4),
      hiding: new Uint32Array(buffer, hiding, (this.#exports.hidingEnd() - hiding) / 4),
    };
  }

  countLineFeeds(bytes: Uint8Array): number {
    const from = this.#placeOf(bytes);
    return from === undefined ? countLineFeeds(bytes) : this.#exports.countLineFeeds(from, from + bytes.length);
  }

  /** Where a text is in the module's memory, if it is in the room there. */
  #placeOf(bytes: Uint8Array): number | undefined {
    return bytes.buffer === this.#memory.buffer && this.#room.length > 0 ? bytes.byteOffset : undefined;
  }

  find(bytes: Uint8Array, each: EachPairs): void {
    const place = this.#placeOf(bytes);
    this.#exports.begin();
    for (let base = 0; base < bytes.length; base += PIECE) {
      const from = place === undefined ? TEXT : place + base;
      const to = from + Math.min(PIECE, bytes.length - base);
      if (place === undefined) this.#load(bytes, base);
      if (to - from < FOUR_PARTS) {
        const end = this.#exports.find(from, to, this.#automaton.firstAccepting, OUT);
        if (end > OUT) each(this.#out.subarray(0, (end - OUT) / 4), base);
      } else {
        this.#findInFour(from, to, base, each);
      }
    }
  }

  #findInFour(from: number, to: number, base: number, each: EachPairs): void {
    this.#exports.findInFour(from, to, OVERLAP, this.#automaton.firstAccepting, OUT, PART_OUT, ENDS);
    for (let part = 0; part < 4; part++) {
      const start = part * PART_OUT;
      const end = (this.#ends[part] ?? OUT) - OUT;
      if (end > start) each(this.#out.subarray(start / 4, end / 4), base);
    }
  }

  candidates(bytes: Uint8Array, format: number, ranges: readonly number[], each: (told: Uint32Array) => void): boolean {
    const place = this.#placeOf(bytes);
    if (this.#mostOfState === 0 || (place === undefined && bytes.length > PIECE)) return false;
    if (place === undefined) this.#load(bytes, 0);
    const text = place ?? TEXT;
    this.#exports.useText(text, text + bytes.length, format);
    for (let r = 0; r < ranges.length; r += 2) {
      const last = text + (ranges[r + 1] ?? 0);
      this.#exports.begin();
      for (let from = text + (ranges[r] ?? 0); from < last; from += PIECE) {
        this.#candidatesOf(from, Math.min(last, from + PIECE), each);
      }
    }
    return true;
  }

  /** Those of a piece. */
  #candidatesOf(from: number, to: number, each: (told: Uint32Array) => void): void {
    const { firstAccepting } = this.#automaton;
    if (to - from < FOUR_PARTS) {
      const end = this.#exports.find(from, to, firstAccepting, OUT);
      this.#candidatesAt(OUT, end, from, each);
      return;
    }
    this.#exports.findInFour(from, to, OVERLAP, firstAccepting, OUT, PART_OUT, ENDS);
    for (let part = 0; part < 4; part++) {
      const start = OUT + part * PART_OUT;
      this.#candidatesAt(start, this.#ends[part] ?? start, from, each);
    }
  }

  /** Those of the pairs at `[start, end)`. */
  #candidatesAt(start: number, end: number, piece: number, each: (told: Uint32Array) => void): void {
    for (let at = start; at < end; at = this.#exports.unreadPairs()) {
      const to = this.#exports.candidates(at, end, piece, this.#mostOfState, CANDIDATES, CANDIDATES_END);
      if (to > CANDIDATES) each(this.#candidates.subarray(0, (to - CANDIDATES) / 4));
    }
  }

  sift(bytes: Uint8Array, { leadsOn, mayLose, run, trail }: Sifting, each: EachPairs): Uint32Array {
    const { firstAccepting } = this.#automaton;
    const { kinds, made, least } = run;
    this.#memory.set(leadsOn, LEADS_ON);
    this.#memory.set(mayLose, MAY_LOSE);
    this.#memory.set(kinds, KIND_OF);
    this.#memory.set(made, MADE);
    this.#memory.set(trail, TRAIL);
    const tables = [firstAccepting, LEADS_ON, MAY_LOSE, TRAIL, KIND_OF, MADE] as const;
    const hunks: Uint32Array[] = [];
    this.#inPieces(bytes, each, (to, base) => {
      const end = this.#exports.sift(TEXT, to, base, ...tables, least, OUT, HUNKS);
      hunks.push(new Uint32Array(this.#memory.buffer.slice(HUNKS, this.#exports.hunksEnd())));
      return end;
    });
    return joined(hunks);
  }

  #inPieces(bytes: Uint8Array, each: EachPairs, look: (to: number, base: number) => number): void {
    this.#exports.begin();
    for (let base = 0; base < bytes.length; base += PIECE) {
      const end = look(this.#load(bytes, base), base);
      if (end > OUT) each(this.#out.subarray(0, (end - OUT) / 4), base);
    }
  }

  /** Copies the piece that starts at `base` into the module's memory, and gives its end there. */
  #load(bytes: Uint8Array, base: number): number {
    const piece = base === 0 && bytes.length <= PIECE ? bytes : bytes.subarray(base, base + PIECE);
    this.#memory.set(piece, TEXT);
    return TEXT + piece.length;
  }
}

/** The next offset, from one on, that can be divided by eight. */
function aligned(offset: number): number {
  return (offset + 7) & ~7;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function mostOutputs(outputStart: Uint16Array): number {
  let most = 1;
  for (let state = 1; state < outputStart.length; state++) {
    most = Math.max(most, (outputStart[state] ?? 0) - (outputStart[state - 1] ?? 0));
  }
  return most;
}

/** The least length of a run for which the module's method holds. */
const LEAST_RUN = 23;
const tablesOfRuns = new WeakMap<RunOf, Uint8Array | null>();

/**
 * Tables for the low and the high halves of a byte, 16 of each: a byte belongs to a run where they have a bit
 * in common. `undefined` where eight bits are too few, or runs too short.
 */
function rowsOf(run: RunOf): Uint8Array | undefined {
  let made = tablesOfRuns.get(run);
  if (made === undefined) {
    made = run.least < LEAST_RUN ? null : makeRows(run.kinds);
    tablesOfRuns.set(run, made);
  }
  return made ?? undefined;
}

function makeRows(kinds: Uint8Array): Uint8Array | null {
  const tables = new Uint8Array(32);
  /** High halves with which the same low ones make members share a bit. */
  const bits = new Map<string, number>();
  for (let high = 0; high < 16; high++) {
    const members = [...kinds.subarray(high * 16, high * 16 + 16)].map((kind) => kind !== 0);
    if (!members.includes(true)) continue;
    const key = members.join();
    const bit = bits.get(key) ?? 1 << bits.size;
    if (bit > 128) return null;
    bits.set(key, bit);
    tables[16 + high] = bit;
    for (const [low, isMember] of members.entries()) if (isMember) tables[low] = (tables[low] ?? 0) | bit;
  }
  return tables;
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

/** The same in JavaScript. */
export class ScriptLoops implements ByteLoops {
  readonly #automaton: Automaton;
  #room: Buffer = Buffer.alloc(0);

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  find(bytes: Uint8Array, each: EachPairs): void {
    const { classOf, next, firstAccepting } = this.#automaton;
    const pairs = new Pairs(each);
    let state = 0;
    for (let i = 0; i < bytes.length; i++) {
      // In bounds by construction: the compiler cannot see it, and a check here would be paid per byte.
      state = next[state * CLASSES + classOf[bytes[i] as number]!]!;
      if (state >= firstAccepting) pairs.add(i + 1, state);
    }
    pairs.hand();
  }

  candidates(): boolean {
    return false;
  }

  runs(bytes: Uint8Array, run: RunOf): Runs {
    return runsIn(bytes, run);
  }

  countLineFeeds(bytes: Uint8Array): number {
    return countLineFeeds(bytes);
  }

  room(size: number): Buffer {
    if (this.#room.length < size) this.#room = Buffer.allocUnsafeSlow(size);
    return this.#room;
  }

  sift(bytes: Uint8Array, { leadsOn, mayLose, run, trail }: Sifting, each: EachPairs): Uint32Array {
    const { classOf, next, firstAccepting } = this.#automaton;
    const pairs = new Pairs(each);
    let state = 0;
    let mark = 0;
    let kinds = 0;
    let runStart = 0;
    // Of a literal that leads on if the line ends soon: its state, 0 without; its end; what may come next.
    let open = 0;
    let openAt = 0;
    let phase = 0;
    const hunks = new HunkWalk(bytes);
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (mark === 0) {
        mark = byte;
        open = 0;
        hunks.startLine(i);
      }
      state = next[state * CLASSES + classOf[byte]!]!;
      if (mark === PLUS) {
        const kind = run.kinds[byte] ?? 0;
        if (kind !== 0) {
          if (kinds === 0) runStart = i;
          kinds |= kind;
        } else {
          const what = i - runStart >= run.least ? run.made[kinds] : 0;
          if (what !== 0) pairs.add(i, what === 1 ? NEW : HIDDEN);
          kinds = 0;
        }
        if (state >= firstAccepting) pairs.add(i + 1, state + NEW);
      } else if (mark === SPACE) {
        if (byte === LF) {
          if (open !== 0) pairs.add(openAt, open);
        } else {
          if (phase === 1 && (trail[byte]! & 1) === 0) phase = 2;
          if (phase === 2 && (trail[byte]! & 2) === 0) open = 0;
        }
        const leads = state >= firstAccepting ? leadsOn[state - firstAccepting] : 0;
        if (leads === 1) pairs.add(i + 1, state);
        if (leads === 2) {
          if (open !== 0 && phase === 2) pairs.add(openAt, open);
          open = state;
          openAt = i + 1;
          phase = 1;
        }
      } else if (state >= firstAccepting && mark === MINUS && mayLose[state - firstAccepting] !== 0) {
        pairs.add(i + 1, state + GONE);
      }
      if (byte === LF) {
        hunks.endLine(i);
        mark = 0;
      }
    }
    pairs.hand();
    return Uint32Array.from(hunks.found);
  }
}

/** A hunk as far as it has been read. */
interface OpenHunk {
  readonly header: number;
  readonly first: number;
  oldLeft: number;
  newLeft: number;
  bytes: number;
  lines: number;
}

/** Counts off the hunks of a unified diff. */
class HunkWalk {
  readonly found: number[] = [];
  readonly #bytes: Uint8Array;
  #line = 0;
  #hunk: OpenHunk | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  startLine(at: number): void {
    const mark = this.#bytes[at];
    const hunk = this.#hunk;
    this.#line = at;
    if (hunk === undefined) return;
    if (hunk.oldLeft === 0 && hunk.newLeft === 0) {
      const { header, first, bytes, lines } = hunk;
      if (mark !== BACKSLASH) this.found.push(header, first, at, bytes, lines);
      this.#hunk = undefined;
      return;
    }
    if (mark === MINUS || mark === SPACE) hunk.oldLeft--;
    if (mark === PLUS || mark === SPACE) hunk.newLeft--;
    if (mark === PLUS) hunk.lines++;
    const isLine = mark === MINUS || mark === SPACE || mark === PLUS;
    if (!isLine || hunk.oldLeft < 0 || hunk.newLeft < 0) this.#hunk = undefined;
  }

  endLine(lf: number): void {
    const hunk = this.#hunk;
    const line = this.#line;
    if (hunk !== undefined) {
      if (this.#bytes[line] !== MINUS) hunk.bytes += lf - line;
      return;
    }
    if (this.#bytes[line] !== AT) return;
    const [whole, oldLines = '1', newStart = '', newLines = '1'] =
      HUNK_HEADER.exec(Buffer.from(this.#bytes.subarray(line, Math.min(lf, line + 64))).toString('latin1')) ?? [];
    if (whole === undefined || Number(newStart) <= 1 || Number(oldLines) + Number(newLines) === 0) return;
    this.#hunk = {
      header: line,
      first: lf + 1,
      oldLeft: Number(oldLines),
      newLeft: Number(newLines),
      bytes: 0,
      lines: 0,
    };
  }
}

const HUNK_HEADER = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;

/** Pairs that wait to be handed on. */
class Pairs {
  readonly #each: EachPairs;
  #pairs: number[] = [];

  constructor(each: EachPairs) {
    this.#each = each;
  }

  add(offset: number, state: number): void {
    this.#pairs.push(offset, state);
    if (this.#pairs.length === PIECE) this.hand();
  }

  hand(): void {
    if (this.#pairs.length > 0) this.#each(Uint32Array.from(this.#pairs), 0);
    this.#pairs = [];
  }
}

const LF = 10;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const AT = 64;
const BACKSLASH = 92;
