import type { Chunk, SliceReport, Version } from '../core/chunk.ts';
import { countLines } from '../core/line-count.ts';
import { LONGEST_WORD } from '../core/near.ts';
import { LEAST_RUN } from '../core/token-byte.ts';
import { View } from '../core/view.ts';
import { MANY } from '../detectors/entropy.ts';
import type { Engine } from './engine.ts';
import { buildAutomaton, Prefilter } from './prefilter.ts';

/**
 * Bytes around a change that are looked at anew: as far as most rules ask for words near a value, and as
 * names stand before theirs.
 */
const MARGIN = 256;
/** Where more of a text than this part has changed, all of it is looked at: that takes one pass, not two. */
const WORTH_MORE = 0.6;
/** Where more than this has, the text is copied to where it is looked at fastest. */
const WORTH_A_COPY = 0.1;
/** Messages are looked at together, up to so many bytes. */
const BUNDLE_BYTES = 4096;
/** Larger texts are not copied to where they are looked at the fastest: it takes five times as much memory. */
const ROOM_BYTES = 1 << 20;
const LF = 10;

/** What a lineage needs of an engine. */
export type LineageEngine = Pick<Engine, 'detect'> & Partial<Pick<Engine, 'looker' | 'farWords'>>;

/** Where a finding stands in a text: bytes, half-open. */
interface Standing {
  readonly start: number;
  readonly end: number;
}

/** How many nameless tokens a text has, at least and at most. */
interface Tokens {
  readonly least: number;
  readonly most: number;
}

/** What is known of a text under a path: all findings, in order. */
interface Outcome {
  readonly standings: readonly Standing[];
  readonly tokens: Tokens;
}

/** What is known of a text, for those made of it. */
interface Known {
  readonly length: number;
  readonly byPath: ReadonlyMap<string, Outcome & { readonly place: number }>;
  /** Versions made of it that follow. */
  left: number;
}

/** Finds what may make a finding of something that stands far from it; for all lineages of an engine. */
export type FarSearch = Pick<Prefilter, 'find'>;

/** `undefined` where that may be anything. */
export function farSearchOf(engine: LineageEngine): FarSearch | undefined {
  const words = engine.farWords?.();
  return words && new Prefilter(buildAutomaton(words), words);
}

/**
 * Says which versions of texts have findings. A version is looked at where it differs from the one that it is
 * stored as a change to; what that one has elsewhere, it has too.
 */
export class Lineage {
  readonly #engine: LineageEngine;
  readonly #pathOf: (place: number) => string;
  readonly #skipPath: (path: string) => boolean;
  readonly #far: FarSearch | undefined;
  readonly #known = new Map<number, Known>();
  readonly #seen = { files: 0, bytes: 0, lines: 0 };
  readonly #fresh: number[] = [];
  readonly #carried: number[] = [];
  readonly #allowed = new Set<string>();
  #bundle: { readonly place: number; readonly bytes: Buffer }[] = [];
  #bundleBytes = 0;

  constructor(
    engine: LineageEngine,
    far: FarSearch | undefined,
    skipPath: (path: string) => boolean,
    pathOf: (place: number) => string,
  ) {
    this.#engine = engine;
    this.#skipPath = skipPath;
    this.#pathOf = pathOf;
    this.#far = far;
  }

