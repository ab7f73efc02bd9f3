import { collectGit } from '../git/run.ts';

/** The id of the tree without entries, in the repository's own hash. */
export async function emptyTree(cwd: string): Promise<string> {
  return (await collectGit(['hash-object', '-t', 'tree', '--stdin'], { cwd, input: '' })).toString().trim();
}
