import { isUtf8 } from 'node:buffer';
import type {
  Chunk,
  HistoryReader,
  HistorySlice,
  Origin,
  PlaceTable,
  Provenance,
  ReadOptions,
  Skipped,
  Source,
  Version,
} from '../core/chunk.ts';
import { GitError, UsageError } from '../core/errors.ts';
import type { FindingHistory } from '../core/finding.ts';
import { IdTable } from '../core/id-table.ts';
import { decodePath } from '../core/path.ts';
import { readBlobs } from '../git/cat-file.ts';
import { treeEntries } from '../git/listing.ts';
import { PlaceLog, readHistory } from '../git/history.ts';
import { objectFolders, packSlices } from '../git/packs.ts';
import { commitOf, endsOf } from '../git/revisions.ts';
import { isInShard, WholeDigest, type Shard } from '../core/shard.ts';
import { findRepository } from '../git/repository.ts';
import { collectGit, streamGit } from '../git/run.ts';
import { skipped } from './diff-source.ts';
import { emptyTree } from './empty-tree.ts';
import { archiveEntries, MESSAGE_PATH, messageOf, MOST_BYTES, VersionMaker, wholeText } from './history-slice.ts';

export interface HistoryOptions {
  readonly cwd: string;
  /** Branches or other names of commits, in place of every ref and reflog. */
  readonly branches?: readonly string[] | undefined;
  /** `A..B`: the commits of a range, in place of every ref and reflog. */
  readonly range?: string | undefined;
  /** The commit that findings are in, or not in any more; HEAD if left out. An object id. */
  readonly head?: string | undefined;
  /** A day, a time or an age: `2026-01-31`, `3 months`. */
  readonly since?: string | undefined;
  /** Objects too that no ref and no reflog leads to. */
  readonly unreachable?: boolean | undefined;
  /** Files of this part only, by their paths. */
  readonly shard?: Shard | undefined;
}

/** Paths that one finding tells of. */
const MOST_PATHS = 100;
/** Where `git fsck --lost-found` puts what nothing leads to. */
const LOST_PATH = '.git/lost-found/other/';

/**
 * Every text that a repository holds or held: each blob that a ref, a stash or a reflog leads to, once,
 * and the messages of commits and tags.
 */
export function historySource(options: HistoryOptions): Source {
  const notices: string[] = [];
  const reader = new RepositoryHistory(options, notices);
  return {
    name: 'history',
    shard: options.shard,
    get shardOf() {
      return options.shard && reader.whole;
    },
    notices,
    history: reader,
    async *read(reading): AsyncGenerator<Chunk | Skipped> {
      yield* reader.open(reading);
      const maker = new VersionMaker(reader.table);
      for (const slice of reader.slices()) {
        for (const item of maker.slice(slice, (index) => reader.isUnread(slice.kind, index))) {
          yield* chunksOf(item, reader);
        }
      }
      for await (const item of reader.rest(reading)) yield* chunksOf(item, reader);
    },
  };
}

async function* chunksOf(item: Version | Skipped, reader: HistoryReader): AsyncGenerator<Chunk | Skipped> {
  if (item.kind === 'skipped') {
    yield item;
    return;
  }
  const bytes = Buffer.from(item.bytes);
  for (const place of bytes.length === 0 ? [] : item.places) {
    if (item.isArchive) yield* archiveEntries(bytes, reader.originAt(place));
    else yield wholeText(bytes, reader.originAt(place));
  }
}

/** An annotated tag, or what else a ref names that is no commit. */
interface Tag {
  readonly ref: string;
  readonly id: string;
}

class RepositoryHistory implements HistoryReader {
  readonly #options: HistoryOptions;
  readonly #notices: string[];
  #places = new PlaceLog(20).finish();
  #table: PlaceTable | undefined;
  #tags: Tag[] = [];
  /** 1 for those that are in no slice, or could not be read there. */
  readonly #unread = { blobs: new Uint8Array(), messages: new Uint8Array() };
  #folders: readonly string[] = [];

  constructor(options: HistoryOptions, notices: string[]) {
    this.#options = options;
    this.#notices = notices;
  }

