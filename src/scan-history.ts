import { setImmediate } from 'node:timers/promises';
import type {
  Chunk,
  HistoryReader,
  HistorySlice,
  PlaceTable,
  Provenance,
  ReadOptions,
  Skipped,
  SliceReport,
  Version,
} from './core/chunk.ts';
import type { Finding } from './core/finding.ts';
import { withoutSecrets } from './core/redact.ts';
import { View } from './core/view.ts';
import type { JudgedMatch } from './engine/engine.ts';
import { farSearchOf, Lineage, type FarSearch, type LineageEngine } from './engine/lineage.ts';
import { toFindings } from './findings.ts';
import type { Examined, ScanOptions } from './scan.ts';
import { archiveEntries, VersionMaker } from './sources/history-slice.ts';

/** Whether something is to be told: what is wrong with a version, of each; what is so of a path, such as that it is binary, once. */
function newsOfPaths(): (item: Skipped) => boolean {
  const told = new Set<string>();
  return ({ reason, incomplete, origin }) => {
    if (incomplete) return true;
    const { size } = told;
    return told.add(`${reason}\0${origin.path}`).size > size;
  };
}

/**
 * Scans a history. First, which versions have findings: that is most of the work, other threads may share
 * it, and it makes none. Then these are read again, and a secret becomes one finding for each path, placed in
 * the oldest version that has it.
 */
export async function* scanHistory(
  reader: HistoryReader,
  options: ScanOptions,
  reading: ReadOptions,
  examined: Examined,
): AsyncGenerator<Finding, void> {
  for await (const item of reader.open(reading)) examined.skip(item);
  const gathering = new Gathering(reader, options);
  const isNews = newsOfPaths();
  let interrupted: { readonly error: unknown } | undefined;
  try {
    for await (const report of reports(reader, options, reading, () => gathering.readAll())) {
      examined.addFiles(report.seen);
      // Other slices, of other threads, have met the same.
      for (const item of report.skipped) if (isNews(item)) examined.skip(item);
      await gathering.take(report);
    }
  } catch (error) {
    // What was found until then is worth something.
    if (reading.signal?.aborted !== true) throw error;
    interrupted = { error };
  }
  for (const finding of await gathering.findings()) yield examined.found(finding);
  if (interrupted !== undefined) throw interrupted.error;
}

/**
 * Has all slices examined, here and by other threads as they come to it.
 * @param meanwhile what this thread has to do besides, once nothing is left but what others are at
 */
