import type { Chunk, Quiet, Skipped, Source } from '../core/chunk.ts';
import { GitError, SourceError } from '../core/errors.ts';
import { assertRepository, findRepository, mergeParents } from '../git/repository.ts';
import { collectGit, type GitStream } from '../git/run.ts';
import { emptyTree } from './empty-tree.ts';
import { readDiff, startDiff, type DiffRequest } from './diff-source.ts';

export interface StagedOptions {
  /** Any folder of the repository. */
  readonly cwd: string;
  /** Whole staged files, not only their new lines. */
  readonly wholeFiles?: boolean;
  /** Against the parent of HEAD: what `git commit --amend` will hold. */
  readonly amend?: boolean;
}

export interface StagedSource extends Source {
  readonly notices: readonly string[];
  /** Runs git now. Optional; `read` does it otherwise. */
  start(signal?: AbortSignal): void;
}

/**
 * What the next commit brings in: the index against HEAD, never the working tree. After a merge with
 * conflicts, only what none of its parents has.
 */
export function stagedSource(options: StagedOptions): StagedSource {
  const notices: string[] = [];
  let running: { readonly request: DiffRequest; readonly git: GitStream } | undefined;

  const begin = (revisions: readonly string[], signal: AbortSignal | undefined): NonNullable<typeof running> => {
    const request: DiffRequest = {
      cwd: options.cwd,
      source: 'staged',
      revisions,
      ...(options.wholeFiles === true && { wholeFiles: true }),
      ...(signal && { signal }),
    };
    return { request, git: startDiff(request) };
  };

  return {
    name: 'staged',
    notices,
    start(signal) {
      if (options.amend !== true) running ??= begin(['--cached'], signal);
    },
    async *read({ signal, sieve } = {}): AsyncGenerator<Chunk | Quiet | Skipped> {
      const revisions = options.amend === true ? ['--cached', await parentOfHead(options.cwd)] : ['--cached'];
      const { request, git } = running ?? begin(revisions, signal);
      running = undefined;
      try {
        const repository = await findRepository(options.cwd);
        if (repository.topLevel === undefined) throw bareRepository();
        const otherParents = mergeParents(repository).map((id) => ['--cached', id]);
        let empty = true;
        for await (const item of readDiff(
          { ...request, ...(sieve && { sieve }), ...(otherParents.length > 0 && { otherParents }) },
          notices,
          git,
        )) {
          empty = false;
          yield item;
        }
        // Or files that are only deleted, renamed, emptied, or made executable.
        if (empty) notices.push('nothing is staged that adds text');
      } catch (error) {
        // Where git refuses a repository, its diff takes the arguments for two files.
        if (error instanceof GitError) await assertRepository(options.cwd);
        throw error;
      } finally {
        git.stop();
      }
    },
  };
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
