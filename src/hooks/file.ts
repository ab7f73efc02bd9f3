import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { HookError } from '../core/errors.ts';

const MAX_BYTES = 1 << 20;

/** The text of a file that is ours to read; `undefined` where there is none. */
export function readText(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile() || stat.size > MAX_BYTES) return '';
  return readFileSync(path, 'latin1');
}

/** The file is there (a link counts as itself). */
export function present(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Text is bytes here, one UTF-16 unit each, so that what we do not understand comes back unchanged. */
export function writeAtomically(path: string, text: string, mode: number): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.keepmum-${process.pid}`);
  try {
    writeFileSync(temporary, text, { encoding: 'latin1', mode, flag: 'wx' });
    chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new HookError(`${path} could not be written`, { fix: 'check the rights of its folder', cause: error });
  }
}

/**
 * Reads a file of the working tree that we are going to edit.
 * @throws {HookError} where it is a link or no file, or a folder on the way leads out of the repository
 */
export function readEditable(root: string, path: string): { readonly text: string; readonly mode: number } | undefined {
  let folder = dirname(path);
  while (!present(folder)) folder = dirname(folder);
  const way = relative(realpathSync(root), realpathSync(folder));
  if (way === '..' || way.startsWith(`..${sep}`)) {
    throw new HookError(`${path} leads out of the repository`, { fix: 'replace the linked folder with a real one' });
  }
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isFile() || stat.size > MAX_BYTES) {
    throw new HookError(`${path} is not a plain file that keepmum could edit`, {
      fix: 'add the hook by hand, see docs/hooks.md',
    });
  }
  return { text: readFileSync(path, 'latin1'), mode: stat.mode & 0o777 };
}
