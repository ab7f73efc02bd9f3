import { GitError } from '../core/errors.ts';
import { release } from '../core/free-memory.ts';
import { streamGit } from './run.ts';

/** What came of asking for one object. `missing`: the repository does not hold it. */
export interface BlobReply {
  readonly id: string;
  readonly status: 'blob' | 'missing' | 'too-large';
  /** `blob`, `commit`, `tag` or `tree`; empty where it is missing. */
  readonly type: string;
  /** Empty unless `status` is `blob`. */
  readonly bytes: Buffer;
}

export interface CatFileOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal;
  /** A larger object is not kept in memory; default 64 MiB. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 64 << 20;
/** Fresh starts after git died on an object; then everything that is left counts as missing. */
const MAX_STARTS = 20;

/**
 * Reads objects in the order given, one reply each, through one process; ids go to its stdin. Git
 * before 2.44 dies where a partial clone lacks an object and may not fetch it: that object is then
 * `missing`, and a new process takes the rest.
 */
export async function* readBlobs(ids: readonly string[], options: CatFileOptions): AsyncGenerator<BlobReply> {
  let at = 0;
  for (let starts = 0; at < ids.length; starts++) {
    if (starts === MAX_STARTS) {
      for (const id of ids.slice(at)) yield { id, status: 'missing', type: '', bytes: Buffer.alloc(0) };
      return;
    }
    try {
      for await (const reply of readOnce(ids.slice(at), options)) {
        at++;
        yield reply;
      }
      if (at < ids.length) throw new GitError('git cat-file ended too early');
    } catch (error) {
      const id = ids[at];
      if (!(error instanceof GitError) || id === undefined) throw error;
      at++;
      yield { id, status: 'missing', type: '', bytes: Buffer.alloc(0) };
    }
  }
}

async function* readOnce(ids: readonly string[], options: CatFileOptions): AsyncGenerator<BlobReply> {
  const { cwd, signal, maxBytes = MAX_BYTES } = options;
  const git = streamGit(['cat-file', '--batch'], {
    cwd,
    input: requests(ids),
    ...(signal && { signal }),
  });
  let header = '';
  let parts: Buffer[] = [];
  let size = -1;
  /** Bytes of content that are still to come, its closing line end included. */
  let left = 0;
  let id = '';
  let kind = '';
  for await (const block of git) {
    let at = 0;
    while (at < block.length) {
      if (left === 0) {
        const lf = block.indexOf(10, at);
        header += block.toString('latin1', at, lf < 0 ? block.length : lf);
        at = lf < 0 ? block.length : lf + 1;
        if (lf < 0) continue;
        const [name = '', type = '', length = ''] = header.split(' ');
        header = '';
        id = name;
        kind = type;
        if (type === 'missing') {
          yield { id, status: 'missing', type: '', bytes: Buffer.alloc(0) };
          continue;
        }
        size = Number(length);
        if (!Number.isSafeInteger(size) || type === '') throw new GitError('git cat-file gave an unknown reply');
        left = size + 1;
        parts = [];
      }
      const end = Math.min(block.length, at + left);
      if (size <= maxBytes) parts.push(block.subarray(at, end));
      left -= end - at;
      at = end;
      if (left > 0) continue;
      if (size > maxBytes) yield { id, status: 'too-large', type: kind, bytes: Buffer.alloc(0) };
      else yield { id, status: 'blob', type: kind, bytes: Buffer.concat(parts).subarray(0, size) };
    }
    // Else it holds the beginning of what goes on in the next.
    if (left === 0) release(block);
  }
}

// oxlint-disable-next-line require-await -- consumed as a stream
async function* requests(ids: readonly string[]): AsyncGenerator<string> {
  for (let at = 0; at < ids.length; at += 256) yield `${ids.slice(at, at + 256).join('\n')}\n`;
}