async function* reports(
  reader: HistoryReader,
  { engine, skipPath }: ScanOptions,
  reading: ReadOptions,
  meanwhile: () => Promise<void>,
): AsyncGenerator<SliceReport, void> {
  const { signal, threads, progress } = reading;
  const examiner = new SliceExaminer(engine, skipPath);
  const { table } = reader;
  // It is started while this one reads the packs' indexes.
  threads?.expect(table.places.length, 'slice');
  const slices = [...reader.slices()];
  const total = table.places.length + slices.filter(({ kind }) => kind === 'messages').length;
  let next = 0;
  let away = 0;
  let wake: (() => void) | undefined;
  const done: { readonly slice: HistorySlice; readonly report: SliceReport }[] = [];
  const returned: HistorySlice[] = [];
  const told = { done: 0, bytes: 0 };
  // Also while this thread is in the midst of a slice, or reads versions again.
  const handOut = (): void => {
    for (; next < slices.length && threads?.canTake(slices.length - next) === true; next++) {
      const slice = slices[next] as HistorySlice; // next < slices.length
      away++;
      const back = (): void => {
        away--;
        handOut();
        wake?.();
      };
      void threads
        .examineSlice(slice, table)
        .then(
          (report) => done.push({ slice, report }),
          () => returned.push(slice),
        )
        .then(back);
    }
  };
  for (;;) {
    signal?.throwIfAborted();
    handOut();
    const ready = done.shift();
    if (ready !== undefined) {
      for (const index of ready.report.unread) reader.isUnread(ready.slice.kind, index);
      yield ready.report;
      told.done += ready.report.seen.files;
      told.bytes += ready.report.seen.bytes;
      progress?.({ ...told, total });
      continue;
    }
    const slice = returned.pop() ?? slices[next++];
    if (slice !== undefined) {
      done.push({ slice, report: await examiner.examine(slice, table) });
      // Others may have something to say.
      await setImmediate();
    } else if (away > 0) {
      await meanwhile();
      if (done.length > 0 || returned.length > 0 || away === 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    } else {
      break;
    }
  }
  yield await examiner.examineRest(reader, reading, ({ places, bytes }) => {
    told.done += Math.max(1, places.length);
    told.bytes += bytes.length;
    progress?.({ ...told, total: Math.max(total, told.done) });
  });
}

/** Looks at the versions of a slice; the work of any thread. */
export class SliceExaminer {
  readonly #engine: LineageEngine;
  readonly #skipPath: (path: string) => boolean;
  #far: FarSearch | undefined;
  #table: string | undefined;
  #maker: VersionMaker | undefined;

  constructor(engine: LineageEngine, skipPath: (path: string) => boolean) {
    this.#engine = engine;
    this.#skipPath = skipPath;
  }

  async examine(slice: HistorySlice, table: PlaceTable): Promise<SliceReport> {
    const maker = this.#makerOf(table);
    const unread: number[] = [];
    const report = await this.#look(
      maker.slice(slice, (index) => unread.push(index)),
      maker,
    );
    return { ...report, unread };
  }

  /** The same for what is in no slice. @param seen told of each version that has been looked at */
  async examineRest(
    reader: HistoryReader,
    reading: ReadOptions,
    seen: (version: Version) => void,
  ): Promise<SliceReport> {
    return { ...(await this.#look(reader.rest(reading), this.#makerOf(reader.table), reader, seen)), unread: [] };
  }

  async #look(
    items: Iterable<Version | Skipped> | AsyncIterable<Version | Skipped>,
    maker: VersionMaker,
    reader?: HistoryReader,
    seen?: (version: Version) => void,
  ): Promise<Omit<SliceReport, 'unread'>> {
    const pathOf = (place: number): string => reader?.originAt(place).path ?? maker.pathOf(place);
    // Once for all slices: it has a memory of its own.
    this.#far ??= farSearchOf(this.#engine);
    const lineage = new Lineage(this.#engine, this.#far, this.#skipPath, pathOf);
    const skipped: Skipped[] = [];
    const isNews = newsOfPaths();
    const skip = (item: Skipped): void => {
      if (!(item.incomplete && this.#skipPath(item.origin.path)) && isNews(item)) skipped.push(item);
    };
    for await (const item of items) {
      if (item.kind === 'version' && item.isArchive) {
        for (const place of item.places) {
          for await (const entry of archiveEntries(item.bytes, { source: 'history', path: pathOf(place) })) {
            if (entry.kind === 'chunk') await lineage.takeEntry(entry, place);
            else skip(entry);
          }
        }
      }
      if (item.kind === 'version') {
        await lineage.take(item);
        seen?.(item);
      } else skip(item);
    }
    const report = await lineage.report();
    return { ...report, skipped: [...skipped, ...report.skipped] };
  }

  #makerOf(table: PlaceTable): VersionMaker {
    if (this.#maker === undefined || this.#table !== table.id) {
      this.#table = table.id;
      this.#maker = new VersionMaker(table);
    }
    return this.#maker;
  }
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

  stands(place: number, isSuppressed: boolean): void {
    (isSuppressed ? this.#suppressed : this.#open).add(place);
  }

  /** It counts where one of its versions counts: those then are what is told of it. */
  get isSuppressed(): boolean {
    return this.#open.size === 0;
  }

  /** Rising. */
  places(): readonly number[] {
    return [...(this.isSuppressed ? this.#suppressed : this.#open)].toSorted((a, b) => a - b);
  }
}

/** Versions with findings that are read again at once: git is started for each time. */
const READ_AT_ONCE = 256;
/** Of these, how many are read until others have a turn. */
const TURN = 8;

/** All secrets of a history, each once for each path. */
class Gathering {
  readonly #reader: HistoryReader;
  readonly #options: ScanOptions;
  readonly #all = new Map<string, Gathered>();
  /** What stands at each place that has a finding. */
  readonly #at = new Map<number, readonly { readonly gathered: Gathered; readonly isSuppressed: boolean }[]>();
  /** What has been reported and is not yet read. */
  #fresh: number[] = [];
  #carried: number[] = [];

  constructor(reader: HistoryReader, options: ScanOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  async take({ fresh, carried }: Pick<SliceReport, 'fresh' | 'carried'>): Promise<void> {
    // Of a history without packs this is one report, with more than a call takes.
    for (const place of fresh) this.#fresh.push(place);
    for (const place of carried) this.#carried.push(place);
    if (this.#fresh.length >= READ_AT_ONCE) await this.readAll();
  }

  /** Finds the secrets in what has been reported. */
  async readAll(): Promise<void> {
    const [fresh, carried] = [this.#fresh, this.#carried];
    this.#fresh = [];
    this.#carried = [];
    let read = 0;
    for await (const { place, chunk } of fresh.length === 0 ? [] : this.#reader.textsOf(fresh)) {
      await this.#read(chunk, place);
      if (++read % TURN === 0) await setImmediate();
    }
    for (let c = 0; c < carried.length; c += 2) {
      const [place = 0, from = 0] = [carried[c], carried[c + 1]];
      const standing = this.#at.get(from) ?? [];
      for (const { gathered, isSuppressed } of standing) gathered.stands(place, isSuppressed);
      this.#at.set(place, standing);
    }
  }

  /** Sorted by path and line, each as it stood in the oldest version that has it. */
  async findings(): Promise<readonly Finding[]> {
    await this.readAll();
    const all = [...this.#all.values()];
    if (all.length === 0) return [];
    const lists = all.map((gathered) => gathered.places());
    const again = new Map<number, Gathered[]>();
    all.forEach((gathered, index) => {
      const oldest = this.#oldestOf(lists[index] ?? []);
      if (gathered.place === oldest && (gathered.finding.suppressedBy !== undefined) === gathered.isSuppressed) return;
      const held = again.get(oldest);
      if (held === undefined) again.set(oldest, [gathered]);
      else held.push(gathered);
    });
    const places = [...again.keys()];
    for await (const { place, chunk } of places.length === 0 ? [] : this.#reader.textsOf(places)) {
      const wanted = again.get(place)?.filter(({ finding }) => finding.path === chunk.origin.path) ?? [];
      if (wanted.length > 0) await this.#place(chunk, wanted);
    }
    const provenances = (await this.#reader.provenances(lists)).map((told) => this.#masked(told));
    const found = all.map(({ finding }, index): Finding => {
      const { commit: _, ...rest } = finding;
      return { ...rest, ...provenances[index] };
    });
    return found.toSorted(
      (a, b) =>
        compare(a.path, b.path) ||
        a.line - b.line ||
        a.column - b.column ||
        compare(a.rule, b.rule) ||
        // Versions of a file may hold different secrets in one place.
        compare(a.fingerprint, b.fingerprint),
    );
  }

  /** Whoever committed a secret may have put one where a name belongs. */
  #masked(told: Provenance): Provenance {
    const { author } = told.history;
    if (author === undefined) return told;
    const secrets = [...this.#all.values()];
    const [name, email] = [withoutSecrets(author.name, secrets), withoutSecrets(author.email, secrets)];
    return { ...told, history: { ...told.history, author: { name, email } } };
  }

  async #read(chunk: Chunk, place: number): Promise<void> {
    const { matches, findings } = await this.#findingsIn(chunk);
    this.#at.set(place, [
      // Of an archive there are several texts.
      ...(this.#at.get(place) ?? []),
      ...matches.flatMap((match, index) => {
        const finding = findings[index];
        if (finding === undefined) return [];
        const isSuppressed = finding.suppressedBy !== undefined;
        const key = JSON.stringify([match.ruleId, finding.path, match.secret]);
        let gathered = this.#all.get(key);
        if (gathered === undefined) this.#all.set(key, (gathered = new Gathered(match, finding, place)));
        gathered.stands(place, isSuppressed);
        return [{ gathered, isSuppressed }];
      }),
    ]);
  }

  /** Places secrets in a text that holds them. */
  async #place(chunk: Chunk, wanted: readonly Gathered[]): Promise<void> {
    const { matches, findings } = await this.#findingsIn(chunk);
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

  async #findingsIn(
    chunk: Chunk,
  ): Promise<{ readonly matches: readonly JudgedMatch[]; readonly findings: readonly Finding[] }> {
    const view = new View(chunk);
    const matches = await this.#options.engine.detect(view);
    return { matches, findings: await toFindings(matches, view, this.#options) };
  }

  #oldestOf(places: readonly number[]): number {
    let oldest = places[0] ?? 0;
    for (const place of places) if (this.#reader.ageAt(place) > this.#reader.ageAt(oldest)) oldest = place;
    return oldest;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
