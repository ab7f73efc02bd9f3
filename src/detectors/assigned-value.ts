import type { NameKind } from '../core/credential-name.ts';
import { isMachineMade } from '../core/entropy.ts';
import type { Evidence } from '../core/finding.ts';
import { evidence } from '../core/weights.ts';
import type { Dialect } from './dialect.ts';
import type { FileFormat } from './file-format.ts';
import { literalAt, matchAt, mayStart, openQuote, type Literal } from './literal.ts';

/** A value, placed in UTF-16 units from the end of its name; one that stands before the name has negative ones. */
export interface Found extends Literal {
  readonly evidence: readonly Evidence[];
  /** What the name is taken for where another says more. */
  readonly name?: string;
}

export interface Context {
  readonly name: string;
  readonly kind: NameKind;
  readonly format: FileFormat;
  readonly dialect: Dialect;
  /** In lower case, without folders. */
  readonly fileName: string;
  /** The character before the name. */
  readonly before: string;
  /** The line before the name, at most 200 bytes of it. */
  readonly lead: () => string;
  /** What stands before the name, at most 400 bytes of it, whatever the line. */
  readonly behind: () => string;
}

export const NO_EVIDENCE: readonly Evidence[] = [];
export const FLAGGED: readonly Evidence[] = [evidence('syntax-flag', 'given on a command line')];
const PAIRED = [evidence('syntax-pair', 'the second of two arguments')];
const CALLED = [evidence('syntax-call', 'passed to a call')];
const COMPARED = [evidence('syntax-compare', 'compared with the value')];
const INNER = [evidence('syntax-inner', 'written inside another string')];

