import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { decodePath } from '../core/path.ts';
import { streamGit, type GitOptions } from './run.ts';

/** What git prints with `-z`: each record without the NUL behind it, a part of a larger buffer. */
export async function* nulRecords(args: readonly string[], options: GitOptions): AsyncGenerator<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  for await (const block of streamGit(args, options)) {
    const bytes = carry.length === 0 ? block : Buffer.concat([carry, block]);
    let at = 0;
    for (let nul = bytes.indexOf(0); nul >= 0; nul = bytes.indexOf(0, at)) {
      yield bytes.subarray(at, nul);
      at = nul + 1;
    }
    carry = bytes.subarray(at);
  }
}

/** Names that `git ls-files` lists, as bytes. */
export function listFiles(options: GitOptions, args: readonly string[]): AsyncGenerator<Buffer> {
  return nulRecords(['ls-files', '-z', ...args], options);
}

/** The same as text. */
export async function* listedPaths(cwd: string, args: readonly string[]): AsyncGenerator<string> {
  for await (const name of listFiles({ cwd }, args)) yield decodePath(name);
}

/** Everything in a tree or a commit but folders. */
export async function* treeEntries(
  id: string,
  options: GitOptions,
): AsyncGenerator<{ readonly type: string; readonly id: string; readonly path: Buffer }> {
  for await (const record of nulRecords(['ls-tree', '-r', '-z', '--full-tree', id], options)) {
    const tab = record.indexOf(9);
    const [, type = '', object = ''] = record.latin1Slice(0, tab).split(' ');
    yield { type, id: object, path: record.subarray(tab + 1) };
  }
}

/**
 * How many entries the index of a working tree has, which is about its tracked files; 0 where it cannot be told.
 * https://git-scm.com/docs/index-format
 */
export function trackedCount(gitDir: string): number {
  const head = Buffer.alloc(INDEX_HEADER_BYTES);
  let fd = -1;
  try {
    fd = openSync(join(gitDir, 'index'), 'r');
    const isRead = readSync(fd, head, 0, INDEX_HEADER_BYTES, 0) === INDEX_HEADER_BYTES;
    return isRead && head.latin1Slice(0, 4) === 'DIRC' ? head.readUInt32BE(8) : 0;
  } catch {
    return 0;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

const INDEX_HEADER_BYTES = 12;
