import { passwordOfBasic } from '../core/basic.ts';
import { credentialName, type NameKind } from '../core/credential-name.ts';
import { isMachineMade } from '../core/entropy.ts';
import type { Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { listOption, type Detector, type DetectorRule } from './detector.ts';
import { bareRun, NO_EVIDENCE, valueAfter, type Found } from './assigned-value.ts';
import { dialectOf } from './dialect.ts';
import { formatOf } from './file-format.ts';
import { literalAt, matchAt, unjoined, valueOf, writtenAs } from './literal.ts';
import { isNameByte } from './name-byte.ts';
import { meansCredential, nameEnd, nameStart } from './name-gate.ts';
import { columnValues, isTable } from './table.ts';
import { mayHaveValue, mayLeadOn } from './value-gate.ts';

/** Bytes after a name that are looked at. */
const WINDOW = 1400;
/** Bytes before a name in which a value may stand. */
const BEHIND = 400;

/** Words of which each credential name that we know holds one. */
const NAME_ANCHORS: readonly string[] = [
  'pass',
  'pwd',
  'psw',
  'secret',
  'token',
  'auth',
  'cred',
  'key',
  'contrasena',
  'senha',
  'motdepasse',
  'rootpw',
];
/** Words that announce a value by themselves. */
const PHRASE_ANCHORS: readonly string[] = ['bearer ', 'basic ', 'identified by', 'identified with', 'securestring'];

/** A value is on a later line only where nothing but quotes, brackets, operators and white space follows the name. */
const TRAIL = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) if (isNameByte(byte)) TRAIL[byte] = 1;
for (const character of '"\'`\\],&quot; \t\r:=|>+-([{')
  TRAIL[character.charCodeAt(0)] = (TRAIL[character.charCodeAt(0)] ?? 0) | 2;

/**
 * A literal that is assigned to a name which stands for a credential, in the notations of common
 * languages and formats.
 *
 * Options of a rule: `kinds` (`password`, `secret`, `api-key`, `token`, `key`, `auth`, `bare-key`,
 * `bearer`, `basic`): names it takes; `names`: whole names or their ends (`django_secret_key`,
 * letters and digits compared, in any case), which make it the more specific rule.
 */
export const assignment: Detector = {
  name: 'assignment',
  // A name, and a value that begins on its line or the next.
  reach: 300,
  trail: TRAIL,
  anchors: () => [...NAME_ANCHORS, ...PHRASE_ANCHORS],
  gate: (anchor) => (NAME_ANCHORS.includes(anchor) ? 'named' : undefined),
  // Thousands of names: as one string a rule, and a table of their hashes, they cost a hook next to nothing.
  compact: (rules) => {
    const made = rules.map((rule) => {
      const names = listOption(rule, 'names').map((name) => bare(name));
      return names.length === 0 ? rule : { ...rule, options: { ...rule.options, names: ` ${names.join(' ')} ` } };
    });
    return made.map((rule, index) =>
      index === 0 ? { ...rule, options: { ...rule.options, nameTable: packNames(made) } } : rule,
    );
  },
  prepare(rules) {
    let chooser: Choose | undefined;
    const choose: Choose = (...asked) => (chooser ??= ruleChooser(rules()))(...asked);
    return (view, hit, anchor, open) => {
      if (anchor === 'bearer ' || anchor === 'basic ') return schemeMatch(view, hit, anchor, choose);
      if (PHRASE_ANCHORS.includes(anchor)) return phraseMatch(view, hit, anchor, choose);
      const start = nameStart(view.bytes, hit);
      const end = nameEnd(view.bytes, hit + anchor.length);
      // The gate has asked the first of these, where there is one.
      if (!mayLeadOn(view.bytes[end])) return undefined;
      if (!meansCredential(view.bytes, start, end, hit - start, NAME_ANCHORS)) return undefined;
      if (!mayHaveValue(view, start, hit, open)) return undefined;
      return namedMatch(view, start, end, hit, choose);
    };
  },
};

