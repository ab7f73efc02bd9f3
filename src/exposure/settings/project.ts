import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { listedPaths } from '../../git/listing.ts';

/** What came of reading a settings file. */
export type ReadFile = { readonly text: string } | { readonly trouble: string };

/** What settings are read from: a repository, and the home folder where that was asked for. */
export interface Project {
  /** Absolute, links resolved; so is `home`. */
  readonly root: string;
  readonly home?: string;
  readonly platform: NodeJS.Platform;
  /** Git compares paths without regard to case here. */
  readonly ignoreCase: boolean;
  /** Tracked and untracked files, from the root, with `/`. */
  readonly paths: readonly string[];
  isTracked(path: string): boolean;
  /** A regular file: from the root, behind `~/`, or absolute; nothing where there is none. */
  read(path: string): ReadFile | undefined;
  /** Whether there is such a file or folder. */
  exists(path: string): boolean;
  /** Plain sentences on what was too much to be looked at. */
  readonly notices: readonly string[];
  /** The value of a variable that is a switch, and no secret. */
  variable(name: string): string | undefined;
}

/** Bytes of one settings file, and of all together: hostile repositories have no more to say. */
export const MOST_FILE_BYTES: number = 1 << 20;
const MOST_BYTES = 64 << 20;
/** Entries of a folder outside of git that are listed. */
const MOST_ENTRIES = 200_000;

export interface ProjectOptions {
  readonly root: string;
  readonly isRepository: boolean;
  readonly home?: string;
  readonly variable: (name: string) => string | undefined;
}

/** The files as they are on disk. */
export async function openProject({ root, isRepository, home, variable }: ProjectOptions): Promise<Project> {
  const tracked = new Set<string>();
  const paths: string[] = [];
  const notices: string[] = [];
  if (isRepository) {
    for await (const path of listedPaths(root, ['--cached'])) tracked.add(path);
    paths.push(...tracked);
    for await (const path of listedPaths(root, ['--others', '--exclude-standard'])) paths.push(path);
  } else {
    const { files, isCut } = filesBelow(root);
    paths.push(...files);
    if (isCut) notices.push(`settings and ignore files are looked for in the first ${MOST_ENTRIES} entries only`);
  }
  const places = home === undefined ? [root] : [root, home];
  const budget = { bytes: MOST_BYTES };
  return {
    root,
    ...(home !== undefined && { home }),
    platform: process.platform,
    ignoreCase: process.platform !== 'linux',
    paths,
    notices,
    isTracked: (path) => tracked.has(path),
    read(path) {
      const full = placed(path, root, home);
      return full === undefined ? undefined : readSettings(full, places, budget);
    },
    exists(path) {
      const full = placed(path, root, home);
      try {
        return full !== undefined && statSync(full, { throwIfNoEntry: false }) !== undefined;
      } catch {
        return false;
      }
    },
    variable,
  };
}

/** Where a path leads; nothing where it lies in a home folder that was not asked for, or belongs to the machine. */
function placed(path: string, root: string, home: string | undefined): string | undefined {
  if (path.startsWith('~/')) return home === undefined ? undefined : join(home, path.slice(2));
  if (path.startsWith('/')) return home === undefined ? undefined : path;
  return join(root, path);
}

function readSettings(path: string, places: readonly string[], budget: { bytes: number }): ReadFile | undefined {
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    return undefined;
  }
  if (real !== path && !places.some((place) => real.startsWith(place + sep))) {
    return { trouble: 'is a link that leads out of the repository' };
  }
  let fd = -1;
  try {
    fd = openSync(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (stat.isDirectory()) return undefined;
    if (!stat.isFile()) return { trouble: 'is not a regular file' };
    if (stat.size > MOST_FILE_BYTES) return { trouble: `is larger than ${MOST_FILE_BYTES} bytes` };
    if (stat.size > budget.bytes) return { trouble: 'comes after more settings than are read' };
    budget.bytes -= stat.size;
    const bytes = Buffer.alloc(stat.size);
    let length = 0;
    for (let got = 1; got > 0 && length < bytes.length; length += got) {
      got = readSync(fd, bytes, length, bytes.length - length, null);
    }
    return textOf(bytes.subarray(0, length));
  } catch {
    return { trouble: 'cannot be read' };
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Bytes of a settings file as text; those that are no UTF-8 are read as Latin-1, so that rules among them count. */
export function textOf(bytes: Buffer): { readonly text: string } {
  return { text: (isUtf8(bytes) ? bytes.toString() : bytes.toString('latin1')).replace(/^\ufeff/, '') };
}

/** Without git's help; links are not followed. */
function filesBelow(root: string): { readonly files: string[]; readonly isCut: boolean } {
  const found: string[] = [];
  const stack = [''];
  let entries = 0;
  for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
    let list;
    try {
      list = readdirSync(join(root, folder), { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of list) {
      if (entries++ >= MOST_ENTRIES) return { files: found, isCut: true };
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules') stack.push(path);
      } else if (entry.isFile()) found.push(path);
    }
  }
  return { files: found, isCut: false };
}
