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

function lastPartOf(globs: readonly string[]): string {
  const parts = globs.map((glob) => {
    const part = glob.slice(glob.lastIndexOf('/') + 1);
    // A slash within braces: what stands behind it is no whole glob.
    const isWhole = part.split('{').length === part.split('}').length;
    return isWhole ? picomatch.makeRe(part, { dot: true, nocase: true }).source : '';
  });
  return [...new Set(parts)].join('|');
}
