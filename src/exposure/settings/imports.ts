import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { Assistant } from '../assistants.ts';
import type { SettingPlace } from './configuration.ts';
import type { Project } from './project.ts';

/** Files that are read to follow imports, at most. */
export const MOST_IMPORTS = 500;

/** A file that is sent to the model in every session, and what makes it so. */
export interface Imported {
  readonly path: string;
  /** The instruction file itself, or the line that imports it. */
  readonly by: SettingPlace;
  readonly isImport: boolean;
}

/** The instruction files of an assistant, and what they import, as deep as it follows. */
export function importsOf({ instructions }: Assistant, project: Project): ReadonlyMap<string, Imported> {
  const found = new Map<string, Imported>();
  if (instructions === undefined) return found;
  for (const file of instructions.files) {
    for (const path of expanded(file, project)) found.set(path, { path, by: { file: path }, isImport: false });
  }
  if (instructions.imports === undefined) return found;
  let layer = [...found.keys()];
  for (let depth = 0; depth < (instructions.depth ?? 1) && layer.length > 0; depth++) {
    const next: string[] = [];
    for (const file of layer) {
      for (const { path, line } of importedBy(file, project)) {
        if (found.has(path) || found.size >= MOST_IMPORTS) continue;
        found.set(path, { path, by: { file, line }, isImport: true });
        next.push(path);
      }
    }
    layer = next;
  }
  return found;
}

/** Files of the data that are there. */
function expanded(file: string, project: Project): readonly string[] {
  if (/[*?[{]/.test(file)) {
    const fits = picomatch(file, { dot: true });
    return project.paths.filter((path) => fits(path));
  }
  // Those in folders count once the assistant works there.
  const nested = file.includes('/') ? [] : project.paths.filter((path) => path.endsWith(`/${file}`));
  return [...(project.exists(file) ? [file] : []), ...nested];
}

/** Without the punctuation that ends a sentence; in linear time, whatever is written. */
function withoutMarks(written: string): string {
  let end = written.length;
  while (end > 0 && '.,;:!?)'.includes(written.charAt(end - 1))) end--;
  return written.slice(0, end);
}

/**
 * `@path` behind a space or at the start of a line, in text that is no code.
 *
 * @see https://code.claude.com/docs/en/memory
 */
function importedBy(file: string, project: Project): { readonly path: string; readonly line: number }[] {
  const read = project.read(file);
  if (read === undefined || 'trouble' in read) return [];
  const found: { path: string; line: number }[] = [];
  let isFenced = false;
  for (const [index, raw] of read.text.split('\n').entries()) {
    if (/^\s*(?:```|~~~)/.test(raw)) isFenced = !isFenced;
    if (isFenced) continue;
    for (const [, written = ''] of raw.replaceAll(/`[^`]*`/g, ' ').matchAll(/(?:^|\s)@([^\s@]+)/g)) {
      const target = withoutMarks(written);
      const path = target.startsWith('~/') || target.startsWith('/') ? target : posix.join(posix.dirname(file), target);
      const inRoot = path.startsWith(`${project.root}/`) ? path.slice(project.root.length + 1) : path;
      if (inRoot.startsWith('../') || !project.exists(inRoot)) continue;
      found.push({ path: inRoot, line: index + 1 });
    }
  }
  return found;
}
