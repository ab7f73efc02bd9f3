/**
 * Finds every place where a rule or detector could match: one pass over the bytes with an
 * Aho-Corasick automaton over byte classes, letters folded to lower case.
 *
 * Method: https://doi.org/10.1145/360825.360855 (Aho, Corasick, 1975), as a full transition table.
 */

import { Column } from '../core/column.ts';
import type { RunOf } from '../detectors/detector.ts';
import type { Literals } from '../rules/compiled.ts';
import { FIRST_RUNS, type Runs } from './run-search.ts';
import { byteLoops, CLASSES, GONE, HIDDEN, NEW, type ByteLoops, type Sifting } from './byte-loops.ts';

/** The automaton as plain data, made at build time for our rules, at start for a user's. */
export interface Automaton {
  /** Class of each byte value; 0 is "in no literal". */
  readonly classOf: Uint8Array;
  /** `next[state * CLASSES + class]`. States at or above `firstAccepting` end a literal. */
  readonly next: Uint16Array;
  readonly firstAccepting: number;
  /** For accepting state `s`, its literals are `outputs[outputStart[s - firstAccepting] .. outputStart[… + 1])`. */
  readonly outputStart: Uint16Array;
  readonly outputs: Uint16Array;
}

/** What {@link Prefilter.sift} asks of a literal. */
export interface SiftAsks {
  /** Whether something that starts at it, in an old line, may reach a new one: 0 not, 2 if no more than a `trail` follows, 1 whatever follows. */
  leadsOn(anchor: number): 0 | 1 | 2;
  /** Whether it may be the beginning of a secret, in a removed line; without the offset of its end, whether that need be asked. */
  mayLose(anchor: number, end?: number): boolean;
  /** Whether the run that ends at an offset, in a new line, hides a text. */
  hides(end: number): boolean;
}

/** For each accepting state of an automaton, what {@link SiftAsks} tells of its literals before one is met. */
export interface SiftTables {
  /** 1 where one of them does. */
  readonly leadsOn: Uint8Array;
  /** Not 0 where one of them may. */
  readonly mayLose: Uint8Array;
}

/** What several of {@link SiftAsks.leadsOn} make together. */
export function furthest(told: readonly (0 | 1 | 2)[]): 0 | 1 | 2 {
  return told.includes(1) ? 1 : told.includes(2) ? 2 : 0;
}

/** Offsets of places in a diff. */
export interface Sifted {
  readonly places: readonly number[];
  readonly lost: readonly number[];
  /** @see SievedText */
  readonly hunks: Uint32Array;
}

/** Places where literals occur, in rising order of their end. */
export interface Hits {
  readonly count: number;
  /** Offset of the literal's first byte. */
  readonly offsets: Uint32Array;
  /** Index of the literal. */
  readonly anchors: Uint16Array;
  /** What its gate leaves open; 0 for nothing, and where there are no gates. */
  readonly open: Uint16Array;
}

/** Bytes of a literal that the automaton follows; the rest, and signs that few literals have, are compared when it accepts. */
export const MOST_FOLLOWED = 8;
/** Literals that a sign stands in, at least, for a class of its own. */
const FEW = 12;

/** The class of signs that have none of their own; 0 is that of bytes no literal holds. */
const OTHERS = 1;

/** Bytes of a literal whose first sign has a class of its own, at most. */
const SHORT = 3;

/** Letters and digits, and the signs of many literals, each a class; all other signs in one: half the table is left. */
function classesOf(literals: readonly string[]): Uint8Array {
  const uses = new Map<number, number>();
  for (const literal of literals) {
    for (const byte of new Set(Buffer.from(literal.toLowerCase().slice(0, MOST_FOLLOWED), 'latin1'))) {
      uses.set(byte, (uses.get(byte) ?? 0) + 1);
    }
  }
  // Else a short literal would seem to stand wherever some other sign is followed by its second byte.
  const starts = new Set(literals.filter(({ length }) => length <= SHORT).map((literal) => literal.charCodeAt(0)));
  const classOf = new Uint8Array(256);
  let classes = 2;
  const inOrder = [...uses].toSorted(([a, of], [b, by]) => Number(isSign(a)) - Number(isSign(b)) || by - of || a - b);
  for (const [byte, count] of inOrder) {
    const isAlone = !isSign(byte) || count >= FEW || starts.has(byte);
    classOf[byte] = isAlone && classes < CLASSES ? classes++ : OTHERS;
  }
  return classOf;
}

function isSign(byte: number): boolean {
  return !/[a-z0-9]/.test(String.fromCharCode(byte));
}

