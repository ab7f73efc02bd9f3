import { passwordOfBasic } from '../core/basic.ts';
import { credentialName, type NameKind } from '../core/credential-name.ts';
import { isMachineMade } from '../core/entropy.ts';
import type { Evidence, Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { listOption, type Detector, type DetectorRule } from './detector.ts';
import { formatOf, type FileFormat } from './file-format.ts';
import { type Literal, quotedAt, unescapeLiteral } from './literal.ts';

/** Bytes after a name that are looked at. */
const WINDOW = 1400;
/** Longest name, in bytes to either side of the literal that led here. */
const NAME_LIMIT = 96;

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
];
/** Words that announce a value by themselves. */
const PHRASE_ANCHORS: readonly string[] = ['bearer ', 'basic ', 'identified by', 'securestring'];

const LOGIN = /^(?:docker|podman) login[ \t][^|;&\n]{0,200}?(?<=[ \t])-p[ \t=]{0,4}["']?([^\s"'$`<-][^\s"'$`]{2,300})/d;
/**
 * Flags of programs that take a password and do not say so, by the literal that the command starts with; the
 * password is the last group. `curl -u`, `mysql -p`, `redis-cli -a`, `docker login -p`.
 */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  'curl ':
    /^curl[ \t][^|;&\n]{0,400}?(?<=[ \t])(?:-[uU]|--user|--proxy-user)(?:[ \t]{1,4}|=)?["']?[^\s:"'$<{]{1,64}:([^\s"'$<{`\\]{3,200})/di,
  mysql: /^mysql(?:dump|admin|import|check)?[ \t][^|;&\n]{0,200}?(?<=[ \t])-p["']?([^\s"'$`<-][^\s"'$`|;&]{2,100})/d,
  'redis-cli ': /^redis-cli[ \t][^|;&\n]{0,200}?(?<=[ \t])-a[ \t]{1,4}["']?([^\s"'$`<-][^\s"'$`]{2,200})/d,
  'docker login': LOGIN,
  'podman login': LOGIN,
};

function isNameByte(byte: number): boolean {
  return (
    (byte >= 97 && byte <= 122) || // a-z
    (byte >= 65 && byte <= 90) || // A-Z
    (byte >= 48 && byte <= 57) || // 0-9
    byte === 95 || // _
    byte === 45 || // -
    byte === 46 || // .
    byte === 36 // $
  );
}

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
  anchors: () => [...NAME_ANCHORS, ...PHRASE_ANCHORS, ...Object.keys(COMMANDS)],
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
    return (view, hit, anchor) => {
      if (anchor === 'bearer ' || anchor === 'basic ') return schemeMatch(view, hit, anchor, choose);
      if (anchor === 'identified by' || anchor === 'securestring')
        return phraseMatch(view, hit + anchor.length, choose);
      const command = COMMANDS[anchor];
      if (command !== undefined) return commandMatch(view, hit, command, choose);
      return namedMatch(view, hit, anchor.length, choose);
    };
  },
};

type Kind = NameKind | 'bearer' | 'basic';

interface Choice {
  readonly rule: DetectorRule;
  readonly specific: boolean;
}

type Choose = (kind: Kind, name: string) => Choice | undefined;

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

/** What may follow a name: quotes, operators, brackets, a tag's end, white space. */
const FOLLOWS = new Uint8Array(256);
for (const character of '"\'`\\:=>,(]?!|<& \t\r\n~)') FOLLOWS[character.charCodeAt(0)] = 1;

