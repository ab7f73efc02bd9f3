import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BatchReport, Chunk, FileBatch, FileMark, Looker, Origin, SkipReason, Skipped } from '../core/chunk.ts';
import { countLines, countNewLines } from '../core/line-count.ts';
import { decodePath } from '../core/path.ts';
import { skipped } from './diff-source.ts';
import { OVERLAP_BYTES, PART_BYTES, PartCutter } from './parts.ts';
import { toChunk } from './stdin.ts';
import { archiveFormat, decode, isLfsPointer, printableRuns, textKind, type TextKind } from './text.ts';

/** Most that is read of a file that is no text. */
const BINARY_BYTES = 32 << 20;
/** Milliseconds after which timers, signals and other threads get a turn. */
const TURN = 10;
/** Bytes of one file after which they do. */
const TURN_BYTES = 16 << 20;
/** A file that fits is read at once: one byte more than a part, to see that there is no more. */
const ROOM_BYTES = PART_BYTES + 1;

/** Where a platform lacks these flags (Windows), `lstat` is asked first. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;
const OPEN_FLAGS = constants.O_RDONLY | (NO_FOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads files one after the other. Links are never followed. */
export class FileReader {
  readonly #looker: Looker | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #folders = new Map<string, boolean>();
  /** The last one that was found to be no link, and none on the way to it. */
  #lastFolder: string | undefined;
  #segment: Buffer | undefined;

  /** Without a looker every file is taken to have findings. */
  constructor(looker?: Looker, signal?: AbortSignal) {
    this.#looker = looker;
    this.#signal = signal;
  }

  /** Looks at the files of a batch: what has no finding is only counted. */
  async examine(batch: FileBatch): Promise<BatchReport> {
    const tally = new Tally();
    let turn = performance.now();
    for (const name of namesOf(batch.names)) {
      tally.files++;
      if (performance.now() - turn > TURN) {
        await setImmediate();
        turn = performance.now();
        this.#signal?.throwIfAborted();
      }
      const short = this.#textOf(batch, name);
      const text = short === 'long' ? await this.#longTextOf(batch, name) : short;
      if (text === undefined) {
        await this.#thorough(batch, name, tally);
        continue;
      }
      const { bytes, lines, found, skips } = text;
      // Nothing is waited for where nothing has to be loaded.
      if (found === true || (found !== false && (await found))) {
        tally.mark({ name });
      } else {
        tally.add(bytes, lines);
        if (skips.length > 0) tally.mark({ name, skipped: skips });
      }
    }
    return tally.report();
  }

