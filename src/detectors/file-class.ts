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

interface Classes {
  readonly list: readonly Prepared[];
  /** The last parts of all of them: most names fit none. */
  readonly any: RegExp;
  /** Names that fit none: a tree has the same few again and again. */
  readonly none: Set<string>;
}

/** Names that are remembered. */
const MOST_NAMES = 4096;

const prepared = new WeakMap<readonly CompiledFileClass[], Classes>();

/**
 * The first class whose patterns fit `path`; templates come before what they are templates of.
 * @param path with `/`, relative to the repository
 */
export function classifyPath(path: string, classes: readonly CompiledFileClass[]): FileClass | undefined {
  let known = prepared.get(classes);
  if (known === undefined) prepared.set(classes, (known = prepare(classes)));
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (known.none.has(name)) return undefined;
  if (!known.any.test(name)) {
    if (known.none.size >= MOST_NAMES) known.none.clear();
    known.none.add(name);
    return undefined;
  }
  return known.list.find(({ lastPart, fits }) => lastPart.test(name) && fits(path));
}

function prepare(classes: readonly CompiledFileClass[]): Classes {
  return {
    any: new RegExp(classes.map(({ lastPart }) => `(?:${lastPart})`).join('|'), 'i'),
    none: new Set(),
    list: classes.map(({ id, kind, title, patterns, lastPart }) => ({
      id,
      kind,
      title,
      lastPart: new RegExp(lastPart, 'i'),
      fits: pathTest(patterns),
    })),
  };
}

/** Most classes are never asked: their patterns are made on first use. */
function pathTest(sources: readonly string[]): (path: string) => boolean {
  let patterns: readonly RegExp[] | undefined;
  return (path) => {
    patterns ??= sources.map((source) => new RegExp(source, 'i'));
    return patterns.some((pattern) => pattern.test(path));
  };
}
