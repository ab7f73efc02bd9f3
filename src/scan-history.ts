import type { Chunk, DeltaOf, HistoryReader, Version } from './core/chunk.ts';
import type { Finding } from './core/finding.ts';
import { LONGEST_WORD } from './core/near.ts';
import { View } from './core/view.ts';
import type { JudgedMatch } from './engine/engine.ts';
import { buildAutomaton, Prefilter } from './engine/prefilter.ts';
import { toFindings } from './findings.ts';
import type { Examined, ScanOptions } from './scan.ts';

/**
 * Bytes around a change that are looked at anew: as far as rules ask for words near a value, and names
 * stand before theirs.
 */
const MARGIN = 256;
/** Messages are looked at together, up to so many bytes. */
const BUNDLE_BYTES = 4096;
/** Larger texts are not copied to where they are looked at the fastest: it takes five times as much memory. */
const ROOM_BYTES = 4 << 20;
const LF = 10;

/**
 * Scans a history. A secret is one finding for each path, placed in the oldest version that has it; the
 * versions of a text are looked at where they differ from the one that they are stored as a change to.
 */
export async function* scanHistory(
  reader: HistoryReader,
  options: ScanOptions,
  examined: Examined,
): AsyncGenerator<Finding, void> {
  const lineage = new Lineage(reader, options, examined);
  for await (const item of reader.read(options.signal && { signal: options.signal })) {
    if (item.kind === 'version') await lineage.take(item);
    else if (item.incomplete && options.skipPath(item.origin.path)) lineage.allowListed(item.origin.path);
    else examined.skip(item);
  }
  await lineage.finish();
  for await (const finding of lineage.gathered.findings(reader, options)) {
    yield examined.found(finding, options.failOn);
  }
}

/** A secret where it stands in a version. Offsets are bytes, half-open. */
interface Standing {
  readonly start: number;
  readonly end: number;
  readonly secret: Gathered;
  readonly suppressed: boolean;
}

/** What is known of a version, for those made of it. */
interface Known {
  readonly length: number;
  /** For each path, all secrets, in order. */
  readonly byPath: ReadonlyMap<string, readonly Standing[]>;
  /** Versions made of it that follow. */
  left: number;
}

/** Looks at each version once, and carries on what is known of those that others are made of. */
class Lineage {
  readonly gathered: Gathering = new Gathering();
  readonly #reader: HistoryReader;
  readonly #options: ScanOptions;
  readonly #examined: Examined;
  readonly #far: Prefilter | undefined;
  readonly #known = new Map<number, Known>();
  readonly #allowed = new Set<string>();
  #bundle: { readonly place: number; readonly bytes: Buffer }[] = [];
  #bundleBytes = 0;

  constructor(reader: HistoryReader, options: ScanOptions, examined: Examined) {
    this.#reader = reader;
    this.#options = options;
    this.#examined = examined;
    const words = options.engine.farWords?.();
    if (words !== undefined) {
      this.#far = new Prefilter(buildAutomaton(words), words);
    }
  }

  async take(version: Version): Promise<void> {
    if (version.isMessage) {
      await this.#takeMessage(version);
      return;
    }
    const { blob, places, bytes, delta, children } = version;
    const base = delta && this.#known.get(delta.base);
    const byPath = new Map<string, readonly Standing[]>();
    for (const place of bytes.length === 0 ? [] : places) {
      const origin = this.#reader.originAt(place);
      if (this.allowListed(origin.path)) continue;
      const chunk: Chunk = { kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true };
      const before = base?.byPath.get(origin.path);
      const same =
        before === undefined || base === undefined || delta === undefined
          ? undefined
          : await this.#carried(chunk, delta, base.length, before, place);
      byPath.set(origin.path, same ?? (await this.#lookedAt(chunk, place)));
      if (same === undefined) this.#examined.addFiles({ files: 1, bytes: bytes.length, lines: this.#linesIn(bytes) });
    }
    if (delta && base && --base.left === 0) this.#known.delete(delta.base);
    if (blob >= 0 && children > 0) this.#known.set(blob, { length: bytes.length, byPath, left: children });
  }

  /** Looks at what is left. */
  async finish(): Promise<void> {
    await this.#openBundle();
  }

  /** Whether a path is left out; it is counted once. */
  allowListed(path: string): boolean {
    if (!this.#options.skipPath(path)) return false;
    if (!this.#allowed.has(path)) {
      this.#allowed.add(path);
      this.#examined.skip({
        kind: 'skipped',
        origin: { source: 'history', path },
        reason: 'allow-listed',
        incomplete: false,
      });
    }
    return true;
  }

  /** The secrets of a text that holds none but those of what it was made of; `undefined` where that is not certain. */
  async #carried(
    chunk: Chunk,
    { copies }: DeltaOf,
    baseLength: number,
    before: readonly Standing[],
    place: number,
  ): Promise<readonly Standing[] | undefined> {
    const bytes = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.length);
    const changed = changesOf(copies, baseLength, bytes.length);
    const moved = movedAlong(before, copies, changed);
    if (moved === undefined) return undefined;
    if (changed.length > 0) {
      if (this.#reachesFar(changed, bytes)) return undefined;
      const holds = this.#holds({ ...chunk, changed });
      if (typeof holds === 'boolean' ? holds : await holds) return undefined;
    }
    for (const { secret, suppressed } of moved) secret.stands(place, suppressed);
    this.#examined.addFiles({ files: 1, bytes: bytes.length, lines: linesOfChanges(copies, bytes) });
    return moved;
  }