/** `:`, `=`, `:=`, `=>`, `->`, `<-`, `?=`, `||=`, comparisons; not `:-` of a shell's default. */
const OPERATOR = /[ \t]{0,40}(:=|=>|->|<-|~>|\?\?=|\|\|=|\?=|===?|!==?|=|:(?!-[^\s]))(?![=:])[ \t]{0,40}/y;
/** `: string = `, `: Optional[str] = `, `: &'static str = `. */
const TYPE_BEFORE_VALUE = /[&A-Za-z_][\w.<>[\]|?&' ]{0,40}?[ \t]{0,4}=[ \t]{0,4}(?=[^\s=])/y;
/** Go writes the type behind the name: `const apiKey string = `; so does Visual Basic. */
const TYPE_AFTER_NAME = /[ \t]{1,8}(?:string|\[\]byte|As[ \t]{1,4}String)[ \t]{0,8}=[ \t]{0,8}(?=["`[])/iy;
/** `${NAME:-value}` of shells and compose files, `${name:value}` of Spring. */
const SHELL_DEFAULT = /:?-(?=[^\s"'`${}])/y;
const SPRING_DEFAULT = /:(?=[^\s"'`${}=?+:-])(?!\d+[:}])/y;
const DEFAULT_VALUE = /[^\s"'`${}]{3,600}(?=\})/y;
/** Calls that only convert the literal they are given. */
const CONVERSION =
  /(?:(?:new[ \t]+)?(?:Buffer\.from|String|str|bytes|SecretStr|SecureString|byte\[\]|\[\]byte|b64decode|base64\.b64decode|atob|base64_?decode|Base64\.(?:strict_|urlsafe_)?decode64|(?:java\.util\.)?Base64\.getDecoder\(\)\.decode|(?:System\.)?Convert\.FromBase64String|toCharArray|Secret\.fromString|[pP]assword|PASSWORD|ByteString\.copyFromUtf8|text|char\[\])[ \t]{0,2}[({]|\[|\()[ \t]{0,2}/y;
const FALLBACK = /[\])}"']{0,3}[ \t]{0,8}(?:\|\||\?\?|\bor\b|\?:|:-)[ \t]{0,8}(?=["'`])/y;
const LISTED = /["'][ \t]+or\b/y;
/** A value over lines that holds one: `"""`, `'''`, `[[` of Lua, `<<END` of shells, Ruby, PHP and HCL. */
const BLOCK_STRING =
  /(?:("""|''')[ \t]{0,8}\r?\n[ \t]{0,80}([^\r\n]{3,600}?)(?:\r?\n[ \t]{0,80})?\1|\[\[([^\]\r\n]{3,600})\]\]|<<[<~-]?["']?(?:[A-Z]\w{1,20})["']?(?:\.\w{1,20}){0,2}[ \t;)]{0,8}\r?\n[ \t]{0,80}([^\s]{3,600})\r?\n[ \t]{0,80}[A-Z]\w{1,20}\b)/dy;
/** The value stands on the next line: after an operator, a bracket, or the sign of a block of YAML. */
const NEXT_LINE = /(\(|\\|[|>][0-9]?[+-]?[0-9]?)?[ \t]{0,8}\r?\n([ \t]{0,80})/y;
/** What stands in front of a value of YAML and says nothing of it. */
const YAML_MARK = /(?:!!(?:str|binary)|&[\w-]{1,40})[ \t]{1,8}/y;
/** The default of a variable of Terraform or its output, the value of one in its state; the default of a flag that a program declares. */
const VALUE_BELOW = /[ \t]{0,4}\{(?:[^}]{0,200}[\s{])?(?:default|value)[ \t]{0,12}=[ \t]{0,4}(?=["'])/y;
const VALUE_INSIDE = /\{\s{0,80}["']?value["']?[ \t]{0,4}[:=][ \t]{0,8}(?=["'])/y;
const DEFAULT_ARGUMENT = /,[^()\r\n]{0,120}?\bdefault[ \t]{0,2}[=:][ \t]{0,2}(?=["'])/y;
const GIVEN_WITH = /,[ \t]{0,4}with:[ \t]{0,4}(?=["'])/y;
const SPACES = /[ \t]{1,40}/y;

/** What else is told between a name and its value: `"type": "text", `, ` type="text"`. */
const OTHERS = String.raw`(?:[ \t]*,?\s{1,80}["']?(?!(?:name|key|id|value)\b)[\w:.-]{1,24}["']?[ \t]{0,4}[:=][ \t]{0,4}(?:"[^"\n]{0,120}"|'[^'\n]{0,120}'|[\w.-]{1,40})){0,3}`;
const VALUE_WORD = '(?:[a-z]{1,20}:)?(?:[vV]alue|ParameterValue|content|defaultValue)';
/** `" value="`: the next attribute, or another. */
const VALUE_ATTRIBUTE = new RegExp(`${OTHERS}[ \\t\\r\\n]{1,40}${VALUE_WORD}[ \\t]{0,4}[=:][ \\t]{0,4}(?=["'])`, 'y');
/** `", "value": ` on the same line or one of the next. */
const VALUE_NEXT = new RegExp(`${OTHERS}[ \\t]{0,8},?\\s{1,80}["']?${VALUE_WORD}["']?[ \\t]{0,4}[:=][ \\t]{0,8}`, 'y');
const NAME_KEY = /(?:\b|_|[a-z](?=[NK]))(?:name|key|Name|Key|variable|header)["']?[ \t]{0,4}[:=][ \t]{0,4}["'`]?$/;
/** The pair the other way round. */
const VALUE_BEFORE =
  /(?<![\w-])(?:[vV]alue)["']?[ \t]{0,4}[:=][ \t]{0,8}(?:"([^"\n]{3,300})"|'([^'\n]{3,300})')[ \t]*,?\s{1,80}["']?(?:name|key|Name|Key)["']?[ \t]{0,4}[:=][ \t]{0,8}["']?$/d;
/** `<name>x</name> <value>`, `<key>x</key> <string>`. */
const VALUE_ELEMENT =
  /<\/(?:\w{1,20}:)?(?:[nN]ame|[kK]ey|ParameterKey|param-name)>\s{0,80}<(?:\w{1,20}:)?(?:[vV]alue|string|ParameterValue|param-value)>/y;
/** The attributes of the element that the name opens. */
const ATTRIBUTES = /(?:\s{1,20}[\w:.-]{1,40}=(?:"[^"<>\n]{0,120}"|'[^'<>\n]{0,120}')){1,6}[ \t]{0,4}>/y;

/** `define("`, `setProperty("`, `os.Setenv("`, `SetEnvironmentVariable("`, `environ.get("` with its default. */
const SETTER =
  /(?:get|set|put|add|define|def|env|prop|property|param|parameter|config|option|append|insert|header|variable)[ \t]{0,2}\([ \t]{0,4}["'`]$/i;
/** A constant that Gradle writes into a class: its third argument is code. */
const BUILD_FIELD = /\b(?:buildConfigField|resValue)[ \t(]{1,4}["']\w{1,20}["'][ \t]{0,4},[ \t]{0,4}["']$/;

/** Commands and directives that name what they set and then tell its value. */
const SETS =
  /^[ \t]{0,20}(?:ENV|ARG|#[ \t]{0,4}define|%define|setx?|SETX?|setenv|SetEnv)(?:[ \t]+(?:\/[Mm]|-[gxUL]{1,4}))*[ \t]+[\w.-]{0,40}$/;
const SETS_QUOTED =
  /^[ \t]{0,40}(?:proxy_set_header|add_header|more_set_headers|fastcgi_param|uwsgi_param|set|RequestHeader[ \t]+set|Header[ \t]+set)[ \t]+[\w.$-]{0,40}$|\bset\([ \t]{0,4}$|\((?:def|defonce|setq|setf|defvar|defparameter|defconst)[ \t]{1,4}[*]?$|[[{(\s,]:[\w-]{0,40}$/;
const STORE = /\b(?:set|add|put|create|config)[ \t]/;
const SETS_IN_STORE =
  /(?:\bconfig(?:ure)?|\bsecrets?|\benv|\bvariables?|\bvars?)[ \t]+(?:set|add|put|create)[ \t][^|;&\n]{0,80}$|\bgit[ \t]+config[ \t][^|;&\n]{0,80}$/;
const BODY_FLAG = /[ \t]{1,8}(?:--body|-b|--value|-v)[ \t=]{1,4}/y;
/** The other half of a login. */
const LOGIN_BEFORE = /\b(?:login|machine)[ \t]+\S{1,80}[ \t]+$/;
const USER_BEFORE = /\buser(?:name)?[ \t]+["'][^"'\n]{1,80}["'][ \t]+$/;

/** Whether a literal starts at the text's first unit, or a call that converts one. */
export function opensValue(text: string): boolean {
  return mayStart(text, 0) || matchAt(CONVERSION, text, 0) !== null;
}

/** What begins a line, or stands in it, that gives a name a value behind mere blanks. */
const GIVES = /^[ \t]{0,20}(?:ENV|ARG|#|%define|[sS][eE][tT])|login|machine|\b(?:set|add|put|create|config)[ \t]/;

/** Whether a line that begins so tells the value of a name that comes next, without a quote or an operator between them. */
export function givesOnLine(lead: string, format: FileFormat): boolean {
  if (format === 'ini' && /^[ \t]*$/.test(lead)) return true;
  return GIVES.test(lead) && (SETS.test(lead) || LOGIN_BEFORE.test(lead) || SETS_IN_STORE.test(lead));
}

function withEvidence(literal: Literal | undefined, found: readonly Evidence[]): Found | undefined {
  return literal && { ...literal, evidence: found };
}

/** Where the value ends, its quote included. */
function endOf({ end, quote }: Literal): number {
  return end + quote.length;
}

/** Finds the literal that the name which ends where `text` starts is given. */
export function valueAfter(text: string, context: Context): Found | undefined {
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
    if (!quoted && !/^["'`][ \t]{0,4}[:=]/.test(text)) return namedPair(text, at, context);
  } else if (text.startsWith('&quot;')) {
    at = 6;
    quoted = true;
  }
  if (text.charAt(at) === ']') at++;
  else if (!quoted && text.charAt(at) === '[' && /\b(?:char|wchar_t|TCHAR|String|string)[ \t]+$/.test(context.lead())) {
    // `char api_key[] = `
    at += /^\[\d{0,5}\](?=[ \t]{0,4}=(?!=))/.exec(text)?.[0].length ?? 0;
  }

  if (context.before === '{') {
    const start = matchAt(SHELL_DEFAULT, text, at) ?? matchAt(SPRING_DEFAULT, text, at);
    if (start !== null && context.lead().endsWith('${'))
      return withEvidence(bareRun(DEFAULT_VALUE, text, at + start[0].length), NO_EVIDENCE);
  }
  const operator = matchAt(OPERATOR, text, at);
  if (operator !== null) return afterOperator(text, operator, quoted, context);

  // Prose: changed to `pass` or `fail`; 'user', 'password' or 'port'.
  const isListed = text.startsWith('`') || (quoted && matchAt(LISTED, text, at - 1) !== null);
  const fallback = isListed ? null : matchAt(FALLBACK, text, at);
  if (fallback !== null) return withEvidence(literalAt(text, FALLBACK.lastIndex, context.dialect), NO_EVIDENCE);

  const next = text.charAt(at);
  if (quoted) return afterQuotedName(text, at, next, context);
  if (next === '>' && /[</:]/.test(context.before) && /<[\w.:-]*$/.test(context.lead())) return element(text, 1);
  if (next === '<') {
    const value = matchAt(VALUE_ELEMENT, text, at);
    return value === null ? undefined : element(text, at + value[0].length);
  }
  if (next === '(') return call(text, context);
  if (next === ',') {
    // A pair of Erlang; `fill_in :user_password, with: "x"`.
    if (context.before === '{') return afterComma(text, at + 1, false, context);
    const given = context.before === ':' ? matchAt(GIVEN_WITH, text, at) : null;
    return given === null
      ? undefined
      : withEvidence(literalAt(text, GIVEN_WITH.lastIndex, context.dialect), NO_EVIDENCE);
  }
  if (next === '\r' || next === '\n') return namedPair(text, at, context);
  if (next === ' ' || next === '\t') return afterSpace(text, context);
  return undefined;
}

function afterQuotedName(text: string, at: number, next: string, context: Context): Found | undefined {
  const { dialect } = context;
  if (next === ',') {
    const lead = context.lead();
    const argument = matchAt(DEFAULT_ARGUMENT, text, at);
    if (argument !== null) return withEvidence(literalAt(text, DEFAULT_ARGUMENT.lastIndex, dialect), NO_EVIDENCE);
    if (context.name.startsWith('-')) {
      // ["mysql", "--password", "x"]
      const value = literalAt(text, at + (/^,\s{0,40}/.exec(text.slice(at))?.[0].length ?? 0), dialect);
      return value?.parts === undefined && !/^(?:-|[a-z]+=)/.test(text.slice(value?.start))
        ? withEvidence(value, FLAGGED)
        : undefined;
    }
    if (BUILD_FIELD.test(lead)) return innerLiteral(text, at + 1, context);
    // define("NAME", "value"), set("name", "value"), getenv("NAME", "fallback").
    if (/\([ \t]{0,4}["'`]$/.test(lead)) return afterComma(text, at + 1, SETTER.test(lead), context);
  } else if (next === '>') {
    return element(text, at + 1);
  } else if (matchAt(VALUE_BELOW, text, at) !== null && /\b(?:variable|output)[ \t]{1,4}["']$/.test(context.lead())) {
    return withEvidence(literalAt(text, VALUE_BELOW.lastIndex, dialect), NO_EVIDENCE);
  }
  const attribute = matchAt(VALUE_ATTRIBUTE, text, at);
  if (attribute !== null) return withEvidence(literalAt(text, VALUE_ATTRIBUTE.lastIndex, dialect), NO_EVIDENCE);
  return namedPair(text, at, context);
}

/** `"name": "DB_PASSWORD", "value": "x"`, `name: DB_PASSWORD` and on the next line `value: x`; or the other way round. */
function namedPair(text: string, at: number, context: Context): Found | undefined {
  const lead = context.lead();
  if (!/[:=][ \t]{0,4}["'`]?$/.test(lead.slice(-6)) || !NAME_KEY.test(lead)) return undefined;
  const next = matchAt(VALUE_NEXT, text, at);
  if (next !== null) {
    const from = VALUE_NEXT.lastIndex;
    return withEvidence(
      literalAt(text, from, context.dialect) ??
        (context.format === 'yaml' ? trimmedRun(BARE.yaml, text, from) : undefined),
      NO_EVIDENCE,
    );
  }
  const behind = context.behind();
  const value = VALUE_BEFORE.exec(behind)
    ?.indices?.slice(1)
    .find((group) => group !== undefined);
  if (value === undefined) return undefined;
  const shift = -context.name.length - behind.length;
  return { start: value[0] + shift, end: value[1] + shift, quote: '"', evidence: NO_EVIDENCE };
}

/** The literal in the text that is a literal: `"\"x\""`. */
function innerLiteral(text: string, at: number, { dialect }: Context): Found | undefined {
  const from = matchAt(SPACES, text, at) === null ? at : SPACES.lastIndex;
  const open = matchAt(/["'](?=\\?["'])/y, text, from);
  return open === null
    ? withEvidence(literalAt(text, from, dialect), NO_EVIDENCE)
    : withEvidence(literalAt(text, from + 1, dialect), NO_EVIDENCE);
}

function afterOperator(text: string, operator: RegExpExecArray, quoted: boolean, context: Context): Found | undefined {
  const sign = operator[1] ?? '';
  const { dialect } = context;
  // `ok ? 'pass' : 'fail'` chooses between two texts.
  if (quoted && sign === ':' && /\?[ \t]{0,4}["'`]$/.test(context.lead())) return undefined;
  let at = operator.index + operator[0].length;
  const compares = sign.includes('==') || sign.startsWith('!');
  if (context.kind === 'auth' && !compares && text.charAt(at) === '(') return loginPair(text, at, dialect);
  const literal = literalAt(text, at, dialect) ?? convertedAt(text, at, dialect);
  if (literal !== undefined) {
    // `"password": "x"` in prose or a query is a pair; `password="` before a quoted name is markup.
    return { ...literal, evidence: compares ? COMPARED : NO_EVIDENCE };
  }
  if (compares) return undefined;
  if (context.format === 'yaml') at += matchAt(YAML_MARK, text, at)?.[0].length ?? 0;
  const later = onLaterLine(text, at, sign, context);
  if (later !== undefined) return later;
  if (text.charAt(at) === '{' && (context.format === 'json' || context.format === 'code')) {
    const inside = matchAt(VALUE_INSIDE, text, at);
    if (inside !== null) return withEvidence(literalAt(text, VALUE_INSIDE.lastIndex, dialect), NO_EVIDENCE);
  }
  if (sign === ':' && context.format === 'code') {
    const typed = matchAt(TYPE_BEFORE_VALUE, text, at);
    if (typed !== null) {
      at = TYPE_BEFORE_VALUE.lastIndex;
      return withEvidence(literalAt(text, at, dialect) ?? convertedAt(text, at, dialect), NO_EVIDENCE);
    }
  }
  if (quoted && context.format !== 'yaml' && context.format !== 'ini') {
    return context.kind === 'password' ? numberAt(text, at) : undefined;
  }
  return bareValue(text, at, sign, /[ \t]/.test(operator[0]), context);
}

/** `auth=("user", "x")`: a name and a password, not two texts; `auth=("x")` in brackets. */
function loginPair(text: string, at: number, dialect: Dialect): Found | undefined {
  const first = literalAt(text, at + (matchAt(/\([ \t]{0,4}/y, text, at)?.[0].length ?? 0), dialect);
  if (first === undefined) return undefined;
  const comma = matchAt(/[ \t]{0,4},[ \t]{0,4}/y, text, endOf(first));
  if (comma === null) return withEvidence(first, NO_EVIDENCE);
  const second = literalAt(text, endOf(first) + comma[0].length, dialect);
  const isPair = second !== undefined && /^[ \t]{0,4}\)/.test(text.slice(endOf(second), endOf(second) + 5));
  return isPair ? { ...second, evidence: PAIRED, name: 'password' } : undefined;
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
    const literal = literalAt(text, from, context.dialect);
    if (literal !== undefined) return withEvidence(literal, NO_EVIDENCE);
    const run = trimmedRun(BARE.yaml, text, from);
    // A key of a mapping and an item of a list begin the same way.
    const isValue = run !== undefined && (mark !== '' || /^(?!-)[^:]*[0-9][^:]*$/.test(text.slice(run.start, run.end)));
    return isValue ? withEvidence(run, NO_EVIDENCE) : undefined;
  }
  return mark.startsWith('|') || mark.startsWith('>')
    ? undefined
    : withEvidence(literalAt(text, from, context.dialect), NO_EVIDENCE);
}

function convertedAt(text: string, at: number, dialect: Dialect): Literal | undefined {
  const conversion = matchAt(CONVERSION, text, at);
  return conversion === null ? undefined : literalAt(text, CONVERSION.lastIndex, dialect);
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
/** In a flow of YAML, brackets and commas end it. */
const FLOW_VALUE = /[^\s"'`()[\]{}|>&*!%@#,][^\s"'`[\]{},]{2,600}(?=[ \t]{0,8}[,}\]])/y;
/** Nothing else stands before the name in its line. */
const WHOLE_LINE =
  /^[ \t]{0,80}(?:#[ \t]*|\/\/[ \t]*|;[ \t]*|-[ \t]+)?(?:export[ \t]+|set[ \t]+|SET[ \t]+|ENV[ \t]+|ARG[ \t]+|\$env:|env\[)?["']?[\w.$-]{0,80}$/;

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
  const lead = context.lead();
  const isWhole = WHOLE_LINE.test(lead);
  if ((format === 'env' || format === 'ini' || format === 'yaml') && isWhole) {
    if (format === 'env' && sign === ':') return undefined;
    if (format === 'yaml' && (sign === ':' ? !spaced : spaced)) return undefined;
    // `- "NAME=value"`
    const quote = sign === '=' ? /["']$/.exec(lead.slice(0, lead.search(/[\w.$-]*$/)))?.[0] : undefined;
    const run = trimmedRun(BARE[format], quote === undefined ? text : upTo(text, at, quote), at);
    return withEvidence(run, NO_EVIDENCE);
  }
  if (format === 'yaml' && sign === ':' && spaced && /[{[,][ \t]{0,8}["']?[\w.-]{0,40}$/.test(lead)) {
    return withEvidence(bareRun(FLOW_VALUE, text, at), NO_EVIDENCE);
  }
  if (format === 'shell' && spaced && sign !== ':' && isWhole) {
    // Make assigns with spaces, where a shell would start a program; so do settings that a shell writes into a file.
    return withEvidence(trimmedRun(BARE.shell, text, at), NO_EVIDENCE);
  }
  if (sign === '=' && !spaced) {
    if (format === 'shell' || format === 'text' || format === 'yaml' || format === 'env' || format === 'ini') {
      if (/[?&;][\w.-]{0,40}$/.test(lead)) return withEvidence(bareRun(INNER_VALUE, text, at), INNER);
      const run = bareRun(BARE.shell, text, at);
      return withEvidence(run && beforeNext(text, run), /["'][^"']*$/.test(lead) ? INNER : NO_EVIDENCE);
    }
    // In a comment, an address may stand without quotes.
    if (/\w:\/\/[^\s"'`]{1,160}[?&#][\w.-]{0,40}$/.test(lead))
      return withEvidence(bareRun(INNER_VALUE, text, at), INNER);
    // Code: only inside a string, in the manner of query strings and connection settings.
    if (/(?:[?&;"'` ]|\\n|\\t)[\w.-]{0,40}$/.test(lead) && openQuote(lead) !== '') {
      return withEvidence(bareRun(INNER_VALUE, text, at), INNER);
    }
    return undefined;
  }
  if ((format === 'text' || (format === 'shell' && isWhole && spaced)) && kind !== 'auth') {
    // Documentation: `Password: Ab12cd`, one word up to the line's end and not only letters that mean something.
    const run = trimmedRun(BARE.text, text, at);
    if (run === undefined) return undefined;
    const value = text.slice(run.start, run.end);
    const whole = isWhole && /^[ \t]*(?:\r?\n|$)/.test(text.slice(run.end, run.end + 8));
    const told =
      /[0-9]/.test(value) ||
      (value.length >= 16 && (isMachineMade(value) || (value.match(/[a-z][A-Z]/g) ?? []).length >= 4));
    // `shop.datasource.password: rosebud` is a setting, where `Password: required` may be a sentence.
    const isSetting = whole && kind === 'password' && /[a-z][._-]?[A-Z]|[a-z][._-][a-z]/.test(context.name);
    return (told && (whole || value.length >= 16)) || isSetting ? withEvidence(run, NO_EVIDENCE) : undefined;
  }
  if (sign === ':' && (format === 'shell' || format === 'code') && openQuote(lead) !== '') {
    // A header in a string: "X-Api-Key: abc".
    const run = bareRun(INNER_VALUE, text, at);
    return run !== undefined && run.end - run.start >= 16 ? withEvidence(run, INNER) : undefined;
  }
  return undefined;
}

/** The text up to the next `mark` after `at`; all of it where that does not stand in the line. */
function upTo(text: string, at: number, mark: string): string {
  const end = text.indexOf(mark, at);
  const line = text.indexOf('\n', at);
  return end < 0 || (line >= 0 && line < end) ? text : text.slice(0, end);
}

/** A run that ends where the next setting begins: `password=x,uid=7`. */
function beforeNext(text: string, run: Literal): Literal {
  const next = text.slice(run.start, run.end).search(/,[A-Za-z_][\w.-]*=/);
  return next < 3 ? run : { ...run, end: run.start + next };
}

/** Ends of lines as a string in JSON writes them. */
const WRITTEN_LINE_END = /\\[rnt](?=\\|["'`]|$)/;

export function bareRun(pattern: RegExp | undefined, text: string, at: number): Literal | undefined {
  const run = pattern && matchAt(pattern, text, at);
  if (!run) return undefined;
  // A bracket or call right behind means that this was code; three dots, that it is cut; `<…>`, that it is a form.
  if (/^(?:[({[]|<[^/])/.test(text.slice(at + run[0].length, at + run[0].length + 2)) || run[0].endsWith('...'))
    return undefined;
  const lineEnd = run[0].search(WRITTEN_LINE_END);
  const value = lineEnd < 0 ? run[0] : run[0].slice(0, lineEnd);
  return { start: at, end: at + value.replace(/[,.:]+$/, '').length, quote: '' };
}

/** A value up to the end of its line, without a comment; one with spaces in it is a sentence. A line may go on after a backslash. */
function trimmedRun(pattern: RegExp | undefined, text: string, at: number): Literal | undefined {
  const run = pattern && matchAt(pattern, text, at);
  if (!run) return undefined;
  const value = run[0].replace(/\s+[#;].*$/, '').trimEnd();
  if (value.length < 3 || /\s/.test(value)) return undefined;
  const end = at + value.length;
  const more = value.endsWith('\\')
    ? matchAt(/\r?\n[ \t]{0,80}([^\s\\]{1,600})/dy, text, end)?.indices?.[1]
    : undefined;
  return { start: at, end: more === undefined ? end : more[1], quote: '' };
}

function afterComma(text: string, from: number, sets: boolean, { dialect }: Context): Found | undefined {
  SPACES.lastIndex = from;
  const at = SPACES.test(text) ? SPACES.lastIndex : from;
  const literal = literalAt(text, at, dialect) ?? convertedAt(text, at, dialect);
  if (literal === undefined) return undefined;
  // A third argument, or one more quoted name, makes it a list; a setter may be told where to set.
  const after = text.slice(endOf(literal), endOf(literal) + 8);
  return /^[ \t]{0,4}(?:[)}]|,[ \t]{0,4}[^"'`\s])/.test(after) || (sets && /^[ \t]{0,4},/.test(after))
    ? { ...literal, evidence: sets ? NO_EVIDENCE : PAIRED }
    : undefined;
}

const ELEMENT = /\s{0,80}(?:<!\[CDATA\[\s{0,40})?([^<>\s]{3,600})\s{0,80}(?:<\/|\]\]>\s{0,40}<\/)/dy;
const CDATA_ELEMENT = /\s{0,80}<!\[CDATA\[([^\]\s]{3,600})\]\]>\s{0,40}<\//dy;

function element(text: string, at: number): Found | undefined {
  const value = (matchAt(CDATA_ELEMENT, text, at) ?? matchAt(ELEMENT, text, at))?.indices?.[1];
  return value && { start: value[0], end: value[1], quote: '', evidence: NO_EVIDENCE };
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
  const literal = literalAt(text, open[0].length, context.dialect);
  if (literal === undefined) return undefined;
  return /^(?:\.toCharArray\(\)|\.getBytes\(\))?[ \t]{0,4}\)/.test(text.slice(endOf(literal), endOf(literal) + 24))
    ? { ...literal, evidence: CALLED }
    : undefined;
}

/** `--password x`, `ENV NAME x`, `#define NAME "x"`, `machine h login u password x`, SQL `PASSWORD 'x'`. */
function afterSpace(text: string, context: Context): Found | undefined {
  SPACES.lastIndex = 0;
  if (!SPACES.test(text)) return undefined;
  const at = SPACES.lastIndex;
  const lead = context.lead();
  const { name, format, dialect } = context;
  const quoted = literalAt(text, at, dialect);
  if (format === 'code' && matchAt(TYPE_AFTER_NAME, text, 0) !== null) {
    const from = TYPE_AFTER_NAME.lastIndex;
    return withEvidence(literalAt(text, from, dialect) ?? convertedAt(text, from, dialect), NO_EVIDENCE);
  }
  if (name.startsWith('-')) return afterFlag(text, at, quoted, context);
  if (context.kind === 'password' && /^pass(?:word|wd)?$/i.test(name)) {
    // SQL: the quote follows the word itself, or the account that it is of.
    const account = /\bset[ \t]+$/i.test(lead)
      ? matchAt(/[ \t]{1,4}for[ \t]+[^\s=]{1,80}[ \t]{0,4}=[ \t]{0,4}/iy, text, 0)
      : null;
    const literal = account === null ? quoted : literalAt(text, account[0].length, dialect);
    if (literal?.quote === "'" && /\b(?:user|role|login|with|alter|create|encrypted|set)\b/i.test(lead)) {
      return withEvidence(literal, NO_EVIDENCE);
    }
  }
  if (SETS.test(lead)) {
    return withEvidence(quoted ?? (/#/.test(lead) ? undefined : bareRun(BARE.shell, text, at)), NO_EVIDENCE);
  }
  if (/[</:]/.test(context.before) && /<[\w.:-]*$/.test(lead)) {
    const attributes = matchAt(ATTRIBUTES, text, 0);
    return attributes === null ? undefined : element(text, attributes[0].length);
  }
  if (
    quoted !== undefined &&
    SETS_QUOTED.test(lead) &&
    /^[ \t]{0,4}[;)}\],\r\n]|^[ \t]{1,4}:|^$/.test(text.slice(endOf(quoted), endOf(quoted) + 8))
  ) {
    return withEvidence(quoted, NO_EVIDENCE);
  }
  if (STORE.test(lead) && SETS_IN_STORE.test(lead)) {
    const flag = matchAt(BODY_FLAG, text, 0);
    const from = flag?.[0].length ?? at;
    return withEvidence(
      literalAt(text, from, dialect) ??
        (/^[-|<\\]/.test(text.charAt(from)) ? undefined : bareRun(BARE.shell, text, from)),
      FLAGGED,
    );
  }
  if (quoted !== undefined && USER_BEFORE.test(lead)) return withEvidence(quoted, NO_EVIDENCE);
  if (LOGIN_BEFORE.test(lead)) {
    return withEvidence(
      quoted ??
        (/^\.?_?netrc$/.test(context.fileName) ? trimmedRun(/\S{3,600}/y, text, at) : bareRun(BARE.shell, text, at)),
      NO_EVIDENCE,
    );
  }
  if (/^[ \t]*$/.test(lead) && context.kind !== 'auth' && context.kind !== 'bare-key') {
    // A setting of Gradle, Chef and the like: the whole line.
    const literal = quoted ?? (format === 'ini' ? trimmedRun(BARE.ini, text, at) : undefined);
    if (literal !== undefined && /^[ \t]*;?[ \t]*\r?(?:\n|$)/.test(text.slice(endOf(literal)))) {
      return withEvidence(literal, NO_EVIDENCE);
    }
  }
  return namedPair(text, at - 1, context);
}

function afterFlag(
  text: string,
  at: number,
  quoted: Literal | undefined,
  { format, lead, fileName }: Context,
): Found | undefined {
  const literal = quoted ?? (/^[-|<\\]/.test(text.slice(at, at + 1)) ? undefined : bareRun(BARE.shell, text, at));
  if (format !== 'code' || literal === undefined || literal.quote !== '' || openQuote(lead()) !== '') {
    return withEvidence(literal, FLAGGED);
  }
  // A parameter of PowerShell; elsewhere in code it is a subtraction.
  const isParameter = fileName.endsWith('.ps1') && /[0-9]/.test(text.slice(literal.start, literal.end));
  return isParameter ? withEvidence(literal, FLAGGED) : undefined;
}
