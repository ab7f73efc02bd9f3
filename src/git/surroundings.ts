import { isObjectId } from './repository.ts';
import { collectGit } from './run.ts';

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