  async *open({ signal }: ReadOptions = {}): AsyncGenerator<Skipped> {
    const { cwd } = this.#options;
    await findRepository(cwd);
    const log = new PlaceLog((await emptyTree(cwd)).length / 2);
    for await (const item of this.#list(log, signal)) if (this.#takes(item.origin.path)) yield item;
    this.#places = log.finish();
    this.#table = undefined;
    for (const path of log.submodules) {
      if (this.#takes(path)) yield skipped({ source: 'history', path }, 'submodule');
    }
    this.#folders = await objectFolders(cwd);
  }

  get table(): PlaceTable {
    return (this.#table ??=
      this.#options.shard === undefined ? this.#places.table() : this.#places.tableOf((path) => this.#takes(path)));
  }

  /** Of the commits and tags that were walked. */
  get whole(): string {
    const { commits } = this.#places;
    const digest = new WholeDigest();
    for (let index = 0; index < commits.size; index++) digest.add(commits.hexOf(index));
    for (const { id } of this.#tags) digest.add(id);
    // Those that nothing leads to are counted only: their number is that of what was asked for.
    digest.add(`${this.#places.blobs.size} blobs`);
    return digest.toString();
  }

  /**
   * A part of a history is that of some paths: all versions of a file are in one part, which alone can say
   * where a secret stood first; and they are made of each other. Messages have one path.
   */
  #takes(path: string): boolean {
    return isInShard(path, this.#options.shard);
  }

  *slices(): Generator<HistorySlice, void> {
    for (const kind of ['blobs', 'messages'] as const) {
      const ids = kind === 'blobs' ? this.#places.blobs : this.#places.commits;
      const { starts } = this.table;
      const takesMessages = this.#takes(MESSAGE_PATH);
      const isWanted = (index: number): boolean =>
        kind === 'blobs' ? (starts[index + 1] ?? 0) > (starts[index] ?? 0) : takesMessages;
      const unread = Uint8Array.from({ length: ids.size }, (_, index) => (isWanted(index) ? 1 : 0));
      this.#unread[kind] = unread;
      for (const pack of packSlices(ids, this.#folders, isWanted)) {
        for (const target of pack.targets) if (target >= 0) unread[target] = 0;
        yield { kind, pack };
      }
    }
  }

  isUnread(kind: HistorySlice['kind'], index: number): void {
    this.#unread[kind][index] = 1;
  }

  async *rest({ signal }: ReadOptions = {}): AsyncGenerator<Version | Skipped> {
    const { blobs, commits, size } = this.#places;
    const { starts, places } = this.table;
    const maker = new VersionMaker(this.table);
    const options = { cwd: this.#options.cwd, maxBytes: MOST_BYTES, ...(signal && { signal }) };
    for (const kind of ['blobs', 'messages'] as const) {
      const left: number[] = [];
      this.#unread[kind].forEach((isUnread, index) => isUnread === 1 && left.push(index));
      const ids = left.map((index) => (kind === 'blobs' ? blobs : commits).hexOf(index));
      let at = 0;
      for await (const { status, type, bytes } of readBlobs(ids, options)) {
        const index = left[at++] ?? 0;
        if (status !== 'blob' || type !== (kind === 'blobs' ? 'blob' : 'commit')) {
          const lost = kind === 'blobs' ? places.subarray(starts[index], starts[index + 1]) : [size + index];
          for (const place of lost) {
            yield skipped(this.originAt(place), status === 'too-large' ? 'too-large' : 'not-fetched', true);
          }
        } else if (kind === 'blobs') yield* maker.version(index, bytes, 0);
        else yield maker.message(size + index, bytes);
      }
    }
    let place = size + commits.size;
    for await (const { status, bytes } of readBlobs(
      this.#tags.map(({ id }) => id),
      options,
    )) {
      if (!this.#takes(this.originAt(place).path)) {
        place++;
        continue;
      }
      if (status === 'blob') yield maker.message(place, bytes);
      else yield skipped(this.originAt(place), 'not-fetched', true);
      place++;
    }
  }

  originAt(place: number): Origin {
    const commits = this.#places.commits;
    const message = place - this.#places.size;
    if (message < 0) {
      const { path, commit } = this.#places.at(place);
      return { source: 'history', path, ...(commit >= 0 && { commit: commits.hexOf(commit) }) };
    }
    if (message < commits.size) return { source: 'history', path: MESSAGE_PATH, commit: commits.hexOf(message) };
    return { source: 'history', path: this.#tags[message - commits.size]?.ref ?? '' };
  }

  ageAt(place: number): number {
    const message = place - this.#places.size;
    if (message < 0) return this.#places.at(place).commit;
    return message < this.#places.commits.size ? message : -1;
  }

  async *textsOf(places: readonly number[]): AsyncGenerator<{ readonly place: number; readonly chunk: Chunk }> {
    const ids = places.map((place) => this.#objectOf(place));
    let at = 0;
    for await (const { status, bytes } of readBlobs(ids, { cwd: this.#options.cwd })) {
      const place = places[at++] ?? 0;
      if (status !== 'blob') continue;
      const origin = this.originAt(place);
      if (place >= this.#places.size) {
        yield { place, chunk: wholeText(messageOf(bytes), origin) };
        continue;
      }
      for await (const chunk of archiveEntries(bytes, origin)) if (chunk.kind === 'chunk') yield { place, chunk };
    }
  }

  async provenances(lists: readonly (readonly number[])[]): Promise<readonly Provenance[]> {
    const inHead = await this.#inHead(lists);
    const oldest = lists.map((list) => list.reduce((a, b) => (this.ageAt(b) > this.ageAt(a) ? b : a), list[0] ?? 0));
    const commits = oldest.map((place) => this.originAt(place).commit);
    const authors = await this.#authorsOf(commits.filter((commit) => commit !== undefined));
    return lists.map((list, index) => {
      const commit = commits[index];
      const blobs = list.filter((place) => place < this.#places.size).map((place) => this.#places.at(place));
      const paths = new Set(list.map((place) => this.originAt(place).path));
      for (const { blob } of blobs) {
        for (const place of this.#places.placesOf(blob)) paths.add(this.#places.at(place).path);
      }
      const history: FindingHistory = {
        ...(commit !== undefined && authors.get(commit)),
        inHead: inHead[index] === true,
        versions: list.length,
        commits:
          blobs.reduce((sum, { commit: first, commits: count }) => sum + (first < 0 ? 0 : count), 0) +
          list.filter((place) => place >= this.#places.size && this.ageAt(place) >= 0).length,
        paths: [...paths].toSorted().slice(0, MOST_PATHS),
      };
      return { ...(commit !== undefined && { commit }), history };
    });
  }

  /** Walks the history; what git cannot walk is told, and its texts are read all the same. */
  async *#list(log: PlaceLog, signal: AbortSignal | undefined): AsyncGenerator<Skipped> {
    const { cwd, branches = [], range, since, unreachable = false } = this.#options;
    const from = since === undefined ? undefined : secondsOf(since);
    const tips: string[] = [];
    for (const name of branches) tips.push(await commitOf(cwd, name, `--branch ${JSON.stringify(name)}`));
    if (range !== undefined) {
      const ends = await endsOf(cwd, range, `--range ${JSON.stringify(range)}`);
      tips.push(ends.to, ...(ends.from === undefined ? [] : [`^${ends.from}`]));
    }
    const all = tips.length === 0;
    const query = { cwd, since: from, signal };
    let whole = true;
    try {
      if (all && unreachable) {
        const lost = await this.#lostCommits(log, signal);
        if (lost.length > 0) await readHistory({ ...query, tips: lost, beyondAll: true }, log);
      }
      await readHistory({ ...query, tips, all }, log);
      if (all) await this.#readRefs(log, signal);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      yield { ...skipped({ source: 'history', path: '.git' }, 'broken-history', true), detail: error.message };
      this.#notices.push(`the history could not be walked: ${error.message}`);
      whole = false;
    }
    if (all && (unreachable || !whole)) await this.#addLostBlobs(log, signal);
    yield* this.#shallow(log);
  }

  async *#shallow({ commits }: PlaceLog): AsyncGenerator<Skipped> {
    const { cwd } = this.#options;
    if ((await collectGit(['rev-parse', '--is-shallow-repository'], { cwd })).toString().trim() !== 'true') return;
    const file = (await collectGit(['rev-parse', '--git-path', 'shallow'], { cwd })).toString().replace(/\n$/, '');
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const { resolve } = process.getBuiltinModule('node:path');
    for (const commit of readFileSync(resolve(cwd, file), 'latin1').split('\n')) {
      if (commit === '' || commits.find(Buffer.from(commit, 'hex')) < 0) continue;
      yield skipped({ source: 'history', path: commit.slice(0, 12), commit }, 'shallow', true);
    }
  }

  /** Commits of the clone that neither a ref nor a reflog leads to. */
  async #lostCommits({ blobs }: PlaceLog, signal: AbortSignal | undefined): Promise<string[]> {
    const known = new IdTable(blobs.width);
    for await (const line of gitLines(['rev-list', '--all', '--reflog'], this.#git(signal))) {
      known.add(Buffer.from(line, 'hex'));
    }
    const lost: string[] = [];
    for await (const { id, type } of this.#everyObject(signal)) {
      if (type === 'commit' && known.find(Buffer.from(id, 'hex')) < 0) lost.push(id);
    }
    return lost;
  }

  /** Blobs of the clone that no commit has, as far as is known. */
  async #addLostBlobs(log: PlaceLog, signal: AbortSignal | undefined): Promise<void> {
    for await (const { id, type } of this.#everyObject(signal)) {
      if (type !== 'blob') continue;
      const bytes = Buffer.from(id, 'hex');
      if (log.blobs.find(bytes) < 0) addBlob(log, bytes, Buffer.from(LOST_PATH + id));
    }
  }

  async *#everyObject(signal: AbortSignal | undefined): AsyncGenerator<{ readonly id: string; readonly type: string }> {
    const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)', '--buffer'];
    for await (const line of gitLines(args, this.#git(signal))) {
      const [id = '', type = ''] = line.split(' ');
      yield { id, type };
    }
  }

  /** Tags with a message, and refs that lead to a file or a folder and not to a commit. */
  async #readRefs(log: PlaceLog, signal: AbortSignal | undefined): Promise<void> {
    const { cwd } = this.#options;
    const args = ['for-each-ref', '--format=%(objecttype) %(objectname) %(refname)'];
    for await (const line of gitLines(args, this.#git(signal))) {
      const [type = '', id = '', ...name] = line.split(' ');
      if (type !== 'commit') this.#tags.push({ ref: decodePath(Buffer.from(name.join(' '), 'latin1')), id });
    }
    // A tag may lead to another one, so that the list may grow meanwhile.
    for (let first = 0; first < this.#tags.length;) {
      const fresh = this.#tags.slice(first);
      first = this.#tags.length;
      let at = 0;
      for await (const { status, type, bytes } of readBlobs(
        fresh.map(({ id }) => id),
        { cwd },
      )) {
        const { ref = '', id = '' } = fresh[at++] ?? {};
        if (status !== 'blob') continue;
        if (type === 'tag') {
          const target = /^object ([0-9a-f]+)\ntype (tag|tree|blob)\n/.exec(bytes.toString('latin1', 0, 200))?.[1];
          if (target !== undefined) this.#tags.push({ ref, id: target });
        } else if (type === 'blob') {
          addBlob(log, Buffer.from(id, 'hex'), Buffer.from(ref));
        } else if (type === 'tree') {
          await this.#addTree(log, id, signal);
        }
      }
    }
    const isTag = await this.#typesOf(this.#tags.map(({ id }) => id));
    this.#tags = this.#tags.filter((_, index) => isTag[index] === 'tag' || isTag[index] === 'missing');
  }

  async #typesOf(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const { cwd } = this.#options;
    const input = `${ids.join('\n')}\n`;
    const out = await collectGit(['cat-file', '--batch-check=%(objecttype)'], { cwd, input });
    return out
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').at(-1) ?? '');
  }

  async #addTree(log: PlaceLog, id: string, signal: AbortSignal | undefined): Promise<void> {
    for await (const entry of treeEntries(id, this.#git(signal))) {
      if (entry.type === 'blob') addBlob(log, Buffer.from(entry.id, 'hex'), entry.path);
    }
  }

  /** The id of the object that the text of a place is in. */
  #objectOf(place: number): string {
    const message = place - this.#places.size;
    if (message < 0) return this.#places.blobs.hexOf(this.#places.at(place).blob);
    if (message < this.#places.commits.size) return this.#places.commits.hexOf(message);
    return this.#tags[message - this.#places.commits.size]?.id ?? '';
  }

  async #authorsOf(commits: readonly string[]): Promise<ReadonlyMap<string, Pick<FindingHistory, 'author' | 'date'>>> {
    const authors = new Map<string, Pick<FindingHistory, 'author' | 'date'>>();
    for await (const { id, status, bytes } of readBlobs([...new Set(commits)], { cwd: this.#options.cwd })) {
      if (status === 'blob') authors.set(id, authorOf(bytes));
    }
    return authors;
  }

  /** Whether HEAD has one of the places of each list. */
  async #inHead(lists: readonly (readonly number[])[]): Promise<readonly boolean[]> {
    const found = lists.map(() => false);
    const { cwd, head: asked = 'HEAD' } = this.#options;
    const head = (
      await collectGit(['rev-parse', '--verify', '--quiet', `${asked}^{commit}`], { cwd, accept: [1, 128] })
    )
      .toString()
      .trim();
    if (head === '') return found;
    const wanted = new Map<string, number[]>();
    const want = (key: string, list: number): void => {
      const held = wanted.get(key);
      if (held === undefined) wanted.set(key, [list]);
      else held.push(list);
    };
    let messages = false;
    for (const [index, list] of lists.entries()) {
      for (const place of list) {
        if (place < this.#places.size) want(`${this.#objectOf(place)} ${this.#places.at(place).path}`, index);
        else want(this.#objectOf(place), index);
        messages ||= place >= this.#places.size;
      }
    }
    const mark = (key: string): void => {
      for (const index of wanted.get(key) ?? []) found[index] = true;
    };
    for await (const { id, path } of treeEntries(head, this.#git())) mark(`${id} ${decodePath(path)}`);
    if (messages) for await (const id of gitLines(['rev-list', head], this.#git())) mark(id);
    return found;
  }

  #git(signal?: AbortSignal): { readonly cwd: string; readonly signal?: AbortSignal } {
    return { cwd: this.#options.cwd, ...(signal && { signal }) };
  }
}

/** Notes a blob that no commit is known to have brought. */
function addBlob(log: PlaceLog, id: Buffer, path: Buffer): void {
  log.add(log.blobs.add(id), log.pathOf(path, 0, path.length), -1, false);
}

/** Lines of what git prints, as Latin-1. */
async function* gitLines(
  args: readonly string[],
  options: { readonly cwd: string; readonly signal?: AbortSignal },
): AsyncGenerator<string> {
  let rest = '';
  for await (const block of streamGit(args, options)) {
    const lines = (rest + block.latin1Slice()).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** `author NAME <MAIL> SECONDS ZONE`: https://git-scm.com/docs/git-commit-tree#_commit_information */
function authorOf(commit: Buffer): Pick<FindingHistory, 'author' | 'date'> {
  const end = commit.indexOf('\n\n');
  const head = commit.subarray(0, end < 0 ? commit.length : end);
  const text = isUtf8(head) ? head.toString() : head.latin1Slice();
  const [, name = '', email = '', seconds = '', zone = ''] =
    /^author (.*?) ?<([^>\n]*)> (-?\d+) ([+-]\d{4})$/m.exec(text) ?? [];
  if (seconds === '') return {};
  const date = isoTime(Number(seconds), zone);
  return { author: { name, email }, ...(date !== undefined && { date }) };
}

/** ISO 8601 in a zone written `+0130`; `undefined` for what no calendar has. */
function isoTime(seconds: number, zone: string): string | undefined {
  const offset = Number(`${zone.charAt(0)}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  const date = new Date((seconds + offset * 60) * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  return `${date.toISOString().slice(0, -5)}${zone.slice(0, 3)}:${zone.slice(3)}`;
}

const UNITS: Readonly<Record<string, number>> = {
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_629_746,
  year: 31_556_952,
};

/** Seconds since 1970 of `2026-01-31`, of any other ISO 8601 time, or of an age as in `3 months`. */
function secondsOf(since: string): number {
  const age = /^(\d{1,6})[ .]?(minute|hour|day|week|month|year)s?(?:[ .]ago)?$/.exec(since.trim());
  const [, count = '', unit = ''] = age ?? [];
  if (age !== null) return Date.now() / 1000 - Number(count) * (UNITS[unit] ?? 0);
  const time = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(since.trim())
    ? Date.parse(since.trim())
    : Number.NaN;
  if (Number.isNaN(time)) {
    throw new UsageError(`--since: ${JSON.stringify(since)} is no date`, {
      fix: 'write it as in 2026-01-31, 2026-01-31T12:00:00Z or "3 months"',
    });
  }
  return time / 1000;
}