  #linesIn(bytes: Uint8Array): number {
    const lines = this.#options.engine.looker?.countLineFeeds(bytes) ?? lineFeedsIn(bytes);
    return bytes.length > 0 && bytes[bytes.length - 1] !== LF ? lines + 1 : lines;
  }

  /** Whether something that is new may make a finding of what is not near it. */
  #reachesFar(changed: Uint32Array, bytes: Buffer): boolean {
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
  #holds(chunk: Chunk): boolean | Promise<boolean> {
    const { looker } = this.#options.engine;
    if (looker !== undefined && chunk.bytes.length <= ROOM_BYTES) return looker.hasFindings(chunk);
    const matches = this.#options.engine.detect(new View(chunk));
    return 'then' in matches ? matches.then(({ length }) => length > 0) : matches.length > 0;
  }

  async #lookedAt(chunk: Chunk, place: number): Promise<readonly Standing[]> {
    const holds = this.#holds(chunk);
    if (!(typeof holds === 'boolean' ? holds : await holds)) return NOTHING;
    const view = new View(chunk);
    let matches = this.#options.engine.detect(view);
    if ('then' in matches) matches = await matches;
    if (matches.length === 0) return NOTHING;
    const findings = await toFindings(matches, view, this.#options);
    return matches.flatMap((match, index): readonly Standing[] => {
      const finding = findings[index];
      if (finding === undefined) return [];
      const secret = this.gathered.add(match, finding, place);
      return [{ start: match.start, end: match.end, secret, suppressed: finding.suppressedBy !== undefined }];
    });
  }

  async #takeMessage({ places, bytes }: Version): Promise<void> {
    const [place] = places;
    if (place === undefined || bytes.length === 0 || this.allowListed(this.#reader.originAt(place).path)) return;
    this.#examined.addFiles({ files: 1, bytes: bytes.length, lines: this.#linesIn(bytes) });
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
    const chunk = (place: number, bytes: Buffer): Chunk => ({
      kind: 'chunk',
      origin: this.#reader.originAt(place),
      bytes,
      firstLine: 1,
      whole: true,
      newFile: true,
    });
    if (bundle.length > 1) {
      const all = Buffer.concat(bundle.flatMap(({ bytes }) => [bytes, BETWEEN]));
      if (!(await this.#holds(chunk(first.place, all)))) return;
    }
    for (const { place, bytes } of bundle) await this.#lookedAt(chunk(place, bytes), place);
  }
}

const NOTHING: readonly Standing[] = [];
const BETWEEN = Buffer.from('\n\n');

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

/** Where secrets stand in a text made of theirs; `undefined` where one is gone, or a change comes near it. */
function movedAlong(
  before: readonly Standing[],
  copies: Uint32Array,
  changed: Uint32Array,
): readonly Standing[] | undefined {
  if (before.length === 0) return NOTHING;
  const moved: Standing[] = [];
  for (const standing of before) {
    let found = false;
    for (let c = 0; c < copies.length; c += 3) {
      const from = copies[c] ?? 0;
      if (standing.start < from || standing.end > from + (copies[c + 2] ?? 0)) continue;
      const by = (copies[c + 1] ?? 0) - from;
      const start = standing.start + by;
      const end = standing.end + by;
      for (let r = 0; r < changed.length; r += 2) {
        if (start < (changed[r + 1] ?? 0) && (changed[r] ?? 0) < end) return undefined;
      }
      moved.push({ ...standing, start, end });
      found = true;
    }
    if (!found) return undefined;
  }
  return moved;
}

function lineFeedsIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}

/** Lines that end in what is not copied. */
function linesOfChanges(copies: Uint32Array, bytes: Uint8Array): number {
  let lines = 0;
  let to = 0;
  for (let c = 0; c <= copies.length; c += 3) {
    const next = c < copies.length ? (copies[c + 1] ?? 0) : bytes.length;
    for (let at = to; at < next; at++) if (bytes[at] === LF) lines++;
    to = next + (copies[c + 2] ?? 0);
  }
  return lines;
}

/** One secret under one path: where it stood, with and without something that suppresses it. */
class Gathered {
  readonly rule: string;
  readonly secret: string;
  /** One of its findings, and the place that it is of. */
  finding: Finding;
  place: number;
  readonly #open = new Set<number>();
  readonly #suppressed = new Set<number>();

  constructor(match: JudgedMatch, finding: Finding, place: number) {
    this.rule = match.ruleId;
    this.secret = match.secret;
    this.finding = finding;
    this.place = place;
  }

  stands(place: number, suppressed: boolean): void {
    (suppressed ? this.#suppressed : this.#open).add(place);
  }

  /** It counts where one of its versions counts: those then are what is told of it. */
  get isSuppressed(): boolean {
    return this.#open.size === 0;
  }

  places(): readonly number[] {
    return [...(this.isSuppressed ? this.#suppressed : this.#open)];
  }
}

/** All secrets of a history, each once for each path. */
class Gathering {
  readonly #all = new Map<string, Gathered>();

  add(match: JudgedMatch, finding: Finding, place: number): Gathered {
    const key = JSON.stringify([match.ruleId, finding.path, match.secret]);
    let gathered = this.#all.get(key);
    if (gathered === undefined) this.#all.set(key, (gathered = new Gathered(match, finding, place)));
    gathered.stands(place, finding.suppressedBy !== undefined);
    return gathered;
  }

  /** Findings by path and line, each as it stood in the oldest version that has it. */
  async *findings(reader: HistoryReader, options: ScanOptions): AsyncGenerator<Finding, void> {
    const all = [...this.#all.values()];
    if (all.length === 0) return;
    const lists = all.map((gathered) => gathered.places());
    const oldest = lists.map((list) => oldestOf(list, reader));
    const again = new Map<number, Gathered[]>();
    all.forEach((gathered, index) => {
      const place = oldest[index] ?? 0;
      if (gathered.place === place && (gathered.finding.suppressedBy !== undefined) === gathered.isSuppressed) return;
      const held = again.get(place);
      if (held === undefined) again.set(place, [gathered]);
      else held.push(gathered);
    });
    const places = [...again.keys()];
    let at = 0;
    for await (const chunk of reader.textsOf(places)) {
      const wanted = again.get(places[at++] ?? 0) ?? [];
      if (chunk !== undefined) await place(chunk, wanted, options);
    }
    const provenances = await reader.provenances(lists);
    const found = all.map(({ finding }, index): Finding => {
      const { commit: _, ...rest } = finding;
      return { ...rest, ...provenances[index] };
    });
    yield* found.toSorted(
      (a, b) => compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule),
    );
  }
}

/** Places secrets in a text that holds them. */
async function place(chunk: Chunk, wanted: readonly Gathered[], options: ScanOptions): Promise<void> {
  const view = new View(chunk);
  const matches = await options.engine.detect(view);
  const findings = await toFindings(matches, view, options);
  for (const gathered of wanted) {
    const index = matches.findIndex(
      ({ ruleId, secret }, at) =>
        ruleId === gathered.rule &&
        secret === gathered.secret &&
        (findings[at]?.suppressedBy !== undefined) === gathered.isSuppressed,
    );
    gathered.finding = findings[index] ?? gathered.finding;
  }
}

function oldestOf(places: readonly number[], reader: HistoryReader): number {
  let oldest = places[0] ?? 0;
  for (const place of places) if (reader.ageAt(place) > reader.ageAt(oldest)) oldest = place;
  return oldest;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