type Kind = NameKind | 'bearer' | 'basic';

interface Choice {
  readonly rule: DetectorRule;
  readonly specific: boolean;
}

export type Choose = (kind: Kind, name: string) => Choice | undefined;

function ruleChooser(rules: readonly DetectorRule[]): Choose {
  const byKind = new Map<string, DetectorRule>();
  let fallback: DetectorRule | undefined;
  for (const rule of rules) {
    const kinds = listOption(rule, 'kinds');
    for (const kind of kinds) if (!byKind.has(kind)) byKind.set(kind, rule);
    if (rule.options?.['names'] === undefined && kinds.length === 0) fallback ??= rule;
  }
  let names: NameTable | undefined;
  return (kind, name) => {
    names ??= new NameTable(rules);
    const named = names.ruleOf(bare(name));
    if (named !== undefined) return { rule: named, specific: true };
    const rule = byKind.get(kind) ?? fallback;
    return rule && { rule, specific: false };
  };
}

/** The hashes of all names that rules know, in order, each with the index of the first rule; in Base64. */
function packNames(rules: readonly DetectorRule[]): string {
  const entries = new Map<number, number>();
  for (const [index, rule] of rules.entries()) {
    for (const name of namesOf(rule)
      .split(' ')
      .filter((word) => word !== '')) {
      let hash = SEED;
      for (let at = name.length - 1; at >= 0; at--) hash = step(hash, name.charCodeAt(at));
      if (!entries.has(hash)) entries.set(hash, index);
    }
  }
  const sorted = [...entries].toSorted(([a], [b]) => a - b);
  const packed = Buffer.alloc(sorted.length * 6);
  for (const [at, [hash, index]] of sorted.entries()) {
    packed.writeUInt32LE(hash, at * 4);
    packed.writeUInt16LE(index, sorted.length * 4 + at * 2);
  }
  return packed.toString('base64');
}

/** Which rule knows a name, or its end. */
class NameTable {
  readonly #rules: readonly DetectorRule[];
  readonly #packed: Buffer;
  readonly #count: number;

  constructor(rules: readonly DetectorRule[]) {
    this.#rules = rules;
    const packed = rules[0]?.options?.['nameTable'];
    this.#packed = Buffer.from(typeof packed === 'string' ? packed : '', 'base64');
    this.#count = this.#packed.length / 6;
  }

  /** The rule that knows the longest end of the name, in bare letters and digits. */
  ruleOf(name: string): DetectorRule | undefined {
    let found: DetectorRule | undefined;
    let hash = SEED;
    for (let at = name.length - 1; at >= 0; at--) {
      hash = step(hash, name.charCodeAt(at));
      const rule = this.#rules[this.#indexOf(hash)];
      if (rule !== undefined && namesOf(rule).includes(` ${name.slice(at)} `)) found = rule;
    }
    return found;
  }

  /** -1 where no name has that hash. */
  #indexOf(hash: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#packed.readUInt32LE(middle * 4) < hash) low = middle + 1;
      else high = middle;
    }
    if (low === this.#count || this.#packed.readUInt32LE(low * 4) !== hash) return -1;
    return this.#packed.readUInt16LE(this.#count * 4 + low * 2);
  }
}

const SEED = 0x811c9dc5;

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193) >>> 0;
}

