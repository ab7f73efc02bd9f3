import { parseTree, type Node, type ParseError } from 'jsonc-parser';
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

/** UTF-16 units of a TOML file that are gone through for the lines of its values; behind them no line is told. */
const MOST_LOOKED = 1 << 26;

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
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (tree === undefined || first !== undefined) return { broken: lineAt(first?.offset ?? 0) };
  const nodes = new Map<object, Map<string | number, Node>>();
  const value = valueOf(tree, nodes);
  return documentOf(value, (path, _value, parent) => {
    const node = parent === undefined ? tree : nodes.get(parent)?.get(path.at(-1) ?? '');
    return node && lineAt(node.offset);
  });
}

/** What a node stands for; where the parts of it stand is noted by the object or list that they are of. */
function valueOf(node: Node, nodes: Map<object, Map<string | number, Node>>): unknown {
  if (node.type !== 'object' && node.type !== 'array') return node.value;
  const parts = new Map<string | number, Node>();
  const found: [string | number, unknown][] = [];
  for (const [index, child] of (node.children ?? []).entries()) {
    const [name, own] =
      node.type === 'array' ? [index, child] : [String(child.children?.[0]?.value), child.children?.[1]];
    if (own === undefined) continue;
    parts.set(name, own);
    found.push([name, valueOf(own, nodes)]);
  }
  // Not by assignment: `__proto__` is a name like others.
  const value: object = node.type === 'array' ? found.map(([, one]) => one) : Object.fromEntries(found);
  nodes.set(value, parts);
  return value;
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
  let looked = 0;
  return documentOf(value, (path, own) => {
    // Each look goes through the whole file.
    looked += text.length;
    if (looked > MOST_LOOKED) return undefined;
    const name = path.findLast((part) => typeof part === 'string');
    const wanted = [String(name), ...(typeof own === 'string' ? [own] : [])];
    const at = lines.findIndex((line) => wanted.every((word) => line.includes(word)));
    const named = at >= 0 ? at : lines.findIndex((line) => line.includes(String(name)));
    return named < 0 ? undefined : named + 1;
  });
}

function documentOf(
  value: unknown,
  /** `parent`: the object or list that holds it; nothing for the document itself. */
  lineOf: (path: readonly (string | number)[], value: unknown, parent: object | undefined) => number | undefined,
): SettingsDocument {
  return {
    values(keyPath) {
      const found: Value[] = [];
      for (const { path, value: one, parent } of select(value, partsOf(keyPath), [], undefined)) {
        const line = lineOf(path, one, parent);
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
  parent: object | undefined,
): Generator<{
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly parent: object | undefined;
}> {
  const [part, ...rest] = parts;
  if (part === undefined) {
    yield { path, value, parent };
    return;
  }
  if (path.length > DEEPEST) return;
  if (part === '**') {
    if (typeof value !== 'object' || value === null) yield { path, value, parent };
    else for (const [key, one] of entriesOf(value)) yield* select(one, parts, [...path, key], value);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (part === '[]') {
    if (Array.isArray(value))
      for (const [index, one] of value.entries()) yield* select(one, rest, [...path, index], value);
    return;
  }
  if (Array.isArray(value)) return;
  if (part === '*') {
    for (const [key, one] of entriesOf(value)) yield* select(one, rest, [...path, key], value);
    return;
  }
  // Zed and VS Code write `a.b` as one key, others as two.
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join('.');
    if (length > 1 && parts.slice(0, length).some((one) => one === '*' || one === '[]' || one === '**')) continue;
    if (Object.hasOwn(value, key)) {
      yield* select((value as Readonly<Record<string, unknown>>)[key], parts.slice(length), [...path, key], value);
      return;
    }
  }
}

function entriesOf(value: object): [string | number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value);
}
