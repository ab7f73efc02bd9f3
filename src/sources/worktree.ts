import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Chunk, Origin, Skipped, Source } from '../core/chunk.ts';
import { GitError, SourceError } from '../core/errors.ts';
import { decodePath } from '../core/path.ts';
import { findRepository } from '../git/repository.ts';
import { streamGit } from '../git/run.ts';
import { skipped } from './diff-source.ts';
import { PART_BYTES, PartCutter } from './parts.ts';
import { toChunk } from './stdin.ts';
import { decode, isLfsPointer, printableRuns, textKind, type TextKind } from './text.ts';

export interface WorktreeOptions {
  readonly cwd: string;
  /** Files and folders, absolute or relative to `cwd`; absent or empty: the whole repository or `cwd`. */
  readonly paths?: readonly string[];
}

/** Most that is read of a file that is no text. */
const BINARY_BYTES = 32 << 20;
/** Files are read into slabs of this size, so that a small file costs no allocation. */
const SLAB_BYTES = 1 << 20;
/** Files after which timers and signals get a turn. */
const TURN_FILES = 256;

/**
 * The files as they are on disk. In a repository: tracked ones and untracked ones that git does not
 * ignore; a path that is named and ignored is read nevertheless. Elsewhere: everything but `.git`.
 * Files are read directly, so no filter of git runs; links are never followed.
 */