function namedMatch(view: View, hit: number, anchorLength: number, choose: Choose): Match | undefined {
  const { bytes } = view;
  let nameEnd = hit + anchorLength;
  const last = Math.min(bytes.length, nameEnd + NAME_LIMIT);
  // In bounds: nameEnd < last <= bytes.length; nameStart > 0.
  while (nameEnd < last && isNameByte(bytes[nameEnd] as number)) nameEnd++;
  if (nameEnd >= bytes.length || FOLLOWS[bytes[nameEnd] as number] === 0) return undefined;
  let nameStart = hit;
  const first = Math.max(0, hit - NAME_LIMIT);
  while (nameStart > first && isNameByte(bytes[nameStart - 1] as number)) nameStart--;
  const name = view.latin1(nameStart, nameEnd);
  // An earlier word in the same name has led here already.
  const before = name.slice(0, hit - nameStart).toLowerCase();
  if (NAME_ANCHORS.some((word) => before.includes(word))) return undefined;
  const kind =
    credentialName(name.replace(/[.-]+$/, '')) ?? (name.toLowerCase() === 'sshpass' ? 'password' : undefined);
  if (kind === undefined) return undefined;
  const text = view.latin1(nameEnd, nameEnd + WINDOW);
  const format = formatOf(view);
  const found = valueAfter(text, {
    name,
    kind,
    format,
    before: view.latin1(nameStart - 1, nameStart),
    lead: () => view.latin1(view.lineStart(nameStart, 200), nameStart),
  });
  if (found === undefined) return undefined;
  return toMatch(view, nameEnd, found, kind, name, choose);
}

interface Found extends Literal {
  readonly evidence: readonly Evidence[];
}

interface Context {
  readonly name: string;
  readonly kind: NameKind;
  readonly format: FileFormat;
  /** The character before the name. */
  readonly before: string;
  /** The line before the name, at most 200 bytes of it. */
  readonly lead: () => string;
}

const NO_EVIDENCE: readonly Evidence[] = [];
const PAIRED = [evidence('syntax-pair', 'the second of two arguments')];
const CALLED = [evidence('syntax-call', 'passed to a call')];
const COMPARED = [evidence('syntax-compare', 'compared with the value')];
const FLAGGED = [evidence('syntax-flag', 'given on a command line')];
const KNOWN = evidence('name-known', 'given to the name that the provider uses for it');
const INNER = [evidence('syntax-inner', 'written inside another string')];