/** @param literals ASCII, at least 2 bytes each; compared without regard to case, except capitals in `literals`, which must stand as written */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const classOf = classesOf(literals);
  for (let upper = 65; upper <= 90; upper++) classOf[upper] = classOf[upper + 32] ?? 0;

  const children: Map<number, number>[] = [new Map()];
  const ends: number[][] = [[]];
  literals.forEach((literal, index) => {
    let node = 0;
    for (const byte of Buffer.from(literal.toLowerCase().slice(0, MOST_FOLLOWED), 'latin1')) {
      const byteClass = classOf[byte] ?? 0;
      let child = children[node]?.get(byteClass);
      if (child === undefined) {
        child = children.length;
        children.push(new Map());
        ends.push([]);
        children[node]?.set(byteClass, child);
      }
      node = child;
    }
    ends[node]?.push(index);
  });

  // Breadth first, each node's fallback is known when its children are reached.
  const size = children.length;
  const fallback = new Uint32Array(size);
  const table = new Uint32Array(size * CLASSES);
  const queue: number[] = [];
  for (const [byteClass, child] of children[0] ?? []) {
    table[byteClass] = child;
    queue.push(child);
  }
  for (const node of queue) {
    const fall = fallback[node] ?? 0;
    ends[node] = [...(ends[node] ?? []), ...(ends[fall] ?? [])];
    for (let byteClass = 1; byteClass < CLASSES; byteClass++) {
      const child = children[node]?.get(byteClass);
      const fallen = table[fall * CLASSES + byteClass] ?? 0;
      if (child === undefined) {
        table[node * CLASSES + byteClass] = fallen;
      } else {
        table[node * CLASSES + byteClass] = child;
        fallback[child] = fallen;
        queue.push(child);
      }
    }
  }

  // Accepting states last, so that the inner loop needs one comparison.
  const plain: number[] = [];
  const accepting: number[] = [];
  for (let node = 0; node < size; node++) (ends[node]?.length ? accepting : plain).push(node);
  const order = [...plain, ...accepting];
  if (order.length > 0xffff) throw new RangeError(`too many literals: ${order.length} states`);
  const renumbered = new Uint32Array(size);
  order.forEach((node, state) => (renumbered[node] = state));
  const next = new Uint16Array(size * CLASSES);
  order.forEach((node, state) => {
    for (let byteClass = 0; byteClass < CLASSES; byteClass++) {
      next[state * CLASSES + byteClass] = renumbered[table[node * CLASSES + byteClass] ?? 0] ?? 0;
    }
  });
  const outputStart = new Uint16Array(accepting.length + 1);
  const outputs: number[] = [];
  accepting.forEach((node, index) => {
    outputStart[index] = outputs.length;
    outputs.push(...(ends[node] ?? []));
  });
  outputStart[accepting.length] = outputs.length;
  return {
    classOf,
    next,
    firstAccepting: plain.length,
    outputStart,
    outputs: Uint16Array.from(outputs),
  };
}

export interface PrefilterOptions {
  /** Made at build time; else with the first `sift`. */
  readonly tables?: SiftTables;
  /** As `packGates` packs them; without, every literal that stands is a candidate. */
  readonly gates?: Uint8Array;
  readonly loops?: (automaton: Automaton, gates?: Uint8Array) => ByteLoops;
}

/** One pass finder for a set of literals. Its result arrays are reused by the next call. */
export class Prefilter {
  readonly #automaton: Automaton;
  readonly #gates: Uint8Array | undefined;
  readonly #makeLoops: (automaton: Automaton, gates?: Uint8Array) => ByteLoops;
  #loops: ByteLoops | undefined;
  #tables: SiftTables | undefined;
  readonly #literals: Literals;
  /** What is needed of each literal. Made on first use. */
  readonly #wanted: (Wanted | undefined)[] = [];
  #count = 0;
  #offsets = new Uint32Array(1024);
  #anchors = new Uint16Array(1024);
  #open = new Uint16Array(1024);

  constructor(automaton: Automaton, literals: Literals, { tables, gates, loops = byteLoops }: PrefilterOptions = {}) {
    this.#automaton = automaton;
    this.#gates = gates;
    this.#tables = tables;
    this.#literals = literals;
    this.#makeLoops = loops;
  }

  get #byteLoops(): ByteLoops {
    return (this.#loops ??= this.#makeLoops(this.#automaton, this.#gates));
  }

