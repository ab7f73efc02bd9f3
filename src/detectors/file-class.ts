import type { CompiledFileClass } from '../rules/compiled.ts';

/** What a file is by its name. */
export interface FileClass {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
}

interface Prepared extends FileClass {
  readonly lastPart: RegExp;
  readonly fits: (path: string) => boolean;
}

const prepared = new WeakMap<readonly CompiledFileClass[], readonly Prepared[]>();

/**
 * The first class whose patterns fit `path`; templates come before what they are templates of.
 * @param path with `/`, relative to the repository
 */
export function classifyPath(path: string, classes: readonly CompiledFileClass[]): FileClass | undefined {
  let list = prepared.get(classes);
  if (list === undefined) {
    list = classes.map(({ id, kind, title, patterns, lastPart }) => ({
      id,
      kind,
      title,
      lastPart: new RegExp(lastPart, 'i'),
      fits: pathTest(patterns),
    }));
    prepared.set(classes, list);
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  return list.find(({ lastPart, fits }) => lastPart.test(name) && fits(path));
}

/** Most classes are never asked: their patterns are made on first use. */
function pathTest(sources: readonly string[]): (path: string) => boolean {
  let patterns: readonly RegExp[] | undefined;
  return (path) => {
    patterns ??= sources.map((source) => new RegExp(source, 'i'));
    return patterns.some((pattern) => pattern.test(path));
  };
}