export function worktreeSource(options: WorktreeOptions): Source {
  return {
    name: 'worktree',
    async *read({ signal } = {}): AsyncGenerator<Chunk | Skipped> {
      const top = await topLevel(options.cwd, (options.paths ?? []).length > 0);
      const cwd = realPath(resolve(options.cwd));
      const wanted = (options.paths ?? []).map((path) => realParent(resolve(cwd, path)));
      for (const path of wanted) {
        if (lstat(path) === undefined) {
          throw new SourceError(`${JSON.stringify(path)}: no such file or folder`, { fix: 'give a path that exists' });
        }
      }
      const files = new FileReader(signal);
      if (top === undefined) {
        const base = wanted.length === 0 ? [cwd] : wanted;
        for (const path of base) yield* readPlain(files, path, cwd);
        return;
      }
      const inside = wanted.filter((path) => isWithin(path, top));
      // Git lists the whole tree once; what was asked for is picked from that, so no path is on a command line.
      if (inside.length > 0 || wanted.length === 0) yield* readRepository(files, top, inside, signal);
      for (const path of wanted) {
        if (!isWithin(path, top)) yield* readPlain(files, path, cwd);
      }
    },
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The path with links resolved, but for its last name: a link that is named is not followed. */
function realParent(path: string): string {
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}

/** `undefined` outside git, and in a bare repository where paths are `named`. */
async function topLevel(cwd: string, named: boolean): Promise<string | undefined> {
  try {
    const { topLevel: top } = await findRepository(cwd);
    if (top === undefined && !named) {
      throw new SourceError('a bare repository has no working tree to scan', {
        fix: 'use `keepmum scan --range A..B`',
      });
    }
    return top;
  } catch (error) {
    if (error instanceof GitError && error.message.includes('not a git repository')) return undefined;
    throw error;
  }
}

async function* readRepository(
  files: FileReader,
  top: string,
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Chunk | Skipped> {
  const pick = new Pick(top, wanted);
  const seen = new Set<string>();
  for await (const name of listFiles(top, ['--cached', '--others', '--exclude-standard'], signal)) {
    const key = name.toString('latin1');
    if (seen.has(key) || !pick.takes(key)) continue;
    seen.add(key);
    const origin: Origin = { source: 'worktree', path: decodePath(name) };
    // A repository within this one, not registered as a submodule, ends in a slash.
    if (key.endsWith('/')) yield skipped(origin, 'submodule');
    else yield* files.read(top, name, origin, true);
  }
  for (const path of pick.untouched()) yield* readPlain(files, path, top);
  for await (const name of listFiles(top, ['--others', '--ignored', '--exclude-standard', '--directory'], signal)) {
    if (pick.takes(name.toString('latin1'))) yield skipped({ source: 'worktree', path: decodePath(name) }, 'ignored');
  }
}

/** Names as bytes, as git lists them. */
async function* listFiles(
  top: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  for await (const block of streamGit(['ls-files', '-z', ...args], { cwd: top, ...(signal && { signal }) })) {
    const bytes = carry.length === 0 ? block : Buffer.concat([carry, block]);
    let at = 0;
    for (let nul = bytes.indexOf(0); nul >= 0; nul = bytes.indexOf(0, at)) {
      yield bytes.subarray(at, nul);
      at = nul + 1;
    }
    carry = bytes.subarray(at);
  }
}

/** Which listed names the given paths ask for. */
class Pick {
  readonly #wanted: ReadonlyMap<string, string>;
  readonly #touched = new Set<string>();

  constructor(top: string, wanted: readonly string[]) {
    this.#wanted = new Map(
      wanted.map((path) => [Buffer.from(relative(top, path).split(sep).join('/')).toString('latin1'), path]),
    );
  }

  takes(name: string): boolean {
    if (this.#wanted.size === 0) return true;
    for (let key = name.replace(/\/$/, ''); ; key = key.slice(0, key.lastIndexOf('/'))) {
      if (this.#wanted.has(key)) {
        this.#touched.add(key);
        return true;
      }
      if (!key.includes('/')) break;
    }
    if (!this.#wanted.has('')) return false;
    this.#touched.add('');
    return true;
  }

  /** Paths of which git listed nothing: ignored, or empty. */
  untouched(): string[] {
    return [...this.#wanted].filter(([key]) => key !== '' && !this.#touched.has(key)).map(([, path]) => path);
  }
}

/** A file or folder without git's help. Paths are relative to `base`, or absolute outside it. */
async function* readPlain(files: FileReader, start: string, base: string): AsyncGenerator<Chunk | Skipped> {
  const root = Buffer.from(start);
  const label = (path: Buffer): string => {
    const prefix = Buffer.from(base.endsWith(sep) ? base : base + sep);
    const inside = path.length > prefix.length && path.subarray(0, prefix.length).equals(prefix);
    const text = decodePath(inside ? path.subarray(prefix.length) : path);
    return sep === '/' ? text : text.replaceAll(sep, '/');
  };
  const stack: Buffer[] = [root];
  for (let path = stack.pop(); path !== undefined; path = stack.pop()) {
    const stat = lstat(path);
    const origin: Origin = { source: 'worktree', path: label(path) };
    if (stat?.isDirectory() !== true) {
      yield* files.read(undefined, path, origin, false);
      continue;
    }
    let names: Dirent<Buffer>[];
    try {
      names = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
    } catch {
      yield skipped(origin, 'unreadable', true);
      continue;
    }
    const children = names
      .map((entry) => entry.name)
      .filter((name) => !name.equals(GIT_FOLDER))
      .sort((a, b) => Buffer.compare(b, a));
    const parent = path.at(-1) === 0x2f ? path : Buffer.concat([path, SLASH]);
    for (const name of children) stack.push(Buffer.concat([parent, name]));
  }
}

const GIT_FOLDER = Buffer.from('.git');
const SLASH = Buffer.from('/');

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function lstat(path: string | Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Where the platform lacks these flags (Windows), `lstat` is asked first. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;
const OPEN_FLAGS = constants.O_RDONLY | (NO_FOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads files one after the other. */
class FileReader {
  readonly #signal: AbortSignal | undefined;
  readonly #folders = new Map<string, boolean>();
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;
  #count = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** `name` is relative to `top` where that is given; a `tracked` file that is gone is nothing to tell. */
  async *read(
    top: string | undefined,
    name: Buffer,
    origin: Origin,
    tracked: boolean,
  ): AsyncGenerator<Chunk | Skipped> {
    if (++this.#count % TURN_FILES === 0) await setImmediate();
    this.#signal?.throwIfAborted();
    const path = fullPath(top, name);
    // A folder of a tracked path may have become a link that leads elsewhere: the file is then gone.
    if (top !== undefined && !this.#isReal(top, name.toString('latin1'))) return;
    if (NO_FOLLOW === undefined && lstat(path)?.isSymbolicLink() === true) {
      yield* readLink(path, origin);
      return;
    }
    let fd: number;
    try {
      fd = openSync(path, OPEN_FLAGS);
    } catch (error) {
      yield* cannotOpen(error, path, origin, tracked);
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

  *#contents(fd: number, size: number, origin: Origin): Generator<Chunk | Skipped> {
    // One byte more than the size says, in order to see that the file has not grown.
    let segment = this.#fill(fd, Math.min(size + 1, PART_BYTES));
    if (segment.length === 0) return;
    const kind = textKind(segment);
    if (isLfsPointer(segment)) {
      yield skipped(origin, 'lfs-pointer');
      return;
    }
    if (kind === 'binary') yield skipped(origin, 'binary');
    if (segment.length <= size && segment.length < PART_BYTES) {
      const bytes = convert(segment, kind);
      if (bytes.length > 0) yield { kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true };
      return;
    }
    const cutter = new PartCutter();
    for (let read = 0; segment.length > 0; segment = this.#fill(fd, PART_BYTES)) {
      for (const part of cutter.push(convert(segment, kind))) yield toChunk(part, origin);
      read += segment.length;
      if (kind === 'binary' && read >= BINARY_BYTES) break;
    }
    const last = cutter.finish();
    if (last !== undefined) yield toChunk(last, origin);
  }

  /** Reads `size` bytes, or what is left, into memory that nothing else will overwrite. */
  #fill(fd: number, size: number): Buffer {
    let target: Buffer;
    if (size > SLAB_BYTES / 4) {
      target = Buffer.allocUnsafeSlow(size);
    } else {
      if (this.#slab.length - this.#used < size) {
        this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
        this.#used = 0;
      }
      target = this.#slab.subarray(this.#used, this.#used + size);
    }
    let length = 0;
    while (length < size) {
      const got = readSync(fd, target, length, size - length, null);
      if (got === 0) break;
      length += got;
    }
    if (size <= SLAB_BYTES / 4) this.#used += length;
    return target.subarray(0, length);
  }

  /** No folder on the way from `top` to the file is a link. */
  #isReal(top: string, name: string): boolean {
    const slash = name.lastIndexOf('/');
    if (slash < 0) return true;
    const folder = name.slice(0, slash);
    let real = this.#folders.get(folder);
    if (real === undefined) {
      real = this.#isReal(top, folder) && lstat(fullPath(top, Buffer.from(folder, 'latin1')))?.isDirectory() === true;
      this.#folders.set(folder, real);
    }
    return real;
  }
}

/** A string where the name is UTF-8, which is faster; bytes elsewhere. */
function fullPath(top: string | undefined, name: Buffer): string | Buffer {
  if (top === undefined) return isUtf8(name) ? name.toString() : name;
  return isUtf8(name) ? `${top}/${name.toString()}` : Buffer.concat([Buffer.from(`${top}/`), name]);
}

function* cannotOpen(
  error: unknown,
  path: string | Buffer,
  origin: Origin,
  tracked: boolean,
): Generator<Chunk | Skipped> {
  if (!isSystemError(error)) throw error;
  const stat = lstat(path);
  if (stat?.isSymbolicLink() === true) yield* readLink(path, origin);
  else if (stat === undefined && tracked && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
  else if (stat !== undefined && !stat.isFile() && !stat.isDirectory()) yield skipped(origin, 'special-file');
  else if (stat?.isDirectory() === true && error.code === 'EISDIR') yield skipped(origin, 'submodule');
  else yield skipped(origin, 'unreadable', true);
}

/** Only where a link points is examined. */
function* readLink(path: string | Buffer, origin: Origin): Generator<Chunk | Skipped> {
  yield skipped(origin, 'symlink');
  const bytes = readlinkSync(path, { encoding: 'buffer' });
  yield { kind: 'chunk', origin, bytes, firstLine: 1, whole: true, newFile: true };
}

function convert(bytes: Buffer, kind: TextKind): Buffer {
  if (kind === 'plain') return bytes;
  return kind === 'binary' ? printableRuns(bytes) : decode(bytes, kind);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