  async take(version: Version): Promise<void> {
    if (version.isMessage) {
      await this.#takeMessage(version);
      return;
    }
    const { blob, places, bytes, delta, children, isArchive } = version;
    const base = delta && this.#known.get(delta.base);
    const byPath = new Map<string, Outcome & { readonly place: number }>();
    for (const place of bytes.length === 0 || isArchive ? [] : places) {
      const path = this.#pathOf(place);
      if (this.#isAllowed(path)) continue;
      const chunk = wholeText(path, bytes);
      const before = base?.byPath.get(path);
      let seen =
        before === undefined || delta?.copies === undefined || base === undefined
          ? undefined
          : await this.#carriedOn(chunk, delta.copies, base.length, before);
      if (seen === undefined) {
        const inRoom = this.#inRoom(chunk);
        // Before something else may be there.
        this.#count(bytes.length, this.#linesIn(inRoom.bytes));
        seen = await this.#lookedAt(chunk, inRoom);
        if (seen.standings.length > 0) this.#fresh.push(place);
      } else if (seen.standings.length > 0 && before !== undefined) {
        this.#carried.push(place, before.place);
      }
      byPath.set(path, { place, ...seen });
    }
    if (delta && base && --base.left === 0) this.#known.delete(delta.base);
    if (blob >= 0 && children > 0) this.#known.set(blob, { length: bytes.length, byPath, left: children });
  }

  /** Looks at a text in an archive, whose place it has. */
  async takeEntry(chunk: Chunk, place: number): Promise<void> {
    if (this.#isAllowed(chunk.origin.path)) return;
    this.#count(chunk.bytes.length, this.#linesIn(chunk.bytes));
    if ((await this.#wholeHolds(chunk)) && this.#fresh.at(-1) !== place) this.#fresh.push(place);
  }

  /** What has been seen; nothing comes after it. */
  async report(): Promise<Omit<SliceReport, 'unread'>> {
    await this.#openBundle();
    return {
      seen: this.#seen,
      fresh: this.#fresh,
      carried: this.#carried,
      skipped: [...this.#allowed].map((path) => ({
        kind: 'skipped',
        origin: { source: 'history', path },
        reason: 'allow-listed',
        incomplete: false,
      })),
    };
  }

  #isAllowed(path: string): boolean {
    if (!this.#skipPath(path)) return false;
    this.#allowed.add(path);
    return true;
  }

  #count(bytes: number, lines: number): void {
    this.#seen.files++;
    this.#seen.bytes += bytes;
    this.#seen.lines += lines;
  }

  /** The findings of a text that has none but those of what it was made of; `undefined` where that is not certain. */
  async #carriedOn(
    chunk: Chunk,
    copies: Uint32Array,
    baseLength: number,
    before: Outcome,
  ): Promise<Outcome | undefined> {
    const { bytes } = chunk;
    const changed = changesOf(copies, baseLength, bytes.length);
    const covered = coveredBy(changed);
    if (covered > bytes.length * WORTH_MORE) return undefined;
    const standings = movedAlong(before.standings, copies, changed);
    if (standings === undefined || this.#reachesFar(changed, bytes)) return undefined;
    let met = 0;
    if (changed.length > 0) {
      const view = new View({ ...(covered > bytes.length * WORTH_A_COPY ? this.#inRoom(chunk) : chunk), changed });
      const holds = this.#holds(view);
      if (typeof holds === 'boolean' ? holds : await holds) return undefined;
      met = view.tokens;
    }
    const tokens = tokensOf(before.tokens, met, () => mostLost(copies, baseLength, bytes.length));
    if (tokens === undefined) return undefined;
    this.#count(bytes.length, linesOfChanges(copies, bytes));
    return { standings, tokens };
  }

  /** Whether something that is new may make a finding of what is not near it. */
  #reachesFar(changed: Uint32Array, bytes: Uint8Array): boolean {
    if (this.#far === undefined) return true;
    for (let r = 0; r < changed.length; r += 2) {
      // A word may lie half in what is not new.
      const [start = 0, last = 0] = [changed[r], changed[r + 1]];
      const from = start === 0 ? 0 : start + MARGIN - LONGEST_WORD;
      const end = last === bytes.length ? last : last - MARGIN + LONGEST_WORD;
      if (this.#far.find(bytes.subarray(from, Math.max(from, end))).count > 0) return true;
    }
    return false;
  }

  /** Whether there is a finding in what is looked at of a text, suppressed or not. */
  #holds(view: View): boolean | Promise<boolean> {
    let isCut = false;
    // What could not be looked at is told by who looks again; of changes, all is looked at where one is.
    const skip =
      view.chunk.changed === undefined && view.bytes.length <= ROOM_BYTES
        ? () => {
            isCut = true;
          }
        : undefined;
    const matches = this.#engine.detect(view, skip);
    return 'then' in matches ? matches.then(({ length }) => length > 0 || isCut) : matches.length > 0 || isCut;
  }

  /** The same of a text of which nothing is known. */
  #wholeHolds(chunk: Chunk): boolean | Promise<boolean> {
    return this.#holds(new View(this.#inRoom(chunk)));
  }

  /** A small text where it is read fastest; valid until the next one is there. */
  #inRoom(chunk: Chunk): Chunk {
    const { looker } = this.#engine;
    const { length } = chunk.bytes;
    if (looker === undefined || length > ROOM_BYTES) return chunk;
    const room = looker.room(length);
    room.set(chunk.bytes);
    return { ...chunk, bytes: room.subarray(0, length) };
  }

  /** @param inRoom the same text, wherever it is */
  async #lookedAt(chunk: Chunk, inRoom: Chunk): Promise<Outcome> {
    const view = new View(inRoom);
    const holds = this.#holds(view);
    const isFound = typeof holds === 'boolean' ? holds : await holds;
    const tokens = { least: view.tokens, most: view.tokens };
    if (!isFound) return { standings: NONE, tokens };
    const matches = await this.#engine.detect(new View(chunk));
    return { standings: matches.map(({ start, end }) => ({ start, end })), tokens };
  }

  async #takeMessage({ places, bytes }: Version): Promise<void> {
    const [place] = places;
    if (place === undefined || bytes.length === 0 || this.#isAllowed(this.#pathOf(place))) return;
    this.#count(bytes.length, this.#linesIn(bytes));
    this.#bundle.push({ place, bytes: Buffer.from(bytes) });
    this.#bundleBytes += bytes.length;
    if (this.#bundleBytes >= BUNDLE_BYTES) await this.#openBundle();
  }

  async #openBundle(): Promise<void> {
    const bundle = this.#bundle;
    this.#bundle = [];
    this.#bundleBytes = 0;
    const [first] = bundle;
    if (first === undefined) return;
    if (bundle.length > 1) {
      const all = Buffer.concat(bundle.flatMap(({ bytes }) => [bytes, BETWEEN]));
      if (!(await this.#wholeHolds(wholeText(this.#pathOf(first.place), all)))) return;
    }
    for (const { place, bytes } of bundle) {
      if (await this.#wholeHolds(wholeText(this.#pathOf(place), bytes))) this.#fresh.push(place);
    }
  }

  #linesIn(bytes: Uint8Array): number {
    const { looker } = this.#engine;
    return looker === undefined ? countLines(bytes) : countLines(bytes, (counted) => looker.countLineFeeds(counted));
  }
}

const NONE: readonly Standing[] = [];
const BETWEEN = Buffer.from('\n\n');

function wholeText(path: string, bytes: Uint8Array): Chunk {
  return { kind: 'chunk', origin: { source: 'history', path }, bytes, firstLine: 1, whole: true, newFile: true };
}

/** Starts and ends of what stands not, or not in the same surroundings, in what a text was made of. */
function changesOf(copies: Uint32Array, baseLength: number, length: number): Uint32Array {
  const changes: number[] = [];
  const add = (from: number, to: number): void => {
    const start = Math.max(0, from - MARGIN);
    const end = Math.min(length, to + MARGIN);
    const last = changes.length - 1;
    if (last > 0 && start <= (changes[last] ?? 0)) changes[last] = Math.max(end, changes[last] ?? 0);
    else changes.push(start, end);
  };
  let to = 0;
  let from = 0;
  for (let c = 0; c < copies.length; c += 3) {
    const copyFrom = copies[c] ?? 0;
    const copyTo = copies[c + 1] ?? 0;
    if (copyTo !== to || copyFrom !== from) add(to, copyTo);
    to = copyTo + (copies[c + 2] ?? 0);
    from = copyFrom + (copies[c + 2] ?? 0);
  }
  if (to !== length || from !== baseLength) add(to, length);
  return Uint32Array.from(changes);
}

/** Where findings stand in a text made of theirs; `undefined` where one is gone, or a change comes near it. */
function movedAlong(
  before: readonly Standing[],
  copies: Uint32Array,
  changed: Uint32Array,
): readonly Standing[] | undefined {
  if (before.length === 0) return NONE;
  const moved: Standing[] = [];
  for (const standing of before) {
    const length = moved.length;
    for (let c = 0; c < copies.length; c += 3) {
      const from = copies[c] ?? 0;
      if (standing.start < from || standing.end > from + (copies[c + 2] ?? 0)) continue;
      const by = (copies[c + 1] ?? 0) - from;
      const start = standing.start + by;
      const end = standing.end + by;
      for (let r = 0; r < changed.length; r += 2) {
        if (start < (changed[r + 1] ?? 0) && (changed[r] ?? 0) < end) return undefined;
      }
      moved.push({ start, end });
    }
    if (moved.length === length) return undefined;
  }
  return moved;
}

/**
 * The nameless tokens of a text with so many in what is new; `undefined` where it may have many and what it was made of few, or the
 * other way round: that decides of each, wherever it stands.
 */
function tokensOf({ least, most }: Tokens, met: number, lost: () => number): Tokens | undefined {
  if (least > MANY) {
    const left = least - lost();
    return left > MANY ? { least: left, most: most + met } : undefined;
  }
  return most + met > MANY ? undefined : { least: 0, most: most + met };
}

/** Tokens of a text that may not be in what was made of it, at most: those that are not copied, or not with what is around them. */
function mostLost(copies: Uint32Array, baseLength: number, length: number): number {
  let from = 0;
  let to = 0;
  let bytes = 0;
  for (let c = 0; c <= copies.length; c += 3) {
    const nextFrom = copies[c] ?? baseLength;
    const nextTo = copies[c + 1] ?? length;
    const size = copies[c + 2] ?? 0;
    if (nextFrom !== from || nextTo !== to) bytes += 2 * MARGIN + Math.max(0, nextFrom - from);
    // What is copied out of order may be a copy of what counts already.
    if (nextFrom < from) bytes += size;
    from = Math.max(from, nextFrom + size);
    to = nextTo + size;
  }
  return Math.ceil(bytes / LEAST_RUN);
}

/** Bytes in ranges. */
function coveredBy(ranges: Uint32Array): number {
  let covered = 0;
  for (let r = 0; r < ranges.length; r += 2) covered += (ranges[r + 1] ?? 0) - (ranges[r] ?? 0);
  return covered;
}

function lineFeedsIn(bytes: Uint8Array, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at++) if (bytes[at] === LF) lines++;
  return lines;
}

/** Lines that end in what is not copied. */
function linesOfChanges(copies: Uint32Array, bytes: Uint8Array): number {
  let lines = 0;
  let to = 0;
  for (let c = 0; c <= copies.length; c += 3) {
    const next = c < copies.length ? (copies[c + 1] ?? 0) : bytes.length;
    lines += lineFeedsIn(bytes, to, next);
    to = next + (copies[c + 2] ?? 0);
  }
  return lines;
}
