import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GitError } from '../core/errors.ts';
import { below } from '../core/path.ts';
import { collectGit, notARepository } from './run.ts';

/** Where a repository is. All paths absolute. */
export interface Repository {
  /** Top level of the working tree; `undefined` in a bare repository. */
  readonly topLevel: string | undefined;
  /** Of this working tree: holds `HEAD`, `index`, `MERGE_HEAD`. */
  readonly gitDir: string;
  /** Shared by all working trees: holds objects, refs, config. */
  readonly commonDir: string;
}

/**
 * Finds the repository that `cwd` is in. Starts no process in the usual case: a `.git` folder or file
 * in one of the folders above. `GIT_DIR` and `GIT_WORK_TREE` count as they do for git.
 * @throws {GitError} where there is none
 */
export async function findRepository(cwd: string): Promise<Repository> {
  const found = findWithoutGit(cwd);
  if (found !== undefined) return found;
  let lines: string[];
  try {
    lines = (await collectGit(['rev-parse', '--absolute-git-dir', '--git-common-dir', '--is-bare-repository'], { cwd }))
      .toString()
      .split('\n');
  } catch (error) {
    if (error instanceof GitError && /not a git repository/.test(error.message)) throw notARepository(cwd);
    throw error;
  }
  const [gitDir = '', commonDir = '', bare] = lines;
  const topLevel =
    bare === 'true'
      ? undefined
      : (await collectGit(['rev-parse', '--show-toplevel'], { cwd })).toString().replace(/\n$/, '');
  return { topLevel, gitDir, commonDir: resolve(cwd, commonDir) };
}

/**
 * Asks git itself, which looks at more than {@link findRepository} does: at who owns the folder.
 * @throws {GitError} where git does not take `cwd` for a part of a repository
 */
export async function assertRepository(cwd: string): Promise<void> {
  await collectGit(['rev-parse', '--git-dir'], { cwd });
}

/** The folder that git runs hooks from, `core.hooksPath` respected. Absolute. */
export async function hooksDirectory(cwd: string): Promise<string> {
  // Not through the hardened settings of run.ts alone: they point core.hooksPath elsewhere.
  const configured = await collectGit(['config', '--type=path', '--get-all', 'core.hooksPath'], {
    cwd,
    accept: [1],
  });
  // The last value is the one on our own command line; the one before it is the user's.
  const values = configured
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, -1);
  const last = values.at(-1);
  const repository = await findRepository(cwd);
  if (last === undefined) return join(repository.commonDir, 'hooks');
  return resolve(repository.topLevel ?? repository.gitDir, last);
}

function findWithoutGit(cwd: string): Repository | undefined {
  const { GIT_DIR, GIT_WORK_TREE, GIT_COMMON_DIR } = process.env;
  if (GIT_COMMON_DIR !== undefined) return undefined;
  if (GIT_DIR !== undefined) {
    if (GIT_WORK_TREE === undefined) return undefined;
    const gitDir = resolve(cwd, GIT_DIR);
    return isFolder(gitDir)
      ? { topLevel: resolve(cwd, GIT_WORK_TREE), gitDir, commonDir: commonOf(gitDir) }
      : undefined;
  }
  if (GIT_WORK_TREE !== undefined) return undefined;
  let folder: string;
  try {
    folder = realpathSync.native(cwd);
  } catch {
    return undefined;
  }
  for (;;) {
    const gitDir = gitDirAt(below(folder, '.git'));
    if (gitDir !== undefined) {
      // A `core.worktree` setting moves the top level; only git can say where to.
      return hasWorktreeSetting(gitDir) ? undefined : { topLevel: folder, gitDir, commonDir: commonOf(gitDir) };
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** `.git` is a folder with a HEAD, or a file that says `gitdir: PATH`. */
function gitDirAt(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return existsSync(below(path, 'HEAD')) ? path : undefined;
  if (!stat?.isFile() || stat.size > 4096) return undefined;
  const target = /^gitdir: (.+?)\r?\n?$/.exec(readSmall(path) ?? '')?.[1];
  if (target === undefined) return undefined;
  const gitDir = resolve(dirname(path), target);
  return existsSync(below(gitDir, 'HEAD')) ? gitDir : undefined;
}

function commonOf(gitDir: string): string {
  const common = readSmall(below(gitDir, 'commondir'))?.trim();
  return common === undefined || common === '' ? gitDir : resolve(gitDir, common);
}

function hasWorktreeSetting(gitDir: string): boolean {
  return /^\s*(\[core\])?\s*worktree\b/im.test(readSmall(below(gitDir, 'config')) ?? '');
}

/** A file that need not be there. */
function readSmall(path: string): string | undefined {
  // An error with its stack costs a hook more than to ask first.
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The other parents of the commit that is being made, where a merge stopped on conflicts: what one of
 * the sides has already was judged when it was committed there. Empty where there is no merge, and for a
 * merge without conflicts: that one compares with this branch alone, both in its pre-merge-commit hook
 * and in the `git commit` that follows `--no-commit` or a hook that stopped it.
 */
export function mergeParents(repository: Repository): readonly string[] {
  const file = readSmall(below(repository.gitDir, 'MERGE_HEAD'));
  if (file === undefined) return [];
  // Git notes the conflicts in the message that it prepares, behind whatever begins a comment.
  const conflicts = /^\S*\s*Conflicts:$/m.test(readSmall(below(repository.gitDir, 'MERGE_MSG')) ?? '');
  return conflicts ? file.split('\n').filter(isObjectId) : [];
}

/** A full SHA-1 or SHA-256 object id in lower case. */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
