import { GitError } from '../core/errors.ts';
import { openGit } from './run.ts';

/**
 * The address of whoever works here: what git would write into a commit, and nothing that git would
 * make up from the machine's name. `undefined` where none is set.
 * @throws {GitError}
 */
export async function userEmail(cwd: string): Promise<string | undefined> {
  const set = process.env['GIT_AUTHOR_EMAIL']?.trim();
  if (set !== undefined && set !== '') return set;
  const git = await openGit(cwd);
  try {
    return (await git.getConfig('user.email')).value?.trim() || undefined;
  } catch (cause) {
    throw new GitError('git cannot tell user.email', { fix: 'see what `git config user.email` says', cause });
  }
}
