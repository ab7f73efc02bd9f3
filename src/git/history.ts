import type { PlaceTable } from '../core/chunk.ts';
import { Column } from '../core/column.ts';
import { countUp } from '../core/count-up.ts';
import { GitError } from '../core/errors.ts';
import { release } from '../core/free-memory.ts';
import { IdTable } from '../core/id-table.ts';
import { pathIn, PathTable } from '../core/path-table.ts';
import { decodePath } from '../core/path.ts';
import { streamGit } from './run.ts';

const NUL = 0;
const COMMIT_MARK = 1;
const LF = 10;
const SPACE = 32;
const COLON = 58;
/** No header line and no path is longer. */
const FIELD_CAP = 1 << 20;

const SYMLINK = 0o120000;
const SUBMODULE = 0o160000;

const HEX = new Uint8Array(256);
for (const [value, digit] of '0123456789abcdef'.split('').entries()) HEX[digit.charCodeAt(0)] = value;

/** One path under which a blob stood, in one commit or in many. */
export interface BlobPlace {
  readonly blob: number;
  readonly path: string;
  /** Index of the oldest commit that brought it; -1 where none is known. */
  readonly commit: number;
  /** Commits that brought it: more than one where it was taken out, or where branches have the same change. */
  readonly commits: number;
}

/**
 * Notes which blobs stood where, and which commit brought each there. Tables of numbers: a history has
 * millions of them.
 */
export class PlaceLog {
  readonly blobs: IdTable;
  /** In the order that git lists them: newest first, none before all of its children. */
  readonly commits: IdTable;
  /** Paths of submodules; each is told once. */
  readonly submodules: Set<string> = new Set();
  readonly #paths = new PathTable();
  readonly #blob = new Column();
  readonly #path = new Column();
  /** Index of the commit plus 1. */
  readonly #commit = new Column();
  readonly #commits = new Column();
  readonly #symlink = new Column();
  #slots = new Uint32Array(1024);

  /** @param width bytes of an id */
  constructor(width: number) {
    this.blobs = new IdTable(width);
    this.commits = new IdTable(width);
  }