function namesOf(rule: DetectorRule): string {
  const names = rule.options?.['names'];
  return typeof names === 'string' ? names : '';
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const BACKSLASH = 92;
/** n, r and t. */
const ESCAPE_LETTERS: readonly number[] = [110, 114, 116];

/**
 * The value that the name at bytes `[from, end)` is given, `hit` being the first byte of a word of credentials in it; what the gates
 * rule out it finds to be none, too.
 */
export function namedMatch(
  view: View,
  from: number,
  end: number,
  hit: number,
  choose: Choose,
): Match | readonly Match[] | undefined {
  const { bytes } = view;
  if (!mayLeadOn(bytes[end])) return undefined;
  // `\nPASS=x` in a literal: the letter belongs to the backslash.
  const isEscaped = bytes[from - 1] === BACKSLASH && from < hit && ESCAPE_LETTERS.includes(bytes[from] ?? 0);
  const start = isEscaped ? from + 1 : from;
  const name = view.latin1(start, end);
  // An earlier word in the same name has led here already.
  const before = name.slice(0, hit - start).toLowerCase();
  if (NAME_ANCHORS.some((word) => before.includes(word))) return undefined;
  const kind = credentialName(name.replace(/[.-]+$/, ''));
  if (kind === undefined) return undefined;
  if (isTable(view)) {
    const column = columnValues(view, start, end);
    if (column.length > 0) return column.flatMap((found) => toMatch(view, end, found, kind, name, choose) ?? []);
  }
  const text = view.latin1(end, end + WINDOW);
  const format = formatOf(view);
  const found = valueAfter(text, {
    name,
    kind,
    format,
    dialect: dialectOf(view),
    fileName: view.fileName,
    behind: () => view.latin1(start - BEHIND, start),
    before: view.latin1(start - 1, start),
    lead: () => view.latin1(view.lineStart(start, 200), start),
  });
  if (found === undefined) return undefined;
  return toMatch(view, end, found, kind, name, choose);
}

const KNOWN = evidence('name-known', 'given to the name that the provider uses for it');

/** `Authorization: Bearer x`, `"Basic x"`. */
function schemeMatch(view: View, hit: number, anchor: string, choose: Choose): Match | undefined {
  const kind = anchor === 'basic ' ? 'basic' : 'bearer';
  const previous = view.bytes[hit - 1];
  if (previous !== undefined && isNameByte(previous)) return undefined;
  const at = hit + anchor.length;
  const text = view.latin1(at, at + WINDOW);
  const run = credentialRun(text);
  const joined = /^["'`\\]/.test(text.slice(run.length)) ? unjoined(text, run.length, dialectOf(view)) : undefined;
  const value = joined === undefined ? run : credentialRun(joined.text);
  if (!/^[^=]{8}/.test(value)) return undefined;
  if (/^[({[$]/.test((joined?.text ?? text).slice(value.length, value.length + 1))) return undefined;
  const lead = view.latin1(view.lineStart(hit, 120), hit);
  const header = /authorization|header|-H\b|"value"|auth/i.test(lead);
  // "basic authentication" and "Bearer tokens" are prose; a credential has digits or mixes capitals in.
  if (!header && !/["'`:=][ \t]{0,2}$/.test(lead) && !/^[ \t]*-[ \t]+["']?$/.test(lead)) return undefined;
  if (!/[0-9]/.test(value) && !/[a-z][A-Z]|=$/.test(value)) return undefined;
  const parts = joined === undefined ? [{ start: 0, end: value.length }] : writtenAs(joined, 0, value.length);
  return toMatch(
    view,
    at,
    {
      start: parts[0]?.start ?? 0,
      end: parts.at(-1)?.end ?? 0,
      quote: '',
      ...(parts.length > 1 && { parts }),
      evidence: [
        evidence('syntax-header', `the credential of an HTTP ${kind} header`),
        ...(kind === 'basic' && passwordOfBasic(value) === undefined
          ? [evidence('value-no-basic', 'not the Base64 of a name and a password')]
          : []),
      ],
    },
    kind,
    'Authorization',
    choose,
  );
}

function credentialRun(text: string): string {
  return /^(?:[A-Za-z0-9+/_.~-]{1,1300}={0,3})?/.exec(text)?.[0] ?? '';
}

const SQL_STATEMENT =
  /\b(?:alter|create|grant|set)\b.{1,300}identified (?:by|with)$|^[ \t"'`+]*identified (?:by|with)$/i;
/** An unquoted password of SQL, followed by the statement's end or its next word in capitals or small letters. */
const SQL_WORD =
  /[A-Za-z][\w$#]{2,29}(?=[ \t]*(?:;|$|[\r\n"'`]|(?:container|default|temporary|account|profile|quota|require)\b))/iy;

const PHRASE_OPEN =
  /[ \t]{1,8}(?:PASSWORD[ \t]{1,4}|(?:-(?:AsPlainText|Force)[ \t]{1,4}){0,2}-String[ \t:]{1,4}|WITH[ \t]+\w+[ \t]+(?:BY|AS)[ \t]+)?/iy;
/** `IDENTIFIED WITH` names a plugin first. */
const PLUGIN_OPEN = /[ \t]{1,8}[\w'"`]{1,60}[ \t]{1,4}(?:BY|AS)[ \t]{1,4}/iy;

/** `IDENTIFIED BY 'x'`, `ConvertTo-SecureString "x"`, `'x' | ConvertTo-SecureString`. */
function phraseMatch(view: View, hit: number, anchor: string, choose: Choose): Match | undefined {
  const at = hit + anchor.length;
  const text = view.latin1(at, at + WINDOW);
  const isSql = anchor.startsWith('identified');
  const phrase = view.latin1(view.lineStart(at, 400), at);
  // Prose identifies things, too; a statement may have begun on an earlier line.
  if (isSql && !SQL_STATEMENT.test(phrase)) return undefined;
  const piped = isSql ? undefined : PIPED.exec(phrase)?.indices?.[2];
  if (piped !== undefined) {
    const [start, end] = piped.map((offset) => offset - phrase.length) as [number, number];
    return toMatch(view, at, { start, end, quote: '"', evidence: NO_EVIDENCE }, 'password', 'password', choose);
  }
  const open = matchAt(anchor === 'identified with' ? PLUGIN_OPEN : PHRASE_OPEN, text, 0);
  if (open === null) return undefined;
  const literal = literalAt(text, open[0].length, dialectOf(view));
  const value = literal ?? bareRun(SQL_WORD, text, open[0].length);
  return value && toMatch(view, at, { ...value, evidence: NO_EVIDENCE }, 'password', 'password', choose);
}

const PIPED = /(["'])((?:(?!\1).){3,200})\1[ \t]{0,8}\|[ \t]{0,8}ConvertTo-SecureString$/di;

/** A scheme in front of a value; those two have anchors of their own. */
const SCHEME = /^(?:Bearer|Basic)[ \t]+/i;
const OTHER_SCHEME = /^(?:Token|ApiKey|token|apikey|Api-Key|Key|SSWS|Bot|JWT)[ \t=]+/;

function toMatch(view: View, base: number, found: Found, kind: Kind, given: string, choose: Choose): Match | undefined {
  const name = found.name ?? given;
  let start = base + found.start;
  const end = base + found.end;
  if (end - start < 3) return undefined;
  const { parts } = found;
  let secret = (parts ?? [found]).map((part) => valueOf(view.utf8(base + part.start, base + part.end), part)).join('');
  if (kind !== 'bearer' && kind !== 'basic' && SCHEME.test(secret)) return undefined;
  const scheme = OTHER_SCHEME.exec(secret)?.[0] ?? '';
  if (parts === undefined) start += scheme.length;
  secret = secret.slice(scheme.length);
  if (secret.length < 3) return undefined;
  const choice = choose(found.name === undefined ? kind : 'password', name);
  if (choice === undefined) return undefined;
  const isJoined = parts !== undefined && parts.length > 1;
  return {
    ruleId: choice.rule.id,
    start,
    end,
    secret,
    evidence: [...found.evidence, ...(choice.specific ? [KNOWN] : []), ...(isJoined ? [JOINED] : [])],
    guessable: !isMachineMade(secret),
    name: kind === 'bearer' || kind === 'basic' ? 'Authorization' : name,
    priority: choice.specific ? 30 : 20,
  };
}

const JOINED = evidence('syntax-joined', 'put together from several literals');
