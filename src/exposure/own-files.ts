import { readdirSync, statSync } from 'node:fs';
import picomatch from 'picomatch';
import type { Assistants, SecretFile } from './assistants.ts';
import type { Place } from './exposure-map.ts';

/** Files below the home folder that are looked at, at most. */
const MOST_FILES = 20_000;
/** Entries of folders that are gone through to find them, at most. */
const MOST_ENTRIES = 500_000;

/** A file that may hold secrets, and whose it is. */
interface OwnFile {
  readonly assistant: string;
  readonly file: SecretFile;
  readonly globs: readonly string[];
}

/** The files of assistants, and of other programs, that may hold secrets. */
export class OwnFiles {
  readonly #all: readonly (OwnFile & { readonly fits: (path: string) => boolean })[];

  /** @param platform decides where editors keep the files of a user */
  constructor({ assistants, files }: Assistants, platform: NodeJS.Platform) {
    const owned = assistants.flatMap(({ id, files: own }) => own.map((file) => ({ assistant: id, file })));
    const others = files.map((file) => ({ assistant: file.of ?? '', file }));
    this.#all = [...owned, ...others].map(({ assistant, file }) => {
      const globs = file.paths.flatMap((path) => inHome(path, platform));
      return { assistant, file, globs, fits: picomatch(globs, { dot: true }) };
    });
  }

  /** Whose a file is, and what it is; the assistant's name is that of a program where it is none of ours. */
  ownerOf(path: string): Place['own'] | undefined {
    const found = this.#all.find(({ fits }) => fits(path));
    return found && { assistant: found.assistant, holds: found.file.holds };
  }

  /** Those that exist in a home folder, relative to it, sorted; `isCut` where there are more than are looked at. */
  inHome(home: string): { readonly files: readonly string[]; readonly isCut: boolean } {
    const found = new Set<string>();
    const budget = { entries: MOST_ENTRIES };
    for (const { globs } of this.#all) {
      for (const glob of globs) {
        if (glob.startsWith('~/')) expand(home, glob.slice(2), found, budget);
      }
    }
    return { files: [...found].toSorted(), isCut: found.size >= MOST_FILES || budget.entries <= 0 };
  }
}

/** Where the beginnings that stand for folders lie; nothing where this system has none. */
function inHome(path: string, platform: NodeJS.Platform): readonly string[] {
  const [start = '', ...rest] = path.split('/');
  if (start === '%APPDATA%') return platform === 'win32' ? [`~/AppData/Roaming/${rest.join('/')}`] : [];
  if (start === '$TMP') return [];
  return [editorFolder(path, platform) ?? path];
}

/** Where editors keep what is a user's. */
const USER_FOLDERS: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'AppData/Roaming',
  darwin: 'Library/Application Support',
};

/** A path in the folder where an editor keeps what is a user's; nothing for a path that is in none. */
export function editorFolder(path: string, platform: NodeJS.Platform): string | undefined {
  const [start = '', ...rest] = path.split('/');
  const editor = { $VSCODE: 'Code', $CURSOR: 'Cursor', $KIRO: 'Kiro' }[start];
  if (editor === undefined) return undefined;
  const folder = USER_FOLDERS[platform] ?? '.config';
  return `~/${folder}/${editor}/User/${rest.join('/')}`;
}

/** Adds the files that a glob fits. No link to a folder is followed. */
function expand(home: string, glob: string, found: Set<string>, budget: { entries: number }): void {
  const parts = glob.split('/');
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  const fixed = first < 0 ? parts : parts.slice(0, first);
  const start = fixed.join('/');
  if (first < 0) {
    if (isFile(`${home}/${start}`)) found.add(start);
    return;
  }
  const fits = picomatch(glob, { dot: true });
  const deepest = parts.includes('**') ? Infinity : parts.length;
  const stack = [start];
  for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
    let entries;
    try {
      entries = readdirSync(folder === '' ? home : `${home}/${folder}`, { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of entries) {
      if (found.size >= MOST_FILES || budget.entries-- <= 0) return;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (path.split('/').length < deepest) stack.push(path);
      } else if (entry.isFile() && fits(path)) found.add(path);
    }
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}
