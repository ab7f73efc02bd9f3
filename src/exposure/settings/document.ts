import { findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { LineCounter, parseDocument } from 'yaml';

/** A value of a settings file. */
export interface Value {
  /** The keys and indexes that lead to it. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  /** From 1, where it is known. */
  readonly line?: number;
}

/** A settings file, parsed. */
export interface SettingsDocument {
  /**
   * The values that a key path fits: names with dots between, in quotes where they hold a dot, `*` any name, `[]`
   * behind a name each item, `**` every value below.
   */
  values(keyPath: string): readonly Value[];
}

/** Levels that are gone into. */
const DEEPEST = 100;

/** @returns where it is broken: a line from 1, where that is known */
export function parseSettings(
  text: string,
  format: 'json' | 'jsonc' | 'toml' | 'yaml',
): SettingsDocument | { readonly broken: number | undefined } {
  try {
    if (format === 'yaml') return yamlDocument(text);
    return format === 'toml' ? tomlDocument(text) : jsonDocument(text);
  } catch {
    // The parsers call themselves for each level.
    return { broken: undefined };
  }
}

/** Comments and commas at the end are read in either: the programs are no stricter, and if they are, they say so. */
function jsonDocument(text: string): SettingsDocument | { readonly broken: number | undefined } {
  if (text.trim() === '') return documentOf({}, () => undefined);
  if (tooDeep(text)) return { broken: undefined };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (tree === undefined || first !== undefined) return { broken: lineAt(text, first?.offset ?? 0) };
  return documentOf(getNodeValue(tree), (path) => {
    const node: Node | undefined = findNodeAtLocation(tree, [...path]);
    return node && lineAt(text, node.offset);
  });
}

function tooDeep(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') depth--;
    if (depth > DEEPEST * 4) return true;
  }
  return false;
}

function yamlDocument(text: string): SettingsDocument | { readonly broken: number | undefined } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', prettyErrors: false });
  const [first] = document.errors;
  if (first !== undefined) return { broken: lines.linePos(first.pos[0]).line };
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  return documentOf(value ?? {}, (path) => {
    const node: unknown = document.getIn(path, true);
    if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
    return lines.linePos(Number(node.range[0])).line;
  });
}

/** The parser keeps no places: the line is the first that has the last name of the path, and the value where it is a text. */
function tomlDocument(text: string): SettingsDocument | { readonly broken: number | undefined } {
  let value: unknown;
  try {
    value = parseToml(text);
  } catch (error) {
    const line = typeof error === 'object' && error !== null && 'line' in error ? Number(error.line) : undefined;
    return { broken: line };
  }
  const lines = text.split('\n');
  return documentOf(value, (path, own) => {
    const name = path.findLast((part) => typeof part === 'string');
    const wanted = [String(name), ...(typeof own === 'string' ? [own] : [])];
    const at = lines.findIndex((line) => wanted.every((word) => line.includes(word)));
    const named = at >= 0 ? at : lines.findIndex((line) => line.includes(String(name)));
    return named < 0 ? undefined : named + 1;
  });
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function documentOf(
  value: unknown,
  lineOf: (path: readonly (string | number)[], value: unknown) => number | undefined,
): SettingsDocument {
  return {
    values(keyPath) {
      const found: Value[] = [];
      for (const { path, value: one } of select(value, partsOf(keyPath), [])) {
        const line = lineOf(path, one);
        found.push({ path, value: one, ...(line !== undefined && { line }) });
      }
      return found;
    },
  };
}

function partsOf(keyPath: string): string[] {
  return [...keyPath.matchAll(/"([^"]+)"|\*\*|\*|\[\]|[^.[\]"]+/g)].map(([whole, quoted]) => quoted ?? whole);
}

/** Data as parsers make it; keys such as `__proto__` are names like others. */
function* select(
  value: unknown,
  parts: readonly string[],
  path: readonly (string | number)[],
): Generator<{ readonly path: readonly (string | number)[]; readonly value: unknown }> {
  const [part, ...rest] = parts;
  if (part === undefined) {
    yield { path, value };
    return;
  }
  if (path.length > DEEPEST) return;
  if (part === '**') {
    if (typeof value !== 'object' || value === null) yield { path, value };
    else for (const [key, one] of entriesOf(value)) yield* select(one, parts, [...path, key]);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (part === '[]') {
    if (Array.isArray(value)) for (const [index, one] of value.entries()) yield* select(one, rest, [...path, index]);
    return;
  }
  if (Array.isArray(value)) return;
  if (part === '*') {
    for (const [key, one] of entriesOf(value)) yield* select(one, rest, [...path, key]);
    return;
  }
  // Zed and VS Code write `a.b` as one key, others as two.
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join('.');
    if (length > 1 && parts.slice(0, length).some((one) => one === '*' || one === '[]' || one === '**')) continue;
    if (Object.hasOwn(value, key)) {
      yield* select((value as Readonly<Record<string, unknown>>)[key], parts.slice(length), [...path, key]);
      return;
    }
  }
}

function entriesOf(value: object): [string | number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value);
}