  /** @param ranges starts and ends, half-open and rising: only there; a literal lies within one */
  find(bytes: Uint8Array, ranges?: readonly number[]): Hits {
    this.#count = 0;
    if (ranges === undefined) this.#findIn(bytes, 0, bytes.length);
    else for (let r = 0; r < ranges.length; r += 2) this.#findIn(bytes, ranges[r] ?? 0, ranges[r + 1] ?? 0);
    return { count: this.#count, offsets: this.#offsets, anchors: this.#anchors, open: this.#open };
  }

  /**
   * The same of the places that may lead to a match: all of them, where there are no gates or the text is too long for these.
   * @param format how the text's file writes values; see `formatNumber`
   */
  candidates(bytes: Uint8Array, format: number, ranges: readonly number[] = [0, bytes.length]): Hits {
    this.#count = 0;
    const areTold = this.#byteLoops.candidates(bytes, format, ranges, (told) => {
      for (let c = 0; c < told.length; c += 2) {
        // In bounds: `told` holds pairs.
        const what = told[c + 1] as number;
        this.#keep(told[c] as number, what & 0xffff, what >>> 16);
      }
    });
    if (!areTold) return this.find(bytes, ranges);
    return { count: this.#count, offsets: this.#offsets, anchors: this.#anchors, open: this.#open };
  }

  #keep(offset: number, anchor: number, open: number): void {
    if (this.#count === this.#offsets.length) this.#grow();
    this.#offsets[this.#count] = offset;
    this.#anchors[this.#count] = anchor;
    this.#open[this.#count++] = open;
  }

