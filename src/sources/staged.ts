import type { ReadOptions, Source, SourceItem } from '../core/chunk.ts';
import { GitError, SourceError } from '../core/errors.ts';
import { assertRepository, findRepository, mergeParents, type Repository } from '../git/repository.ts';
import { collectGit, type GitStream } from '../git/run.ts';
import { eachOf } from './each-of.ts';
import { emptyTree } from './empty-tree.ts';
import { gitArguments, readDiff, startDiff, type DiffRequest } from './diff-source.ts';

export interface StagedOptions {
  /** Any folder of the repository. */
  readonly cwd: string;
  /** That repository, where it has been found already. */
  readonly repository?: Repository;
  /** Whole staged files, not only their new lines. */
  readonly wholeFiles?: boolean;
  /** Against the parent of HEAD: what `git commit --amend` will hold. */
  readonly amend?: boolean;
}

/** Of `git diff` for what is staged. */
const STAGED: readonly string[] = ['--cached'];

/** What git is asked for first. */
export function stagedArguments(): string[] {
  return gitArguments(STAGED, true);
}

/**
 * What the next commit brings in: the index against HEAD, never the working tree. After a merge with
 * conflicts, only what none of its parents has.
 * @param started the output for {@link stagedArguments} of a git that runs already; without options alone
 */
export function stagedSource(
  options: StagedOptions,
  started?: GitStream,
): Source & { readonly notices: readonly string[] } {
  const notices: string[] = [];
  return {
    name: 'staged',
    notices,
    read: (reading = {}) => eachOf(batches(reading)),
  };

  async function* batches(reading: ReadOptions): AsyncGenerator<readonly SourceItem[], void> {
    const { cwd } = options;
    const base: DiffRequest = {
      cwd,
      source: 'staged',
      revisions: options.amend === true ? [...STAGED, await parentOfHead(cwd)] : STAGED,
      ...(options.wholeFiles === true && { wholeFiles: true }),
      ...reading,
    };
    const git = started ?? startDiff(base);
    try {
      const repository = options.repository ?? (await findRepository(cwd));
      if (repository.topLevel === undefined) throw bareRepository();
      const otherParents = mergeParents(repository).map((id) => [...STAGED, id]);
      const request = otherParents.length > 0 ? { ...base, otherParents } : base;
      let empty = true;
      for await (const batch of readDiff(request, notices, git)) {
        if (batch.length > 0) empty = false;
        yield batch;
      }
      // Or files that are only deleted, renamed, emptied, or made executable.
      if (empty) notices.push('nothing is staged that adds text');
    } catch (error) {
      // Where git refuses a repository, its diff takes the arguments for two files.
      if (error instanceof GitError) await assertRepository(cwd);
      throw error;
    } finally {
      git.stop();
    }
  }
}

/** The tree that an amended commit is compared with; the empty one where HEAD is the first commit. */
async function parentOfHead(cwd: string): Promise<string> {
  const parent = await collectGit(['rev-parse', '--verify', '--quiet', 'HEAD^'], { cwd, accept: [1] });
  return parent.length > 0 ? parent.toString().trim() : emptyTree(cwd);
}

function bareRepository(): SourceError {
  return new SourceError('a bare repository has no index, so nothing is staged', {
    fix: 'use `keepmum scan --range A..B`',
  });
}
