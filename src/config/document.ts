import { LineCounter, parseDocument, type Document } from 'yaml';
import { ConfigError, KeepmumError, RuleError } from '../core/errors.ts';
import { isMachineMade } from '../core/entropy.ts';
import { nearest } from '../core/nearest.ts';
import { mask } from '../core/redact.ts';
import type { SchemaError, Validate } from '#validators';

/** Makes an error of the kind that the file is about. */
export type Fail = (message: string, fix: string) => KeepmumError;

export const configFailure: Fail = (message, fix) => new ConfigError(message, { fix });
export const ruleFailure: Fail = (message, fix) => new RuleError(message, { fix });

/**
 * Parses YAML (of which JSON is a part) and checks it against a schema. Aliases cannot multiply, and
 * no tag makes anything but data.
 * @param where names the file in errors; the line is added
 * @param keys the names that a misspelt one may have meant
 * @param options.lines `false` where the text is not as the user wrote it
 * @throws what `fail` makes, naming file, line and fix
 */
export function parseChecked(
  text: string,
  where: string,
  validate: Validate,
  keys: readonly string[],
  fail: Fail,
  options: { readonly lines: boolean } = { lines: true },
): unknown {
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, schema: 'core', prettyErrors: false });
  } catch {
    // The parser calls itself for each level.
    throw fail(`${where}: nested too deeply`, 'flatten it');
  }
  const broken = document.errors[0];
  if (broken !== undefined) {
    // The parser's own message may quote the text; its code names the trouble without.
    const at = lines.linePos(broken.pos[0]).line;
    throw fail(
      `${where}:${at}: not valid YAML (${broken.code.toLowerCase().replaceAll('_', ' ')})`,
      'correct this line',
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 }) as unknown;
  } catch {
    throw fail(`${where}: too many aliases, or nested too deeply`, 'write the values out');
  }
  if (value === null || value === undefined) return {};
  if (validate(value)) return value;
  const error = validate.errors?.[0];
  throw error === undefined
    ? fail(`${where}: not valid`, 'see the documentation of the format')
    : schemaFailure(error, document, options.lines ? lines : undefined, where, keys, fail);
}

function schemaFailure(
  error: SchemaError,
  document: Document,
  lines: LineCounter | undefined,
  where: string,
  keys: readonly string[],
  fail: Fail,
): KeepmumError {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const unknown = error.params['additionalProperty'];
  const target = typeof unknown === 'string' ? [...path, unknown] : path;
  const place = lines === undefined ? where : `${where}:${lineOf(document, lines, target)}`;
  const name = path.length === 0 ? 'the file' : path.map(shownPart).join('.');
  if (typeof unknown === 'string') {
    // A key that is known elsewhere is no suggestion of itself.
    const near = nearest(
      unknown,
      keys.filter((key) => key !== unknown),
    );
    const under = path.length === 0 ? '' : ` under ${name}`;
    return fail(
      `${place}: unknown key ${shownKey(unknown)}${under}`,
      near === undefined ? 'remove it' : `did you mean ${near}?`,
    );
  }
  const allowed = error.params['allowedValues'];
  const fix = Array.isArray(allowed) ? choiceFix(document.getIn(path), allowed.map(String)) : 'correct it';
  return fail(`${place}: ${name} ${error.message ?? 'is not valid'}`, fix);
}

/** A key in quotes; what may be a value in the wrong place is masked. */
export function shownKey(key: string): string {
  return JSON.stringify(shownPart(key));
}

function shownPart(key: string): string {
  return key.length > 40 || isMachineMade(key) ? mask(key, { guessable: true }) : key;
}

/** The choice that a value comes near; else all of them. */
function choiceFix(written: unknown, allowed: readonly string[]): string {
  const near = typeof written === 'string' ? nearest(written, allowed) : undefined;
  return near === undefined ? `use one of ${allowed.join(', ')}` : `did you mean ${near}?`;
}

/** Line, from 1, of the key or item that a path names; of the nearest that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const parts = path.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const last = parts.at(-1);
    const parent: unknown = length === 1 ? document.contents : document.getIn(parts.slice(0, -1), true);
    const items: unknown =
      typeof parent === 'object' && parent !== null && 'items' in parent ? parent.items : undefined;
    if (!Array.isArray(items)) continue;
    const node: unknown = typeof last === 'number' ? items[last] : items.map(keyOf).find((key) => key?.value === last);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line;
    }
  }
  return 1;
}

function keyOf(pair: unknown): { readonly value: unknown; readonly range?: unknown } | undefined {
  if (typeof pair !== 'object' || pair === null || !('key' in pair)) return undefined;
  const { key } = pair;
  return typeof key === 'object' && key !== null && 'value' in key ? key : undefined;
}