  #findIn(bytes: Uint8Array, from: number, to: number): void {
    this.#byteLoops.find(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), (pairs, base) => {
      for (let p = 0; p < pairs.length; p += 2) {
        this.#keepAll(bytes, from + base + (pairs[p] ?? 0), pairs[p + 1] ?? 0);
      }
    });
  }

  /** @see ByteLoops.runs */
  runs(bytes: Uint8Array, run: RunOf, ranges?: Uint32Array): Runs {
    if (ranges === undefined) return this.#byteLoops.runs(bytes, run);
    const counting = new Column(FIRST_RUNS);
    const hiding = new Column(FIRST_RUNS);
    for (let r = 0; r < ranges.length; r += 2) {
      const from = ranges[r] ?? 0;
      const there = this.#byteLoops.runs(bytes.subarray(from, ranges[r + 1]), run);
      for (const offset of there.counting) counting.push(from + offset);
      for (const offset of there.hiding) hiding.push(from + offset);
    }
    return { counting: counting.all(), hiding: hiding.all() };
  }

  /** @see ByteLoops.countLineFeeds */
  countLineFeeds(bytes: Uint8Array): number {
    return this.#byteLoops.countLineFeeds(bytes);
  }

  /** @see ByteLoops.room */
  room(size: number): Buffer {
    return this.#byteLoops.room(size);
  }

  /**
   * Offsets, rising by line, in the text of a unified diff at which something new may be found: a literal
   * or a run in a new line, or a literal in an old one that leads on; and those of literals in removed
   * lines that a secret may start with.
   */
  sift(bytes: Uint8Array, { run, trail }: Pick<Sifting, 'run' | 'trail'>, asks: SiftAsks): Sifted {
    this.#tables ??= this.tablesFor(asks);
    const { leadsOn, mayLose, hides } = asks;
    const places: number[] = [];
    const lost: number[] = [];
    const hunks = this.#byteLoops.sift(bytes, { ...this.#tables, run, trail }, (pairs, base) => {
      for (let p = 0; p < pairs.length; p += 2) {
        // It may lie before the piece.
        const end = (base + (pairs[p] ?? 0)) >>> 0;
        const state = pairs[p + 1] ?? 0;
        if (state === HIDDEN) {
          if (hides(end)) places.push(end - 1);
          continue;
        }
        if (state >= GONE) {
          if (this.#literalsAt(bytes, end, state - GONE).some((anchor) => mayLose(anchor, end))) lost.push(end - 1);
          continue;
        }
        const isPlace =
          state === NEW ||
          (state > NEW
            ? this.#literalsAt(bytes, end, state - NEW).length > 0
            : this.#literalsAt(bytes, end, state).some((anchor) => leadsOn(anchor) !== 0));
        if (isPlace) places.push(end - 1);
      }
    });
    return { places, lost, hunks };
  }

  tablesFor({ leadsOn, mayLose }: Pick<SiftAsks, 'leadsOn' | 'mayLose'>): SiftTables {
    return {
      leadsOn: this.#statesOf((anchors) => {
        return furthest([...anchors].map((anchor) => leadsOn(anchor)));
      }),
      mayLose: this.#statesOf((anchors) => (anchors.some((anchor) => mayLose(anchor)) ? 1 : 0)),
    };
  }

  /** For each accepting state, what its literals make together. */
  #statesOf(of: (anchors: Uint16Array) => number): Uint8Array {
    const { outputStart, outputs } = this.#automaton;
    return Uint8Array.from({ length: outputStart.length - 1 }, (_, state) =>
      of(outputs.subarray(outputStart[state], outputStart[state + 1])),
    );
  }

  /** Indexes of the literals that end at `end`, where the automaton accepts. */
  #literalsAt(bytes: Uint8Array, end: number, state: number): readonly number[] {
    const { firstAccepting, outputStart, outputs } = this.#automaton;
    const index = state - firstAccepting;
    const found: number[] = [];
    const last = outputStart[index + 1] ?? 0;
    for (let o = outputStart[index] ?? 0; o < last; o++) {
      const anchor = outputs[o] ?? 0;
      const wanted = this.#wantedOf(anchor);
      if (stands(bytes, end - wanted.followed, wanted)) found.push(anchor);
    }
    return found;
  }

  /** The same for `find`, which meets some million of them. */
  #keepAll(bytes: Uint8Array, end: number, state: number): void {
    const { firstAccepting, outputStart, outputs } = this.#automaton;
    const index = state - firstAccepting;
    const last = outputStart[index + 1] ?? 0;
    for (let o = outputStart[index] ?? 0; o < last; o++) {
      const anchor = outputs[o] ?? 0;
      const wanted = this.#wantedOf(anchor);
      const offset = end - wanted.followed;
      if (stands(bytes, offset, wanted)) this.#keep(offset, anchor, 0);
    }
  }

  #wantedOf(anchor: number): Wanted {
    let wanted = this.#wanted[anchor];
    if (wanted === undefined) {
      const literal = this.#literals.at(anchor) ?? '';
      wanted = {
        bytes: Buffer.from(literal, 'latin1'),
        followed: Math.min(literal.length, MOST_FOLLOWED),
        anyCase: literal === literal.toLowerCase(),
      };
      this.#wanted[anchor] = wanted;
    }
    return wanted;
  }

  #grow(): void {
    const offsets = new Uint32Array(this.#offsets.length * 2);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const anchors = new Uint16Array(this.#anchors.length * 2);
    anchors.set(this.#anchors);
    this.#anchors = anchors;
    const open = new Uint16Array(this.#open.length * 2);
    open.set(this.#open);
    this.#open = open;
  }
}

/** A literal that is looked for. */
interface Wanted {
  readonly bytes: Uint8Array;
  /** Bytes of it that the automaton follows. */
  readonly followed: number;
  /** It is in small letters, and capitals count as these. */
  readonly anyCase: boolean;
}

/** Whether a literal stands at `offset`. */
function stands(bytes: Uint8Array, offset: number, { bytes: literal, anyCase }: Wanted): boolean {
  for (let i = 0; i < literal.length; i++) {
    const byte = bytes[offset + i] ?? 0;
    if (byte !== literal[i] && !(anyCase && byte >= 65 && byte <= 90 && byte + 32 === literal[i])) return false;
  }
  return true;
}

/** Packs an automaton and its tables into bytes, little-endian; `unpackAutomaton` reads them without parsing numbers. */
export function packAutomaton(automaton: Automaton, { leadsOn, mayLose }: SiftTables, gates: Uint8Array): Uint8Array {
  const { classOf, next, firstAccepting, outputStart, outputs } = automaton;
  const header = Uint32Array.of(firstAccepting, next.length, outputStart.length, outputs.length);
  return Buffer.concat(
    [header, classOf, next, outputStart, outputs, leadsOn, mayLose, gates].map((part) =>
      Buffer.from(part.buffer, part.byteOffset, part.byteLength),
    ),
  );
}

/** @see packAutomaton */
export function unpackAutomaton(packed: Uint8Array): {
  readonly automaton: Automaton;
  readonly tables: SiftTables;
  readonly gates: Uint8Array;
} {
  // Numbers of two bytes start at even offsets; a slice of Node's pool may start anywhere.
  const { buffer, byteOffset, byteLength } = packed.byteOffset % 4 === 0 ? packed : Uint8Array.from(packed);
  const [firstAccepting = 0, nextLength = 0, startLength = 0, outputLength = 0] = new Uint32Array(
    buffer,
    byteOffset,
    4,
  );
  let at = byteOffset + 16;
  const classOf = new Uint8Array(buffer, at, 256);
  at += 256;
  const take = (length: number): Uint16Array => {
    const part = new Uint16Array(buffer, at, length);
    at += length * 2;
    return part;
  };
  const automaton = {
    classOf,
    next: take(nextLength),
    firstAccepting,
    outputStart: take(startLength),
    outputs: take(outputLength),
  };
  const states = startLength - 1;
  return {
    automaton,
    tables: { leadsOn: new Uint8Array(buffer, at, states), mayLose: new Uint8Array(buffer, at + states, states) },
    gates: new Uint8Array(buffer, at + states * 2, byteOffset + byteLength - at - states * 2),
  };
}
