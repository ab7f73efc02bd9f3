import { readdirSync, realpathSync, type Dirent } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { FileBatch, Source, SourceItem } from '../core/chunk.ts';
import { WholeDigest, type Shard } from '../core/shard.ts';
import { GitError, KeepmumError, SourceError } from '../core/errors.ts';
import { findRepository, type Repository } from '../git/repository.ts';
import { commitOf } from '../git/revisions.ts';
import { listFiles, trackedCount } from '../git/listing.ts';
import type { GitOptions } from '../git/run.ts';
import { Batcher, inOrder, type Work } from './batches.ts';
import { skipped } from './diff-source.ts';
import { FileReader, lstat, originOf } from './files.ts';

export interface WorktreeOptions {
  readonly cwd: string;
  /** Files and folders, absolute or relative to `cwd`; absent or empty: the whole repository or `cwd`. */
  readonly paths?: readonly string[];
  /** Files of this part only, by their paths. */
  readonly shard?: Shard | undefined;
  /**
   * Files that git ignores are read too. `but-dependencies`: not those in folders of dependencies and of build
   * output, which are counted as such.
   */
  readonly ignored?: 'all' | 'but-dependencies' | undefined;
  /** Git is not asked, whatever the folder is. */
  readonly isPlain?: boolean | undefined;
}

/** Names of folders that a package manager or a build fills, and that nobody writes in. */
const MADE_FOLDERS: ReadonlySet<string> = new Set(
  (
    '.angular .astro .build .bundle .bzr .cache .dart_tool .docusaurus .eggs .expo .gradle .hypothesis .ipynb_checkpoints ' +
    '.mypy_cache .next .nox .nuxt .nyc_output .output .parcel-cache .pixi .pnp .pnpm-store .pytest_cache .ruff_cache ' +
    '.sass-cache .svelte-kit .terragrunt-cache .tox .turbo .venv .vite .yarn __pycache__ _build bower_components ' +
    'build cmake-build-debug cmake-build-release coverage DerivedData deps dist elm-stuff htmlcov jspm_packages ' +
    'node_modules obj out Pods site-packages target vendor venv'
  ).split(' '),
);

/**
 * The files as they are on disk. In a repository: tracked ones and untracked ones that git does not
 * ignore; a path that is named and ignored is read nevertheless. Elsewhere: everything but `.git`.
 * Files are read directly, so no filter of git runs; links are never followed.
 */
export function worktreeSource(options: WorktreeOptions): Source {
  let shardOf: string | undefined;
  return {
    name: 'worktree',
    shard: options.shard,
    get shardOf() {
      return shardOf;
    },
    async *read(asked = {}): AsyncGenerator<SourceItem> {
      const { signal, looker, skipPath, threads } = asked;
      const { ignored, isPlain = false } = options;
      const repository = isPlain ? undefined : await repositoryAt(options.cwd, (options.paths ?? []).length > 0);
      const top = repository?.topLevel;
      const cwd = realPath(resolve(options.cwd));
      const wanted = (options.paths ?? []).map((path) => realParent(resolve(cwd, path)));
      // While git lists them, which takes about as long as a thread takes to start.
      if (repository !== undefined && wanted.length === 0) {
        threads?.expect(trackedCount(repository.gitDir) / (options.shard?.count ?? 1), 'files');
      }
      for (const path of wanted) {
        if (lstat(path) === undefined) {
          throw new SourceError(`${JSON.stringify(path)}: no such file or folder`, { fix: 'give a path that exists' });
        }
      }
      const list = async function* (): AsyncGenerator<Work> {
        const whole = options.shard && new WholeDigest();
        const batcher = new Batcher(skipPath, options.shard, whole);
        if (top === undefined) {
          for (const path of wanted.length === 0 ? [cwd] : wanted) yield* listFolder(batcher, path, cwd);
          shardOf = whole?.toString();
          return;
        }
        const inside = wanted.filter((path) => isWithin(path, top));
        // Git lists the whole tree once; what was asked for is picked from that, so no path is on a command line.
        if (inside.length > 0 || wanted.length === 0) yield* listRepository(batcher, top, inside, signal, ignored);
        for (const path of wanted) {
          if (!isWithin(path, top)) yield* listFolder(batcher, path, cwd);
        }
        // The same paths may hold something else in another commit.
        whole?.add(await headOf(top));
        shardOf = whole?.toString();
      };
      yield* inOrder(list(), new FileReader(looker, signal), asked);
    },
  };
}

