import { GitError } from '../core/errors.ts';
import { assertRepository, isObjectId } from './repository.ts';
import { collectGit } from './run.ts';

/**
 * The id of the commit that a revision names; an empty name is HEAD.
 * @param asked what a person wrote, for the message
 * @throws {GitError} where it names none
 */
export async function commitOf(cwd: string, name: string, asked: string): Promise<string> {
  const revision = name === '' ? 'HEAD' : name;
  const id = (
    await collectGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], {
      cwd,
      accept: [1, 128],
    })
  )
    .toString()
    .trim();
  if (isObjectId(id)) return id;
  await assertRepository(cwd);
  throw new GitError(`${asked}: ${JSON.stringify(revision)} names no commit here`, {
    fix: 'name a commit that this clone holds; a shallow clone needs `git fetch --unshallow`',
  });
}

/** The best common ancestor of two commits. @throws {GitError} where there is none */
export async function mergeBase(cwd: string, left: string, right: string, asked: string): Promise<string> {
  const id =
    (await collectGit(['merge-base', left, right], { cwd, accept: [1] })).toString().trim().split('\n')[0] ?? '';
  if (isObjectId(id)) return id;
  throw new GitError(`${asked}: the two ends have no common ancestor here`, {
    fix: 'use `A..B`, or fetch more history',
  });
}

/** The ends of `A..B`, `A...B` (from their merge base) or `A` (up to HEAD); `from` is absent where it is all zeros. */
export async function endsOf(
  cwd: string,
  range: string,
  asked: string,
): Promise<{ readonly from?: string; readonly to: string }> {
  const [, left = '', dots = '..', right = ''] = /^(.*?)(\.{2,3})(.*)$/.exec(range) ?? ['', range];
  const to = await commitOf(cwd, right, asked);
  if (/^0+$/.test(left)) return { to };
  const from = await commitOf(cwd, left, asked);
  return { from: dots === '...' ? await mergeBase(cwd, from, to, asked) : from, to };
}
