import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Fail } from './document.ts';

/** What is known of a file before it is read. */
export interface DataFile {
  /** The folder that the file must be in, links resolved; absent for a file that the user named. */
  readonly root?: string;
  /** Relative to `root`, or absolute. */
  readonly name: string;
  /** How errors call it. */
  readonly where: string;
  readonly maxBytes: number;
}

// Windows has none of these, and none of what they guard against.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a text file that a repository brings along, and that may mean harm: a link that leads out of
 * `root`, a pipe, a device, a folder or a large file is refused. A byte order mark is left out.
 * @returns `undefined` where there is no such file
 * @throws what `fail` makes
 */
export async function readDataFile({ root, name, where, maxBytes }: DataFile, fail: Fail): Promise<string | undefined> {
  const path = root === undefined ? name : join(root, name);
  let real: string;
  try {
    real = await realpath(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return undefined;
    if (code !== 'ENOENT') throw fail(`${where}: cannot be read (${code ?? 'error'})`, 'check that it may be read');
    if (await isLink(path)) throw fail(`${where}: is a link to nothing`, 'remove the link or correct it');
    return undefined;
  }
  if (root !== undefined && !real.startsWith(await realRoot(root))) {
    throw fail(`${where}: is a link that leads out of the repository`, 'copy the file into the repository');
  }
  return text(await bytesOf(real, where, maxBytes, fail), where, fail);
}

async function isLink(path: string): Promise<boolean> {
  const { lstat } = await import('node:fs/promises');
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

async function realRoot(root: string): Promise<string> {
  const real = await realpath(root);
  return real.endsWith(sep) ? real : real + sep;
}

async function bytesOf(path: string, where: string, maxBytes: number, fail: Fail): Promise<Uint8Array> {
  let file;
  try {
    file = await open(path, OPEN_FLAGS);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw fail(`${where}: cannot be read (${code ?? 'error'})`, 'check that it may be read');
  }
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw fail(`${where}: is a folder, not a file`, 'remove it or give it another name');
    if (!stat.isFile()) throw fail(`${where}: is not a regular file`, 'put a text file in its place');
    if (stat.size > maxBytes) throw fail(`${where}: is larger than ${maxBytes} bytes`, 'shorten it');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function text(bytes: Uint8Array, where: string, fail: Fail): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fail(`${where}: is not UTF-8 text`, 'save it as UTF-8');
  }
}
