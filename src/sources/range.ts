import type { Source, SourceItem } from '../core/chunk.ts';
import { GitError, UsageError } from '../core/errors.ts';
import { assertRepository, findRepository, isObjectId } from '../git/repository.ts';
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
      const [, from = '', dots = '..', to = ''] = /^(.*?)(\.{2,3})(.*)$/.exec(options.range) ?? ['', options.range];
      const right = await commitOf(cwd, to, options.range);
      const left = /^0+$/.test(from) ? await emptyTree(cwd) : await commitOf(cwd, from, options.range);
      const base = dots === '...' ? await mergeBase(cwd, left, right, options.range) : left;
      const batches = readDiff(
        {
          cwd,
          source: 'range',
          revisions: [base, right],
          commit: right,
          ...(options.wholeFiles === true && { wholeFiles: true }),
          ...reading,
        },
        notices,
      );
      yield* eachOf(batches);
      const known = /^0+$/.test(from) ? [] : [`^${base}`];
      const commits = Number((await collectGit(['rev-list', '--count', right, ...known, '--'], { cwd })).toString());
      if (commits > 1) {
        notices.push(
          `${commits} commits were compared as one change: what one adds and a later one takes out is in the history, and was not examined`,
        );
      }
    },
  };
}

async function commitOf(cwd: string, name: string, range: string): Promise<string> {
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
  throw new GitError(`--range ${JSON.stringify(range)}: ${JSON.stringify(revision)} names no commit here`, {
    fix: 'name two commits that this clone holds; a shallow clone needs `git fetch --unshallow`',
  });
}

async function mergeBase(cwd: string, left: string, right: string, range: string): Promise<string> {
  const id =
    (await collectGit(['merge-base', left, right], { cwd, accept: [1] })).toString().trim().split('\n')[0] ?? '';
  if (isObjectId(id)) return id;
  throw new GitError(`--range ${JSON.stringify(range)}: the two ends have no common ancestor here`, {
    fix: 'use `A..B`, or fetch more history',
  });
}