  /** Notes that a commit (-1: unknown) brought a blob to a path; later calls are for older commits. */
  add(blob: number, path: number, commit: number, symlink: boolean): void {
    const slot = this.#slotOf(blob, path);
    const held = this.#slots[slot] ?? 0;
    if (held !== 0) {
      this.#commit.set(held - 1, commit + 1);
      this.#commits.set(held - 1, this.#commits.at(held - 1) + 1);
      return;
    }
    this.#slots[slot] = this.#blob.size + 1;
    this.#blob.push(blob);
    this.#path.push(path);
    this.#commit.push(commit + 1);
    this.#commits.push(1);
    this.#symlink.push(symlink ? 1 : 0);
    if (this.#blob.size * 2 > this.#slots.length) this.#grow();
  }

  /** Index of a path, as `add` takes it. */
  pathOf(bytes: Uint8Array, start: number, end: number): number {
    return this.#paths.add(bytes, start, end);
  }

  /** All that was noted. Nothing can be added from then on: what only that needs is given up. */
  finish(): BlobPlaces {
    const { names, nameStarts } = this.#paths.all();
    return new BlobPlaces(this.blobs, this.commits, {
      blob: this.#blob.all().slice(),
      commit: this.#commit.all().slice(),
      commits: this.#commits.all().slice(),
      paths: shared(this.#path.all(), Uint32Array),
      symlinks: shared(this.#symlink.all(), Uint8Array),
      names: shared(names, Uint8Array),
      nameStarts: shared(nameStarts, Uint32Array),
    });
  }

  #slotOf(blob: number, path: number): number {
    const mask = this.#slots.length - 1;
    let slot = mixed(blob, path) & mask;
    for (;;) {
      const held = this.#slots[slot] ?? 0;
      if (held === 0 || (this.#blob.at(held - 1) === blob && this.#path.at(held - 1) === path)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let place = 0; place < this.#blob.size; place++) {
      this.#slots[this.#slotOf(this.#blob.at(place), this.#path.at(place))] = place + 1;
    }
  }
}

/** What {@link PlaceLog} has noted: of each place its blob, the oldest commit plus 1 and their number, and what all threads know. */
interface Places extends Pick<PlaceTable, 'paths' | 'symlinks' | 'names' | 'nameStarts'> {
  readonly blob: Uint32Array;
  readonly commit: Uint32Array;
  readonly commits: Uint32Array;
}

/** Which blobs stood where, and which commit brought each there. */
export class BlobPlaces {
  readonly blobs: IdTable;
  /** @see PlaceLog.commits */
  readonly commits: IdTable;
  readonly #places: Places;
  #table: PlaceTable | undefined;

  constructor(blobs: IdTable, commits: IdTable, places: Places) {
    this.blobs = blobs;
    this.commits = commits;
    this.#places = places;
  }

  get size(): number {
    return this.#places.blob.length;
  }

  at(place: number): BlobPlace {
    const { blob, commit, commits, paths } = this.#places;
    return {
      blob: blob[place] ?? 0,
      path: pathIn(this.#places, paths[place] ?? 0),
      commit: (commit[place] ?? 0) - 1,
      commits: commits[place] ?? 0,
    };
  }

  /** The places of a blob, by their index. */
  placesOf(blob: number): Uint32Array {
    const { starts, places } = this.table();
    return places.subarray(starts[blob], starts[blob + 1]);
  }

  /** All that is known, for those who read the blobs. */
  table(): PlaceTable {
    return (this.#table ??= this.tableOf());
  }

  /** The same with the places of some paths only. */
  tableOf(hasPath?: (path: string) => boolean): PlaceTable {
    const { blob: blobs, paths, symlinks, names, nameStarts } = this.#places;
    const isWanted =
      hasPath && Array.from({ length: nameStarts.length - 1 }, (_, index) => hasPath(pathIn(this.#places, index)));
    const wanted = (place: number): boolean => isWanted === undefined || isWanted[paths[place] ?? 0] === true;
    const starts = new Uint32Array(new SharedArrayBuffer((this.blobs.size + 2) * 4));
    let count = 0;
    for (let place = 0; place < this.size; place++) {
      if (!wanted(place)) continue;
      countUp(starts, (blobs[place] ?? 0) + 2);
      count++;
    }
    for (let blob = 1; blob < starts.length; blob++) starts[blob] = (starts[blob] ?? 0) + (starts[blob - 1] ?? 0);
    const places = new Uint32Array(new SharedArrayBuffer(count * 4));
    for (let place = 0; place < this.size; place++) {
      if (wanted(place)) places[countUp(starts, (blobs[place] ?? 0) + 1) - 1] = place;
    }
    const id = process.getBuiltinModule('node:crypto').randomUUID();
    return { id, starts, places, paths, symlinks, names, nameStarts, firstMessage: this.size };
  }
}

/** A copy of numbers in memory that all threads have. */
function shared<Numbers extends Uint8Array | Uint32Array>(
  numbers: Uint8Array | Uint32Array,
  type: { new (memory: SharedArrayBuffer): Numbers; readonly BYTES_PER_ELEMENT: number },
): Numbers {
  const copy = new type(new SharedArrayBuffer(numbers.length * type.BYTES_PER_ELEMENT));
  copy.set(numbers);
  return copy;
}

function mixed(a: number, b: number): number {
  const hash = Math.imul(a ^ Math.imul(b, 0x9e_37_79_b1), 0x85_eb_ca_6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

export interface HistoryQuery {
  readonly cwd: string;
  /** Every ref, HEAD, and what reflogs name, stashes among it. */
  readonly all?: boolean;
  /** Ids of commits, or `^` and the id of one whose history is left out. */
  readonly tips?: readonly string[];
  /** Nothing that a ref or a reflog leads to. */
  readonly beyondAll?: boolean;
  /** Commits that were made earlier than this, in seconds since 1970, are left out. */
  readonly since?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Notes all that the commits of a query brought: what differs from the parent, all files of a first commit,
 * and of a merge what differs from every parent. What a merge took from one of them was brought by a
 * commit on that side.
 * @throws {GitError} where git cannot walk the history; what came until then has been noted
 */
export async function readHistory(query: HistoryQuery, into: PlaceLog): Promise<void> {
  const parser = new LogParser(into, query.since);
  const git = streamGit(
    [
      'log',
      '--raw',
      '-z',
      '-c',
      '--root',
      '--no-abbrev',
      '--no-renames',
      // What a commit took away is none of it; half of the lines of a history whose files are replaced.
      '--diff-filter=d',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-relative',
      '--no-notes',
      '--ignore-submodules=none',
      '-O/dev/null',
      '--date-order',
      '--format=%x01%H %ct',
      '--stdin',
      ...(query.all === true ? ['--all', '--reflog'] : []),
      ...(query.beyondAll === true ? ['--not', '--all', '--reflog', '--not'] : []),
    ],
    {
      cwd: query.cwd,
      input: (query.tips ?? []).map((tip) => `${tip}\n`).join(''),
      ...(query.signal && { signal: query.signal }),
    },
  );
  for await (const block of git) {
    parser.push(block);
  }
  parser.finish();
}

/** Reads what `git log --raw -z -c` prints, however it is split. Paths end with a NUL and hold none. */
class LogParser {
  readonly #into: PlaceLog;
  readonly #since: number | undefined;
  readonly #id: Buffer;
  #carry: Buffer | undefined;
  #commit = -1;
  #counts = false;

  constructor(into: PlaceLog, since: number | undefined) {
    this.#into = into;
    this.#since = since;
    this.#id = Buffer.alloc(into.blobs.width);
  }

  /** The block is taken over: what waits to be collected adds up to some ten megabytes. */
  push(block: Buffer): void {
    const bytes = this.#carry === undefined ? block : Buffer.concat([this.#carry, block]);
    if (bytes !== block) release(block);
    const end = this.#readAll(bytes);
    if (bytes.length - end > FIELD_CAP) throw new GitError('git log gave an endless field');
    this.#carry = end < bytes.length ? Buffer.from(bytes.subarray(end)) : undefined;
    release(bytes);
  }

  /** Gives where the first field starts that is not there as a whole. */
  #readAll(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length) {
      const next = this.#read(bytes, at);
      if (next < 0) break;
      at = next;
    }
    return at;
  }

  finish(): void {
    if (this.#carry !== undefined) throw new GitError('git log ended within a line');
  }

  #read(bytes: Buffer, at: number): number {
    const first = bytes[at];
    if (first === NUL || first === LF) return at + 1;
    const end = bytes.indexOf(NUL, at);
    if (end < 0) return -1;
    if (first === COMMIT_MARK) {
      this.#startCommit(bytes, at + 1, end);
      return end + 1;
    }
    if (first !== COLON) throw new GitError('git log gave an unknown line');
    const pathEnd = bytes.indexOf(NUL, end + 1);
    if (pathEnd < 0) return -1;
    if (this.#counts) this.#entry(bytes, at, end, pathEnd);
    return pathEnd + 1;
  }

  #startCommit(bytes: Buffer, at: number, end: number): void {
    const time = Number(bytes.latin1Slice(at + this.#id.length * 2 + 1, end));
    if (bytes[at + this.#id.length * 2] !== SPACE || !Number.isFinite(time)) {
      throw new GitError('git log gave an unknown line');
    }
    this.#counts = this.#since === undefined || time >= this.#since;
    if (!this.#counts) return;
    this.#readId(bytes, at);
    this.#commit = this.#into.commits.add(this.#id);
  }

  /** `:mode mode id id status`, with one colon, mode and id for each parent. */
  #entry(bytes: Buffer, start: number, end: number, pathEnd: number): void {
    let parents = 0;
    while (bytes[start + parents] === COLON) parents++;
    const modeAt = start + parents + parents * 7;
    const idAt = modeAt + 7 + parents * (this.#id.length * 2 + 1);
    let mode = 0;
    for (let i = 0; i < 6; i++) mode = mode * 8 + ((bytes[modeAt + i] ?? 0) - 48);
    if (idAt + this.#id.length * 2 >= end || bytes[modeAt + 6] !== SPACE) {
      throw new GitError('git log gave an unknown line');
    }
    if (mode === 0) return;
    if (mode === SUBMODULE) {
      this.#into.submodules.add(decodePath(bytes.subarray(end + 1, pathEnd)));
      return;
    }
    this.#readId(bytes, idAt);
    const blob = this.#into.blobs.add(this.#id);
    this.#into.add(blob, this.#into.pathOf(bytes, end + 1, pathEnd), this.#commit, mode === SYMLINK);
  }

  #readId(bytes: Buffer, at: number): void {
    for (let i = 0; i < this.#id.length; i++) {
      // In bounds: the caller has seen that the digits are there; a byte is an index of HEX.
      this.#id[i] =
        ((HEX[bytes[at + i * 2] as number] as number) << 4) | (HEX[bytes[at + i * 2 + 1] as number] as number);
    }
  }
}
