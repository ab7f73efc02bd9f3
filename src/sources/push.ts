import type { Source, SourceItem } from '../core/chunk.ts';
import { GitError, SourceError } from '../core/errors.ts';
import { diffArguments, DiffParser } from '../git/diff.ts';
import { isObjectId } from '../git/repository.ts';
import { collectGit, streamGit } from '../git/run.ts';
import { DiffState, hunkSieve, readDiff, readEntries } from './diff-source.ts';
import { eachOf } from './each-of.ts';
import { emptyTree } from './empty-tree.ts';

export interface PushOptions {
  readonly cwd: string;
  /** What git gives a pre-push hook: `<local ref> <local id> <remote ref> <remote id>` lines. */
  readonly updates: string;
  /** Name of the remote, as git gives it to the hook; a URL where it has no name. */
  readonly remote?: string;
}

/** What the commits that a push brings to a remote add, commit by commit, against their first parents. */
export function pushSource(options: PushOptions): Source {
  const notices: string[] = [];
  return {
    name: 'range',
    notices,
    async *read(reading = {}): AsyncGenerator<SourceItem> {
      const { signal } = reading;
      yield* taggedObjects(options, notices, signal);
      const commits = await newCommits(options, signal);
      if (commits.length === 0) return;
      const git = streamGit(['diff-tree', '--stdin', '--root', '-r', ...diffArguments({ patch: true })], {
        cwd: options.cwd,
        input: `${commits.join('\n')}\n`,
        ...(signal && { signal }),
      });
      const parser = new DiffParser({ commits: true, sieve: hunkSieve(reading) });
      const begin = (commit: string): DiffState =>
        new DiffState({ cwd: options.cwd, source: 'range', revisions: [], commit, ...reading }, notices, []);
      let state: DiffState | undefined;
      const take = async function* (records: ReturnType<DiffParser['push']>): AsyncGenerator<SourceItem> {
        for (const record of records) {
          if (record.kind === 'commit') {
            if (state !== undefined) yield* readEntries(state.needBlob, state.request, notices, false);
            state = begin(record.id);
          } else if (state !== undefined) {
            yield* state.take([record]);
          }
        }
      };
      for await (const block of git) yield* take(parser.push(block));
      yield* take(parser.finish());
      if (state !== undefined) yield* readEntries(state.needBlob, state.request, notices, false);
    },
  };
}

/** Tags (and other refs that are no branch) may name a file or a folder, which no commit brings along. */
async function* taggedObjects(
  options: PushOptions,
  notices: string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceItem> {
  const { cwd } = options;
  const refs = options.updates
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter(([ref = '', id = '']) => !ref.startsWith('refs/heads/') && isObjectId(id) && !isZero(id));
  if (refs.length === 0) return;
  const input = `${refs.map(([, id]) => `${id}^{}`).join('\n')}\n`;
  const types = (
    await collectGit(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { cwd, input })
  ).toString();
  for (const [index, line] of types.trimEnd().split('\n').entries()) {
    const [id = '', type = ''] = line.split(' ');
    const request = { cwd, source: 'range' as const, revisions: [], ...(signal && { signal }) };
    if (type === 'tree') {
      yield* eachOf(readDiff({ ...request, revisions: [await emptyTree(cwd), id] }, notices));
    } else if (type === 'blob') {
      const path = Buffer.from(refs[index]?.[0] ?? id);
      const none = '0'.repeat(id.length);
      const entry = { oldMode: '000000', newMode: '100644', oldId: none, newId: id, status: 'A', path };
      yield* readEntries([entry], request, notices, false);
    }
  }
}

/** `<commit>` or `<commit> <first parent>` for each commit that the remote does not have, oldest first. */
async function newCommits(options: PushOptions, signal: AbortSignal | undefined): Promise<string[]> {
  const local = new Set<string>();
  const remote = new Set<string>();
  for (const line of options.updates.split('\n')) {
    if (line.trim() === '') continue;
    const [, localId = '', , remoteId = ''] = line.trim().split(' ');
    if (!isObjectId(localId) || !isObjectId(remoteId)) {
      throw new SourceError('a line of the push cannot be read', {
        fix: 'hand on the standard input that git gives to its pre-push hook',
      });
    }
    if (!isZero(localId)) local.add(localId);
    if (!isZero(remoteId)) remote.add(remoteId);
  }
  if (local.size === 0) return [];
  const known = /^[\w.][\w./-]*$/.test(options.remote ?? '') ? `--remotes=${options.remote}` : '--remotes';
  const list = (excluded: Iterable<string>): Promise<Buffer> =>
    collectGit(['rev-list', '--parents', '--reverse', '--topo-order', '--stdin', '--not', known], {
      cwd: options.cwd,
      input: [...local, ...[...excluded].map((id) => `^${id}`), ''].join('\n'),
      maxBytes: 1 << 30,
      ...(signal && { signal }),
    });
  let listed: Buffer;
  try {
    listed = await list(remote);
  } catch (error) {
    // The remote may be at commits that were never fetched: what it has is then known less exactly.
    if (!(error instanceof GitError) || remote.size === 0) throw error;
    listed = await list([]);
  }
  return listed
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ', 2).join(' '));
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
