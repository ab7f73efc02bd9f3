import picomatch from 'picomatch';
import { RuleError } from '../core/errors.ts';
import type { CompiledFileClass } from './compiled.ts';

/** `patterns/files.yaml`: classes in order, the first that fits wins. */
export interface FilesSource {
  readonly classes: readonly FileClassSource[];
}

export interface FileClassSource {
  readonly id: string;
  /** `template`, `env`, `credential`, `protected`, `container`, `harmless`, …: what `detectors/file-name.ts` acts on. */
  readonly kind: string;
  readonly title: string;
  /** Globs over the path; one without a slash fits in every folder. Case does not count. */
  readonly names: readonly string[];
}

/**
 * Turns globs into regular expressions, at build time, so that no glob library is loaded at run time.
 * @throws {RuleError} when a class is given twice or a glob fits everything
 */
export function compileFiles(source: FilesSource): CompiledFileClass[] {
  const seen = new Set<string>();
  return source.classes.map(({ id, kind, title, names }) => {
    if (seen.has(id)) throw new RuleError(`patterns/files.yaml: class ${id} stands twice`, { fix: 'join the two' });
    seen.add(id);
    const patterns = names.map((name) => {
      if (/^[*/]+$/.test(name)) {
        throw new RuleError(`patterns/files.yaml: class ${id}: ${name} fits every file`, { fix: 'name the files' });
      }
      return picomatch.makeRe(name.includes('/') ? `**/${name.replace(/^\/+/, '')}` : `**/${name}`, {
        dot: true,
        nocase: true,
      }).source;
    });
    return { id, kind, title, patterns, lastPart: lastPartOf(names) };
  });
}

/** A name, and the end of one behind a `*`, as regular expressions know them without a library: most globs are no more. */
const PLAIN = /^(\*?)([\w.-]+)$/;

/** What the last parts of globs fit, as one pattern over a name: every file of a tree is asked. */
function lastPartOf(globs: readonly string[]): string {
  const names: string[] = [];
  const ends: string[] = [];
  const patterns: string[] = [];
  for (const glob of globs) {
    const part = glob.slice(glob.lastIndexOf('/') + 1);
    const plain = PLAIN.exec(part);
    if (plain === null) {
      // A slash within braces: what stands behind it is no whole glob.
      const isWhole = part.split('{').length === part.split('}').length;
      patterns.push(isWhole ? picomatch.makeRe(part, { dot: true, nocase: true }).source : '');
    } else {
      const [, star, text = ''] = plain;
      (star === '' ? names : ends).push(text.replaceAll('.', '\\.'));
    }
  }
  if (ends.length > 0) patterns.unshift(`(?:${ends.join('|')})$`);
  if (names.length > 0) patterns.unshift(`^(?:${names.join('|')})$`);
  return [...new Set(patterns)].join('|');
}
