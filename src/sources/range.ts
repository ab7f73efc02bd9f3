import type { Source, SourceItem } from '../core/chunk.ts';
import { UsageError } from '../core/errors.ts';
import { findRepository } from '../git/repository.ts';
import { endsOf } from '../git/revisions.ts';
import { collectGit } from '../git/run.ts';
import { readDiff } from './diff-source.ts';
import { eachOf } from './each-of.ts';
import { emptyTree } from './empty-tree.ts';

export interface RangeOptions {
  readonly cwd: string;
  /** `A..B`, `A...B` (from their merge base), or `A` (up to HEAD). An end left out is HEAD. */
  readonly range: string;
  readonly wholeFiles?: boolean;
}

/** What a range of commits brings in, as one comparison of its two ends. */
export function rangeSource(options: RangeOptions): Source {
  const notices: string[] = [];
  return {
    name: 'range',
    notices,
    async *read(reading = {}): AsyncGenerator<SourceItem> {
      const { cwd } = options;
      // An unset variable of a CI job, more often than not.
      if (options.range.trim() === '') throw new UsageError('--range names no commits', { fix: 'write it as A..B' });
      await findRepository(cwd);
      const { from, to } = await endsOf(cwd, options.range, `--range ${JSON.stringify(options.range)}`);
      const base = from ?? (await emptyTree(cwd));
      const batches = readDiff(
        {
          cwd,
          source: 'range',
          revisions: [base, to],
          commit: to,
          ...(options.wholeFiles === true && { wholeFiles: true }),
          ...reading,
        },
        notices,
      );
      yield* eachOf(batches);
      const known = from === undefined ? [] : [`^${from}`];
      const commits = Number((await collectGit(['rev-list', '--count', to, ...known, '--'], { cwd })).toString());
      if (commits > 1) {
        notices.push(
          `${commits} commits were compared as one change: what one adds and a later one takes out is in the history, and was not examined: add --history for that`,
        );
      }
    },
  };
}