/** Empty where there is no commit yet. */
async function headOf(cwd: string): Promise<string> {
  return commitOf(cwd, 'HEAD', 'the working tree').catch((error: unknown) => {
    if (error instanceof KeepmumError) return '';
    throw error;
  });
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

/** `undefined` outside git. @throws {SourceError} in a bare repository, where no paths are `named` */
async function repositoryAt(cwd: string, named: boolean): Promise<Repository | undefined> {
  try {
    const repository = await findRepository(cwd);
    if (repository.topLevel === undefined && !named) {
      throw new SourceError('a bare repository has no working tree to scan', {
        fix: 'use `keepmum scan --range A..B`',
      });
    }
    return repository;
  } catch (error) {
    if (error instanceof GitError && error.message.includes('not a git repository')) return undefined;
    throw error;
  }
}

async function* listRepository(
  batcher: Batcher,
  top: string,
  wanted: readonly string[],
  signal: AbortSignal | undefined,
  ignored: WorktreeOptions['ignored'],
): AsyncGenerator<Work> {
  const pick = new Pick(top, wanted);
  const within = { root: top, listed: true };
  const git = { cwd: top, ...(signal && { signal }) };
  let last: Buffer = Buffer.alloc(0);
  // What is tracked git knows at once; for the rest it reads all folders, and there is enough to do meanwhile.
  for await (const name of listFiles(git, ['--cached'])) {
    // An unmerged path is listed once for each side, one behind the other.
    if (name.equals(last) || !pick.takes(name)) continue;
    last = name;
    yield* batcher.add(within, name);
  }
  // It reads them for each question anew, and of a fresh clone there is but one.
  const isClean = !(await hasUntracked(git));
  if (!isClean) {
    for await (const name of listFiles(git, ['--others', '--exclude-standard'])) {
      if (!pick.takes(name)) continue;
      // A repository within this one, not registered as a submodule, ends in a slash.
      if (name.at(-1) === SLASH) yield* batcher.tell(skipped(originOf(name), 'submodule'));
      else yield* batcher.add(within, name);
    }
  }
  yield* batcher.end();
  for (const path of pick.untouched()) yield* listFolder(batcher, path, top);
  if (isClean) return;
  for await (const name of listFiles(git, ['--others', '--ignored', '--exclude-standard', '--directory'])) {
    if (!pick.takes(name)) continue;
    if (ignored === undefined) yield* batcher.tell(skipped(originOf(name), 'ignored'));
    else if (name.at(-1) !== SLASH) yield* batcher.add(within, name);
    else yield* listFolder(batcher, Buffer.concat([Buffer.from(`${top}/`), name.subarray(0, -1)]), top, ignored);
  }
  yield* batcher.end();
}

/** Whether anything stands in the working tree that is not tracked, ignored or not. */
async function hasUntracked(git: GitOptions): Promise<boolean> {
  for await (const name of listFiles(git, ['--others', '--directory', '--no-empty-directory']))
    if (name.length > 0) return true;
  return false;
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

  takes(name: Buffer): boolean {
    if (this.#wanted.size === 0) return true;
    for (let key = name.toString('latin1').replace(/\/$/, ''); ; key = key.slice(0, key.lastIndexOf('/'))) {
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

/**
 * A file or folder without git's help. Paths are relative to `base`, or absolute outside it.
 * @param ignored of a folder that git ignores: what of it is read; repositories in it are not
 */
async function* listFolder(
  batcher: Batcher,
  start: string | Buffer,
  base: string,
  ignored?: WorktreeOptions['ignored'],
): AsyncGenerator<Work> {
  const prefix = Buffer.from(base.endsWith(sep) ? base : base + sep);
  const from = Buffer.from(start);
  const isInside = from.subarray(0, prefix.length).equals(prefix);
  const within: Omit<FileBatch, 'names'> =
    isInside || from.equals(Buffer.from(base)) ? { root: base, listed: false } : { listed: false };
  const nameOf = (path: Buffer): Buffer => (within.root === undefined ? path : path.subarray(prefix.length));
  /** What it is, where the folder above has told. */
  const stack: { readonly path: Buffer; readonly isFolder?: boolean }[] = [{ path: from }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path } = next;
    if (!(next.isFolder ?? lstat(path)?.isDirectory() === true)) {
      yield* batcher.add(within, nameOf(path));
      continue;
    }
    if (ignored === 'but-dependencies' && MADE_FOLDERS.has(path.subarray(path.lastIndexOf(SLASH) + 1).toString())) {
      yield* batcher.tell(skipped(originOf(nameOf(path)), 'dependencies'));
      continue;
    }
    let entries: Dirent<Buffer>[];
    try {
      entries = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
    } catch {
      yield* batcher.tell(skipped(originOf(nameOf(path)), 'unreadable', true));
      continue;
    }
    if (ignored !== undefined && entries.some(({ name }) => name.equals(GIT_FOLDER))) {
      yield* batcher.tell(skipped(originOf(nameOf(path)), 'submodule'));
      continue;
    }
    const parent = path.at(-1) === SLASH ? path : Buffer.concat([path, Buffer.of(SLASH)]);
    entries.sort((a, b) => Buffer.compare(b.name, a.name));
    for (const entry of entries) {
      if (entry.name.equals(GIT_FOLDER)) continue;
      const isKnown = entry.isDirectory() || entry.isFile();
      const child = Buffer.concat([parent, entry.name]);
      stack.push(isKnown ? { path: child, isFolder: entry.isDirectory() } : { path: child });
    }
  }
  yield* batcher.end();
}

const GIT_FOLDER = Buffer.from('.git');
const SLASH = 0x2f;

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
