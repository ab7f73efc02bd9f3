import type { CompiledFileClass } from '../rules/compiled.ts';

/** What a file is by its name. */
export interface FileClass {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
}

interface Prepared extends FileClass {
  readonly patterns: readonly RegExp[];
}

const prepared = new WeakMap<readonly CompiledFileClass[], readonly Prepared[]>();

/**
 * The first class whose patterns fit `path`; templates come before what they are templates of.
 * @param path with `/`, relative to the repository
 */
export function classifyPath(path: string, classes: readonly CompiledFileClass[]): FileClass | undefined {
  let list = prepared.get(classes);
  if (list === undefined) {
    list = classes.map(({ id, kind, title, patterns }) => ({
      id,
      kind,
      title,
      patterns: patterns.map((source) => new RegExp(source, 'i')),
    }));
    prepared.set(classes, list);
  }
  return list.find(({ patterns }) => patterns.some((pattern) => pattern.test(path)));
}