/** `:`, `=`, `:=`, `=>`, `->`, `<-`, `?=`, `||=`, comparisons; not `:-` of a shell's default. */
const OPERATOR = /[ \t]{0,40}(:=|=>|->|<-|~>|\?\?=|\|\|=|\?=|===?|!==?|=|:(?!-[^\s]))(?![=:])[ \t]{0,40}/y;
/** `: string = `, `: Optional[str] = `, `: &'static str = `. */
const TYPE_BEFORE_VALUE = /[&A-Za-z_][\w.<>[\]|?&' ]{0,40}?[ \t]{0,4}=[ \t]{0,4}(?=[^\s=])/y;
/** Go writes the type behind the name: `const apiKey string = `. */
const TYPE_AFTER_NAME = /[ \t]{1,8}(?:string|\[\]byte)[ \t]{0,8}=[ \t]{0,8}(?=["`[])/y;
/** `${NAME:-value}` of shells and compose files. */
const SHELL_DEFAULT = /:?-(?=[^\s"'`${}])/y;
const SHELL_DEFAULT_VALUE = /[^\s"'`${}]{3,600}(?=\})/y;
/** Calls that only convert the literal they are given. */
const CONVERSION =
  /(?:(?:new[ \t]+)?(?:Buffer\.from|String|str|bytes|SecretStr|SecureString|byte\[\]|\[\]byte|b64decode|base64\.b64decode|toCharArray|Secret\.fromString|ByteString\.copyFromUtf8|text|char\[\])[ \t]{0,2}[({]|\[|\()[ \t]{0,2}/y;
const FALLBACK = /[\])}"']{0,3}[ \t]{0,8}(?:\|\||\?\?|\bor\b|\?:|:-)[ \t]{0,8}(?=["'`])/y;
const VALUE_ATTRIBUTE = /[ \t\r\n]{1,40}(?:value|content|defaultValue)[ \t]{0,4}[=:][ \t]{0,4}(?=["'])/y;
const VALUE_LINE =
  /[ \t]{0,8},?[ \t]{0,8}\r?\n[ \t]{0,60}["']?(?:value|Value|ParameterValue)["']?[ \t]{0,4}[:=][ \t]{0,8}/y;
/** The value stands on the next line: after an operator, a bracket, or the sign of a block of YAML. */
const NEXT_LINE = /(\(|\\|[|>][+-]?)?[ \t]{0,8}\r?\n([ \t]{0,80})/y;
/** A string over lines that holds one: `"""`, `'''`, `[[` of Lua, `<<END` of shells and HCL. */
const BLOCK_STRING =
  /(?:("""|''')[ \t]{0,8}\r?\n[ \t]{0,80}([^\r\n]{3,600}?)(?:\r?\n[ \t]{0,80})?\1|\[\[([^\]\r\n]{3,600})\]\]|<<[-~]?["']?(?:[A-Z]\w{1,20})["']?[ \t]{0,8}\r?\n[ \t]{0,80}([^\s]{3,600})\r?\n[ \t]{0,80}[A-Z]\w{1,20}\b)/dy;
/** The default of a variable of Terraform, or of a flag that a program declares. */
const DEFAULT_BELOW = /[ \t]{0,4}\{(?:[^}]{0,200}[\s{])?default[ \t]{0,12}=[ \t]{0,4}(?=["'])/y;
const DEFAULT_ARGUMENT = /,[^()\r\n]{0,120}?\bdefault[ \t]{0,2}[=:][ \t]{0,2}(?=["'])/y;
const SPACES = /[ \t]{1,40}/y;
/** `define("`, `setProperty("`, `os.Setenv("`, `environ.get("` with its default. */
const SETTER =
  /(?:get|set|put|add|define|def|env|prop|property|param|parameter|config|option|append|insert|header)[ \t]{0,2}\([ \t]{0,4}["'`]$/i;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Finds the literal that the name which ends where `text` starts is given. */
function valueAfter(text: string, context: Context): Found | undefined {
  let at = 0;
  let quoted = false;
  const escaped = /^\\{1,3}["']/.exec(text);
  if (escaped !== null) {
    at = escaped[0].length;
    quoted = true;
  } else if (/^["'`]/.test(text)) {
    at = 1;
    quoted = context.before === text.charAt(0);
    // `"… password"` ends a sentence; only the form `"password"` or `'a b password'` names something.
    if (!quoted && !/^["'`][ \t]{0,4}[:=]/.test(text)) return undefined;
  } else if (text.startsWith('&quot;')) {
    at = 6;
    quoted = true;
  }
  if (text.charAt(at) === ']') at++;

  const operator = matchAt(OPERATOR, text, at);
  if (operator !== null) return afterOperator(text, operator, quoted, context);

  if (context.before === '{' && matchAt(SHELL_DEFAULT, text, at) !== null) {
    return withEvidence(bareRun(SHELL_DEFAULT_VALUE, text, SHELL_DEFAULT.lastIndex), NO_EVIDENCE);
  }
  // Prose: changed to `pass` or `fail`.
  const fallback = text.startsWith('`') ? null : matchAt(FALLBACK, text, at);
  if (fallback !== null) return withEvidence(quotedAt(text, FALLBACK.lastIndex), NO_EVIDENCE);

  const next = text.charAt(at);
  if (quoted) {
    const argument = next === ',' ? matchAt(DEFAULT_ARGUMENT, text, at) : null;
    if (argument !== null) return withEvidence(quotedAt(text, DEFAULT_ARGUMENT.lastIndex), NO_EVIDENCE);
    if (matchAt(DEFAULT_BELOW, text, at) !== null && /\bvariable[ \t]{1,4}["']$/.test(context.lead())) {
      return withEvidence(quotedAt(text, DEFAULT_BELOW.lastIndex), NO_EVIDENCE);
    }
    // define("NAME", "value"), set("name", "value"), getenv("NAME", "fallback").
    if (next === ',' && /\([ \t]{0,4}["'`]$/.test(context.lead())) {
      return afterComma(text, at + 1, SETTER.test(context.lead()));
    }
    if (next === '>') return element(text, at + 1);
    const attribute = matchAt(VALUE_ATTRIBUTE, text, at);
    if (attribute !== null) return withEvidence(quotedAt(text, VALUE_ATTRIBUTE.lastIndex), NO_EVIDENCE);
    return valueLine(text, at, context);
  }
  if (next === '>' && /[</:]/.test(context.before) && /<[\w.:-]*$/.test(context.lead())) return element(text, 1);
  if (next === '(') return call(text, context);
  if (next === '\r' || next === '\n') return valueLine(text, at, context);
  if (next === ' ' || next === '\t') return afterSpace(text, context);
  return undefined;
}

function withEvidence(literal: Literal | undefined, found: readonly Evidence[]): Found | undefined {
  return literal && { ...literal, evidence: found };
}

function afterOperator(text: string, operator: RegExpExecArray, quoted: boolean, context: Context): Found | undefined {
  const sign = operator[1] ?? '';
  // `ok ? 'pass' : 'fail'` chooses between two texts.
  if (quoted && sign === ':' && /\?[ \t]{0,4}["'`]$/.test(context.lead())) return undefined;
  let at = operator.index + operator[0].length;
  const compares = sign.includes('==') || sign.startsWith('!');
  const literal = quotedAt(text, at) ?? convertedAt(text, at);
  if (literal !== undefined) {
    // `"password": "x"` in prose or a query is a pair; `password="` before a quoted name is markup.
    return { ...literal, evidence: compares ? COMPARED : NO_EVIDENCE };
  }
  if (compares) return undefined;
  const later = onLaterLine(text, at, sign, context);
  if (later !== undefined) return later;
  if (sign === ':' && context.format === 'code') {
    const typed = matchAt(TYPE_BEFORE_VALUE, text, at);
    if (typed !== null) {
      at = TYPE_BEFORE_VALUE.lastIndex;
      return withEvidence(quotedAt(text, at) ?? convertedAt(text, at), NO_EVIDENCE);
    }
  }
  if (quoted && context.format !== 'yaml' && context.format !== 'ini') {
    return context.kind === 'password' ? numberAt(text, at) : undefined;
  }
  return bareValue(text, at, sign, /[ \t]/.test(operator[0]), context);
}

function onLaterLine(text: string, at: number, sign: string, context: Context): Found | undefined {
  const groups = matchAt(BLOCK_STRING, text, at)?.indices?.slice(2);
  const block = groups?.find((group) => group !== undefined);
  if (block !== undefined) return { start: block[0], end: block[1], quote: '', evidence: NO_EVIDENCE };
  const next = matchAt(NEXT_LINE, text, at);
  if (next === null) return undefined;
  const from = NEXT_LINE.lastIndex;
  const mark = next[1] ?? '';
  if (context.format === 'yaml' && sign === ':') {
    // Deeper than the name, which begins its line.
    const indent = /^[ \t-]*/.exec(context.lead())?.[0].length ?? 0;
    if (mark === '(' || mark === '\\' || (next[2] ?? '').length <= indent) return undefined;
    return withEvidence(
      quotedAt(text, from) ?? (mark === '' ? undefined : trimmedRun(BARE.yaml, text, from)),
      NO_EVIDENCE,
    );
  }
  return mark.startsWith('|') || mark.startsWith('>') ? undefined : withEvidence(quotedAt(text, from), NO_EVIDENCE);
}

function convertedAt(text: string, at: number): Literal | undefined {
  const conversion = matchAt(CONVERSION, text, at);
  return conversion === null ? undefined : quotedAt(text, CONVERSION.lastIndex);
}

function numberAt(text: string, at: number): Found | undefined {
  const number = matchAt(/[0-9]{4,32}(?=[ \t]{0,4}(?:[,}\r\n]|$))/y, text, at);
  return number === null ? undefined : { start: at, end: at + number[0].length, quote: '', evidence: NO_EVIDENCE };
}

/** What a value without quotes may hold in each format; what it starts with rules out references and structures. */
const BARE: Readonly<Record<FileFormat, RegExp | undefined>> = {
  env: /[^\s"'`][^\r\n]{2,600}/y,
  ini: /[^\s"'`[{<][^\r\n]{2,600}/y,
  yaml: /[^\s"'`[\]{}|>&*!%@#][^\r\n]{2,600}/y,
  shell: /[^\s"'`(){}<>|&;]{3,600}/y,
  text: /[^\s"'`(){}<>|&;,]{3,600}/y,
  markup: undefined,
  json: undefined,
  code: undefined,
};
/** Inside a string of another language: name=value&…, name=value; */
const INNER_VALUE = /[^\s"'`(){}<>|&;,\\$%#[\]+*]{3,200}(?=[&;"'`,\\ ]|$)/y;

/** A value that stands without quotes, where the format means it literally. */
function bareValue(text: string, at: number, sign: string, spaced: boolean, context: Context): Found | undefined {
  const { format, kind } = context;
  const scheme =
    kind === 'auth' ? matchAt(/(?:Token|token|ApiKey|apikey|Api-Key|Key|SSWS|Bot|JWT)[ \t]{1,4}/y, text, at) : null;
  if (scheme !== null) {
    const run = bareRun(INNER_VALUE, text, at + scheme[0].length);
    return run !== undefined && run.end - run.start >= 16 ? withEvidence(run, INNER) : undefined;
  }
  if (kind === 'bare-key' || (kind === 'auth' && sign !== '=')) return undefined;
  if (sign !== '=' && sign !== ':' && sign !== '?=' && sign !== ':=') return undefined;
  const isFlag = context.name.startsWith('-');
  if (isFlag && sign === '=') return withEvidence(bareRun(BARE.shell, text, at), FLAGGED);
  const wholeLine =
    /^[ \t]{0,80}(?:#[ \t]*|\/\/[ \t]*|;[ \t]*|-[ \t]+)?(?:export[ \t]+|set[ \t]+|SET[ \t]+|ENV[ \t]+|ARG[ \t]+|\$env:)?["']?[\w.$-]{0,80}$/;
  const lead = context.lead();
  if ((format === 'env' || format === 'ini' || format === 'yaml') && wholeLine.test(lead)) {
    if (format === 'env' && sign === ':') return undefined;
    if (format === 'yaml' && (sign === ':' ? !spaced : spaced)) return undefined;
    return withEvidence(trimmedRun(BARE[format], text, at), NO_EVIDENCE);
  }
  if (format === 'shell' && spaced && (sign === '?=' || sign === ':=') && wholeLine.test(lead)) {
    // Make assigns with spaces, where a shell would start a program.
    return withEvidence(trimmedRun(BARE.shell, text, at), NO_EVIDENCE);
  }
  if (sign === '=' && !spaced) {
    if (format === 'shell' || format === 'text' || format === 'yaml' || format === 'env' || format === 'ini') {
      if (/[?&;][\w.-]{0,40}$/.test(lead)) return withEvidence(bareRun(INNER_VALUE, text, at), INNER);
      return withEvidence(bareRun(BARE.shell, text, at), /["'][^"']*$/.test(lead) ? INNER : NO_EVIDENCE);
    }
    // Code: only inside a string, in the manner of query strings and connection settings.
    if (/(?:[?&;"'` ]|\\n|\\t)[\w.-]{0,40}$/.test(lead) && insideString(lead)) {
      return withEvidence(bareRun(INNER_VALUE, text, at), INNER);
    }
    return undefined;
  }
  if (format === 'text' && kind !== 'auth') {
    // Documentation: `Password: Ab12cd`, one word up to the line's end and not only letters.
    const run = trimmedRun(BARE.text, text, at);
    if (run === undefined) return undefined;
    const value = text.slice(run.start, run.end);
    const whole = wholeLine.test(lead) && /^[ \t]*(?:\r?\n|$)/.test(text.slice(run.end, run.end + 8));
    return /[0-9]/.test(value) && (whole || value.length >= 16) ? withEvidence(run, NO_EVIDENCE) : undefined;
  }
  if (sign === ':' && (format === 'shell' || format === 'code') && insideString(lead)) {
    // A header in a string: "X-Api-Key: abc".
    const run = bareRun(INNER_VALUE, text, at);
    return run !== undefined && run.end - run.start >= 16 ? withEvidence(run, INNER) : undefined;
  }
  return undefined;
}

/** An odd number of quotes of some kind stands open before the name. */
function insideString(lead: string): boolean {
  let open = '';
  for (let i = 0; i < lead.length; i++) {
    const unit = lead.charAt(i);
    if (unit === '\\') i++;
    else if (open === '' && (unit === '"' || unit === "'" || unit === '`')) open = unit;
    else if (unit === open) open = '';
  }
  return open !== '';
}

function bareRun(pattern: RegExp | undefined, text: string, at: number): Literal | undefined {
  const run = pattern && matchAt(pattern, text, at);
  if (!run) return undefined;
  // A bracket or call right behind means that this was code; three dots, that it is cut; `<…>`, that it is a form.
  if (/^(?:[({[]|<[^/])/.test(text.slice(at + run[0].length, at + run[0].length + 2)) || run[0].endsWith('...'))
    return undefined;
  return { start: at, end: at + run[0].replace(/[,.:]+$/, '').length, quote: '' };
}

/** A value up to the end of its line, without a comment; one with spaces in it is a sentence. */
function trimmedRun(pattern: RegExp | undefined, text: string, at: number): Literal | undefined {
  const run = pattern && matchAt(pattern, text, at);
  if (!run) return undefined;
  const value = run[0].replace(/\s+[#;].*$/, '').trimEnd();
  if (value.length < 3 || /\s/.test(value)) return undefined;
  return { start: at, end: at + value.length, quote: '' };
}

function afterComma(text: string, from: number, sets: boolean): Found | undefined {
  SPACES.lastIndex = from;
  const at = SPACES.test(text) ? SPACES.lastIndex : from;
  const literal = quotedAt(text, at) ?? convertedAt(text, at);
  if (literal === undefined) return undefined;
  // A third argument, or one more quoted name, makes it a list.
  return /^[ \t]{0,4}(?:\)|,[ \t]{0,4}[^"'`\s])/.test(
    text.slice(literal.end + literal.quote.length, literal.end + literal.quote.length + 8),
  )
    ? { ...literal, evidence: sets ? NO_EVIDENCE : PAIRED }
    : undefined;
}

function element(text: string, at: number): Found | undefined {
  const value = matchAt(/[ \t]{0,8}([^<>\s]{3,600})[ \t]{0,8}<\//y, text, at);
  if (value?.[1] === undefined) return undefined;
  const start = at + value[0].indexOf(value[1]);
  return { start, end: start + value[1].length, quote: '', evidence: NO_EVIDENCE };
}

/** `.password("x")`, `setToken('x')`; a plain `token("x")` is a function of a parser more often. */
function call(text: string, context: Context): Found | undefined {
  const last = context.name.slice(context.name.lastIndexOf('.') + 1);
  if (!context.name.includes('.') && !/^(?:set|with|add|use|PASSWORD$)/.test(last)) return undefined;
  // `assert.pass("…")`
  if (last === 'pass') return undefined;
  if (/^(?:get|is|has|find|check|verify|validate|generate|create|make|new|read|load|fetch|parse)/.test(last))
    return undefined;
  const open = matchAt(/\([ \t]{0,4}/y, text, 0);
  if (open === null) return undefined;
  const literal = quotedAt(text, open[0].length);
  if (literal === undefined) return undefined;
  return /^[ \t]{0,4}\)/.test(text.slice(literal.end + literal.quote.length, literal.end + literal.quote.length + 8))
    ? { ...literal, evidence: CALLED }
    : undefined;
}

/** `name: DB_PASSWORD` and on the next line `value: x`. */
function valueLine(text: string, from: number, context: Context): Found | undefined {
  const next = matchAt(VALUE_LINE, text, from);
  if (next === null || !/(?:name|key|Name|Key|ParameterKey)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?$/.test(context.lead()))
    return undefined;
  const at = VALUE_LINE.lastIndex;
  return withEvidence(
    quotedAt(text, at) ?? (context.format === 'yaml' ? trimmedRun(BARE.yaml, text, at) : undefined),
    NO_EVIDENCE,
  );
}

/** `--password x`, `ENV NAME x`, `#define NAME "x"`, `machine h login u password x`, SQL `PASSWORD 'x'`. */
function afterSpace(text: string, context: Context): Found | undefined {
  SPACES.lastIndex = 0;
  if (!SPACES.test(text)) return undefined;
  const at = SPACES.lastIndex;
  const lead = context.lead();
  const { name, format } = context;
  if (format === 'code' && matchAt(TYPE_AFTER_NAME, text, 0) !== null) {
    const from = TYPE_AFTER_NAME.lastIndex;
    return withEvidence(quotedAt(text, from) ?? convertedAt(text, from), NO_EVIDENCE);
  }
  if (name.toLowerCase() === 'sshpass') {
    const flag = matchAt(/-p[ \t]{0,4}/y, text, at);
    return flag === null
      ? undefined
      : withEvidence(quotedAt(text, at + flag[0].length) ?? bareRun(BARE.shell, text, at + flag[0].length), FLAGGED);
  }
  if (name.startsWith('-')) {
    const literal =
      quotedAt(text, at) ?? (/^[-|<\\]/.test(text.slice(at, at + 1)) ? undefined : bareRun(BARE.shell, text, at));
    return format === 'code' && literal?.quote === '' && !insideString(lead)
      ? undefined
      : withEvidence(literal, FLAGGED);
  }
  if (/^[ \t]{0,20}(?:ENV|ARG|#[ \t]{0,4}define|%define|setx?|SETX?)[ \t]+[\w.-]{0,40}$/.test(lead)) {
    return withEvidence(
      quotedAt(text, at) ?? (/#/.test(lead) ? undefined : bareRun(BARE.shell, text, at)),
      NO_EVIDENCE,
    );
  }
  if (
    /\b(?:login|machine)[ \t]+\S{1,80}[ \t]+$/.test(lead) ||
    (format === 'text' && /^\s*$/.test(lead) && /netrc/.test(name))
  ) {
    return withEvidence(bareRun(BARE.shell, text, at), NO_EVIDENCE);
  }
  if (context.kind === 'password' && /^pass(?:word|wd)?$/i.test(name)) {
    const literal = quotedAt(text, at);
    // SQL: the quote follows the word itself.
    return literal?.quote === "'" && /\b(?:user|role|login|with|alter|create|encrypted|set)\b/i.test(lead)
      ? { ...literal, evidence: NO_EVIDENCE }
      : undefined;
  }
  // A setting of Gradle, Chef and the like: the whole line.
  if (/^[ \t]*$/.test(lead) && context.kind !== 'auth' && context.kind !== 'bare-key') {
    const literal = quotedAt(text, at);
    if (literal !== undefined && /^[ \t]*\r?(?:\n|$)/.test(text.slice(literal.end + literal.quote.length))) {
      return withEvidence(literal, NO_EVIDENCE);
    }
  }
  return valueLine(text, at - 1, context);
}

/** `Authorization: Bearer x`, `"Basic x"`. */
function schemeMatch(view: View, hit: number, anchor: string, choose: Choose): Match | undefined {
  const kind = anchor === 'basic ' ? 'basic' : 'bearer';
  const previous = view.bytes[hit - 1];
  if (previous !== undefined && isNameByte(previous)) return undefined;
  const at = hit + anchor.length;
  const text = view.latin1(at, at + WINDOW);
  const run = matchAt(/[A-Za-z0-9+/_.~-]{8,1300}={0,3}/y, text, 0);
  if (run === null) return undefined;
  if (/^[({[$]/.test(text.slice(run[0].length, run[0].length + 1))) return undefined;
  const lead = view.latin1(view.lineStart(hit, 120), hit);
  const header = /authorization|header|-H\b|"value"|auth/i.test(lead);
  // "basic authentication" and "Bearer tokens" are prose; a credential has digits or mixes capitals in.
  if (!header && !/["'`:=][ \t]{0,2}$/.test(lead) && !/^[ \t]*-[ \t]+["']?$/.test(lead)) return undefined;
  if (!/[0-9]/.test(run[0]) && !/[a-z][A-Z]|=$/.test(run[0])) return undefined;
  return toMatch(
    view,
    at,
    {
      start: 0,
      end: run[0].length,
      quote: '',
      evidence: [
        evidence('syntax-header', `the credential of an HTTP ${kind} header`),
        ...(kind === 'basic' && passwordOfBasic(run[0]) === undefined
          ? [evidence('value-no-basic', 'not the Base64 of a name and a password')]
          : []),
      ],
    },
    kind,
    'Authorization',
    choose,
  );
}

const SQL_STATEMENT = /\b(?:alter|create|grant|set)\b.{1,300}identified by$|^[ \t"'`+]*identified by$/i;
/** An unquoted password of SQL, followed by the statement's end or its next word in capitals or small letters. */
const SQL_WORD =
  /[A-Za-z][\w$#]{2,29}(?=[ \t]*(?:;|$|[\r\n"'`]|(?:container|default|temporary|account|profile|quota|require)\b))/iy;

/** `IDENTIFIED BY 'x'`, `ConvertTo-SecureString "x"`. */
function phraseMatch(view: View, at: number, choose: Choose): Match | undefined {
  const text = view.latin1(at, at + WINDOW);
  const open = matchAt(
    /[ \t]{1,8}(?:PASSWORD[ \t]{1,4}|-String[ \t]{1,4}|WITH[ \t]+\w+[ \t]+(?:BY|AS)[ \t]+)?/iy,
    text,
    0,
  );
  if (open === null) return undefined;
  const phrase = view.latin1(view.lineStart(at, 400), at);
  // Prose identifies things, too; a statement may have begun on an earlier line.
  if (!SQL_STATEMENT.test(phrase) && /identified by$/i.test(phrase)) return undefined;
  const literal = quotedAt(text, open[0].length);
  const value = literal ?? bareRun(SQL_WORD, text, open[0].length);
  return value && toMatch(view, at, { ...value, evidence: NO_EVIDENCE }, 'password', 'password', choose);
}

function commandMatch(view: View, at: number, command: RegExp, choose: Choose): Match | undefined {
  const previous = view.bytes[at - 1];
  if (previous !== undefined && isNameByte(previous)) return undefined;
  const value = command.exec(view.latin1(at, view.lineEnd(at, WINDOW)))?.indices?.[1];
  if (value === undefined) return undefined;
  const [start, end] = value;
  return toMatch(view, at, { start, end, quote: '', evidence: FLAGGED }, 'password', 'command line password', choose);
}

/** A scheme in front of a value; those two have anchors of their own. */
const SCHEME = /^(?:Bearer|Basic)[ \t]+/i;
const OTHER_SCHEME = /^(?:Token|ApiKey|token|apikey|Api-Key|Key|SSWS|Bot|JWT)[ \t=]+/;

function toMatch(view: View, base: number, found: Found, kind: Kind, name: string, choose: Choose): Match | undefined {
  let start = base + found.start;
  const end = base + found.end;
  if (end - start < 3) return undefined;
  let text = view.utf8(start, end);
  if (kind !== 'bearer' && kind !== 'basic' && SCHEME.test(text)) return undefined;
  const scheme = OTHER_SCHEME.exec(text);
  if (scheme !== null) {
    start += scheme[0].length;
    text = text.slice(scheme[0].length);
    if (text.length < 3) return undefined;
  }
  const choice = choose(kind, name);
  if (choice === undefined) return undefined;
  const secret = unescapeLiteral(text);
  return {
    ruleId: choice.rule.id,
    start,
    end,
    secret,
    evidence: choice.specific ? [...found.evidence, KNOWN] : found.evidence,
    guessable: !isMachineMade(secret),
    name: kind === 'bearer' || kind === 'basic' ? 'Authorization' : name,
    priority: choice.specific ? 30 : 20,
  };
}