  /** The short way for small files of plain text, which most are; `long` where it may be longer text, `undefined` for all others. */
  #textOf(batch: FileBatch, name: Buffer): Text | 'long' | undefined {
    const looker = this.#looker;
    const way = this.#shortWayTo(batch, name);
    if (looker === undefined || way === undefined) return undefined;
    const { file, origin } = way;
    const room = looker.room(ROOM_BYTES);
    let length = 0;
    let fd = -1;
    try {
      fd = openSync(file, OPEN_FLAGS);
      length = fill(fd, room, ROOM_BYTES);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return undefined;
    } finally {
      if (fd >= 0) closeSync(fd);
    }
    // An empty file may be none at all.
    if (length === 0) return undefined;
    if (length > PART_BYTES) return 'long';
    const bytes = room.subarray(0, length);
    if (!isPlain(bytes)) return undefined;
    const lines = countLines(bytes, (counted) => looker.countLineFeeds(counted));
    const skips: Skipped[] = [];
    const found = looker.hasFindings(wholeFile(origin, bytes), (reason) => skips.push(skipped(origin, reason)));
    return { bytes: length, lines, found, skips };
  }

  /**
   * The same for text that is longer than a part: read into one place, part by part as `items` gives it. `undefined`
   * for all other files.
   */
  async #longTextOf(batch: FileBatch, name: Buffer): Promise<Text | undefined> {
    const looker = this.#looker;
    const way = this.#shortWayTo(batch, name);
    if (looker === undefined || way === undefined) return undefined;
    const { file, origin } = way;
    const skips: Skipped[] = [];
    const skip = (reason: SkipReason): void => {
      skips.push(skipped(origin, reason));
    };
    const feeds = (bytes: Uint8Array): number => looker.countLineFeeds(bytes);
    const cutter = new PartCutter(PART_BYTES, OVERLAP_BYTES, feeds);
    const text = { bytes: 0, lines: 0, found: false, skips };
    let fd = -1;
    try {
      fd = openSync(file, OPEN_FLAGS);
      let room = looker.room(ROOM_BYTES);
      let length = fill(fd, room, ROOM_BYTES);
      if (length <= PART_BYTES || !isPlain(room.subarray(0, PART_BYTES))) return undefined;
      for (;;) {
        const isLast = length < ROOM_BYTES;
        const rest = room.subarray(0, length);
        const { part, from } = isLast ? { part: cutter.last(rest), from: length } : cutter.next(rest);
        if (part === undefined) return text;
        const chunk = toChunk(part, origin);
        text.bytes += chunk.bytes.length;
        text.lines += countNewLines(chunk, feeds);
        if (await looker.hasFindings(chunk, skip)) return { ...text, found: true };
        if (isLast) return text;
        await setImmediate();
        this.#signal?.throwIfAborted();
        room = looker.room(ROOM_BYTES);
        room.copyWithin(0, from, length);
        length = length - from + fill(fd, room.subarray(length - from), ROOM_BYTES - length + from);
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return undefined;
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }

  /** Where a file is that may be opened without being asked for first; `undefined`: what git has not listed may be anything. */
  #shortWayTo(
    { root, listed }: FileBatch,
    name: Buffer,
  ): { readonly file: string; readonly origin: Origin } | undefined {
    if (!listed || root === undefined || NO_FOLLOW === undefined || !isUtf8(name)) return undefined;
    const path = name.toString();
    const file = `${root}/${path}`;
    // Names come folder by folder.
    const folder = file.slice(0, root.length + 1 + path.lastIndexOf('/'));
    if (folder !== this.#lastFolder) {
      if (!this.#isReal(root, name)) return undefined;
      this.#lastFolder = folder;
    }
    return { file, origin: originAt(path) };
  }

  /** Everything that `items` gives of a file is looked at; what has findings is read again later. */
  async #thorough(batch: FileBatch, name: Buffer, tally: Tally): Promise<void> {
    const skips: Skipped[] = [];
    let examined: { path: string; bytes: number; lines: number } | undefined;
    const files: { bytes: number; lines: number }[] = [];
    for await (const item of this.items(batch, name)) {
      if (item.kind === 'skipped') {
        skips.push(item);
        continue;
      }
      const skip = (reason: SkipReason): void => {
        skips.push(skipped(item.origin, reason));
      };
      if (this.#looker === undefined || (await this.#looker.hasFindings(item, skip))) {
        tally.mark({ name });
        return;
      }
      // An archive is many files.
      if (examined?.path !== item.origin.path) {
        examined = { path: item.origin.path, bytes: 0, lines: 0 };
        files.push(examined);
      }
      examined.bytes += item.bytes.length;
      examined.lines += countNewLines(item);
    }
    for (const { bytes, lines } of files) tally.add(bytes, lines);
    if (skips.length > 0) tally.mark({ name, skipped: skips });
  }

  /** All of one file, in memory of its own; `name` is one of the batch. */
  async *items({ root, listed }: Omit<FileBatch, 'names'>, name: Buffer): AsyncGenerator<Chunk | Skipped> {
    this.#signal?.throwIfAborted();
    const path = fullPath(root, name);
    const origin = originOf(name);
    // A folder of a tracked path may have become a link that leads elsewhere: the file is then gone.
    if (listed && root !== undefined && !this.#isReal(root, name)) return;
    if (NO_FOLLOW === undefined && lstat(path)?.isSymbolicLink() === true) {
      yield* readLink(path, origin);
      return;
    }
    let fd: number;
    try {
      fd = openSync(path, OPEN_FLAGS);
    } catch (error) {
      yield* cannotOpen(error, path, origin, listed);
      return;
    }
    try {
      const stat = fstatSync(fd);
      if (stat.isDirectory()) yield skipped(origin, 'submodule');
      else if (stat.isFile()) yield* this.#contents(fd, stat.size, origin);
      else yield skipped(origin, 'special-file');
    } catch (error) {
      if (!isSystemError(error)) throw error;
      yield skipped(origin, 'unreadable', true);
    } finally {
      closeSync(fd);
    }
  }

  async *#contents(fd: number, size: number, origin: Origin): AsyncGenerator<Chunk | Skipped> {
    this.#segment ??= Buffer.allocUnsafeSlow(PART_BYTES);
    const room = this.#segment;
    let segment = room.subarray(0, fill(fd, room, PART_BYTES));
    if (segment.length === 0) return;
    const format = archiveFormat(segment);
    if (format !== undefined) {
      const { archiveItems } = await import('./archive.ts');
      if (yield* archiveItems({ fd, size }, format, origin, this.#signal)) return;
    }
    const kind = textKind(segment);
    if (isLfsPointer(segment)) {
      yield skipped(origin, 'lfs-pointer');
      return;
    }
    if (kind === 'binary') yield skipped(origin, 'binary');
    if (segment.length < PART_BYTES) {
      const bytes = kind === 'plain' ? Buffer.from(segment) : convert(segment, kind);
      if (bytes.length > 0) yield wholeFile(origin, bytes);
      return;
    }
    const cutter = new PartCutter();
    let read = 0;
    while (segment.length > 0) {
      if (kind === 'binary' && read >= BINARY_BYTES) {
        yield skipped(origin, 'too-large');
        break;
      }
      read += segment.length;
      for (const part of cutter.push(convert(segment, kind))) yield toChunk(part, origin);
      if (read % TURN_BYTES === 0) {
        await setImmediate();
        this.#signal?.throwIfAborted();
      }
      segment = room.subarray(0, fill(fd, room, PART_BYTES));
    }
    const last = cutter.finish();
    if (last !== undefined) yield toChunk(last, origin);
  }

  /** No folder on the way from `root` to the file is a link. */
  #isReal(root: string, name: Buffer): boolean {
    const slash = name.lastIndexOf(SLASH);
    return slash < 0 || this.#isFolder(root, name.latin1Slice(0, slash));
  }

  #isFolder(root: string, folder: string): boolean {
    let real = this.#folders.get(folder);
    if (real === undefined) {
      const slash = folder.lastIndexOf('/');
      real =
        (slash < 0 || this.#isFolder(root, folder.slice(0, slash))) &&
        lstat(fullPath(root, Buffer.from(folder, 'latin1')))?.isDirectory() === true;
      // Names come folder by folder.
      if (this.#folders.size >= MOST_FOLDERS) this.#folders.clear();
      this.#folders.set(folder, real);
    }
    return real;
  }
}

const SLASH = 0x2f;
/** Folders that are remembered. */
const MOST_FOLDERS = 10_000;

/** A file of plain text that has been looked at. */
interface Text {
  readonly bytes: number;
  readonly lines: number;
  readonly found: boolean | Promise<boolean>;
  /** What could not be looked at; complete once `found` is known. */
  readonly skips: readonly Skipped[];
}

/** What a batch comes to. */
class Tally {
  files = 0;
  readonly #marks: FileMark[] = [];
  #examined = 0;
  #bytes = 0;
  #lines = 0;

  add(bytes: number, lines: number): void {
    this.#examined++;
    this.#bytes += bytes;
    this.#lines += lines;
  }

  mark(mark: FileMark): void {
    this.#marks.push(mark);
  }

  report(): BatchReport {
    return {
      files: this.files,
      quiet: { files: this.#examined, bytes: this.#bytes, lines: this.#lines },
      marks: this.#marks,
    };
  }
}

/** The names of a batch; each is a part of the whole. */
export function* namesOf(names: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(names.buffer, names.byteOffset, names.byteLength);
  let at = 0;
  for (let nul = bytes.indexOf(0); nul >= 0; nul = bytes.indexOf(0, at)) {
    yield bytes.subarray(at, nul);
    at = nul + 1;
  }
}

/** What a file is called in reports. */
export function originOf(name: Buffer): Origin {
  return originAt(decodePath(name));
}

function originAt(path: string): Origin {
  return { source: 'worktree', path: sep === '/' ? path : path.replaceAll(sep, '/') };
}

/** Text that is read as it is. */
function isPlain(head: Buffer): boolean {
  return textKind(head) === 'plain' && archiveFormat(head) === undefined && !isLfsPointer(head);
}

function wholeFile(origin: Origin, bytes: Buffer): Chunk {
  return { kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true };
}

/** Reads until `target` has `size` bytes or the file ends; gives how many it has. */
function fill(fd: number, target: Buffer, size: number): number {
  let length = 0;
  while (length < size) {
    const got = readSync(fd, target, length, size - length, null);
    if (got === 0) break;
    length += got;
  }
  return length;
}

/** A string where the name is UTF-8, which is faster; bytes elsewhere. */
function fullPath(root: string | undefined, name: Buffer): string | Buffer {
  if (root === undefined) return isUtf8(name) ? name.toString() : name;
  return isUtf8(name) ? `${root}/${name.toString()}` : Buffer.concat([Buffer.from(`${root}/`), name]);
}

function* cannotOpen(
  error: unknown,
  path: string | Buffer,
  origin: Origin,
  listed: boolean,
): Generator<Chunk | Skipped> {
  if (!isSystemError(error)) throw error;
  const stat = lstat(path);
  if (stat?.isSymbolicLink() === true) yield* readLink(path, origin);
  else if (stat === undefined && listed && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
  else if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) yield skipped(origin, 'special-file');
  else if (stat?.isDirectory() === true && error.code === 'EISDIR') yield skipped(origin, 'submodule');
  else yield skipped(origin, 'unreadable', true);
}

/** Only where a link points is examined. */
function* readLink(path: string | Buffer, origin: Origin): Generator<Chunk | Skipped> {
  yield skipped(origin, 'symlink');
  yield wholeFile(origin, readlinkSync(path, { encoding: 'buffer' }));
}

/** Its own state; a path that cannot be asked for has none. */
export function lstat(path: string | Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function convert(bytes: Buffer, kind: TextKind): Buffer {
  if (kind === 'plain') return bytes;
  return kind === 'binary' ? printableRuns(bytes) : decode(bytes, kind);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
