import { decodePath } from '../core/path.ts';
import { isObjectId } from './repository.ts';
import { collectGit, streamGit } from './run.ts';

/** Folders of the other working trees of a repository, as git has noted them; some may be gone. Absolute. */
export async function otherWorktrees(topLevel: string): Promise<readonly string[]> {
  const listed = (await collectGit(['worktree', 'list', '--porcelain'], { cwd: topLevel })).toString();
  return listed
    .split('\n\n')
    .filter((entry) => !/^(?:bare|prunable)/m.test(entry))
    .flatMap((entry) => /^worktree (.+)$/m.exec(entry)?.[1] ?? [])
    .filter((folder) => folder !== topLevel);
}

/** The commits that stashes are made of: of the files, of the index, of untracked files. */
export async function stashCommits(cwd: string): Promise<ReadonlySet<string>> {
  const listed = await collectGit(['log', '--walk-reflogs', '--format=%H %P', 'refs/stash', '--'], {
    cwd,
    // There is no stash.
    accept: [128],
  });
  const commits = new Set<string>();
  for (const line of listed.toString().split('\n')) {
    const [own = '', , ...others] = line.split(' ');
    for (const id of [own, ...others]) if (isObjectId(id)) commits.add(id);
  }
  return commits;
}

/** Which of these paths the index has. */
export async function trackedOf(topLevel: string, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const tracked = new Set<string>();
  if (paths.size === 0) return tracked;
  for await (const path of listedPaths(topLevel, ['--cached'])) if (paths.has(path)) tracked.add(path);
  return tracked;
}

/** Which of these paths git lists as untracked and does not ignore. */
export async function untrackedOf(topLevel: string, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const untracked = new Set<string>();
  if (paths.size === 0) return untracked;
  for await (const path of listedPaths(topLevel, ['--others', '--exclude-standard'])) {
    if (paths.has(path)) untracked.add(path);
  }
  return untracked;
}

/** Paths that `git ls-files` lists, as text. */
export async function* listedPaths(cwd: string, args: readonly string[]): AsyncGenerator<string> {
  let carry: Buffer = Buffer.alloc(0);
  for await (const block of streamGit(['ls-files', '-z', ...args], { cwd })) {
    const bytes = Buffer.concat([carry, block]);
    let at = 0;
    for (let nul = bytes.indexOf(0); nul >= 0; nul = bytes.indexOf(0, at)) {
      yield decodePath(bytes.subarray(at, nul));
      at = nul + 1;
    }
    carry = bytes.subarray(at);
  }
}

/** The files of a commit, as text, with the ids of their blobs. */
export async function* treePaths(
  cwd: string,
  commit: string,
): AsyncGenerator<{ readonly path: string; readonly id: string }> {
  let carry: Buffer = Buffer.alloc(0);
  for await (const block of streamGit(['ls-tree', '-r', '-z', '--full-tree', commit], { cwd })) {
    const bytes = Buffer.concat([carry, block]);
    let at = 0;
    for (let nul = bytes.indexOf(0); nul >= 0; nul = bytes.indexOf(0, at)) {
      const tab = bytes.indexOf(9, at);
      const [, type, id] = bytes.latin1Slice(at, tab).split(' ');
      if (type === 'blob' && id !== undefined) yield { path: decodePath(bytes.subarray(tab + 1, nul)), id };
      at = nul + 1;
    }
    carry = bytes.subarray(at);
  }
}
