import { collectGit } from './run.ts';

/**
 * The address of whoever works here: what git would write into a commit, and nothing that git would
 * make up from the machine's name. `undefined` where none is set.
 */
export async function userEmail(cwd: string): Promise<string | undefined> {
  const set = process.env['GIT_AUTHOR_EMAIL']?.trim();
  if (set !== undefined && set !== '') return set;
  const configured = await collectGit(['config', '--get', 'user.email'], { cwd, accept: [1] });
  const email = configured.toString().trim();
  return email === '' ? undefined : email;
}
