import { PLAIN, type Dialect } from './dialect.ts';

/** `[start, end)` in UTF-16 units of the text that it was read from. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** The quote that is written twice to stand in it once. */
  readonly doubled?: string;
}

/** A value as it is written: from its first unit to its last, quotes around it not included. */
export interface Literal extends Part {
  /** The quote that ends it, with a backslash where that is escaped, and what belongs to it; empty for a bare value. */
  readonly quote: string;
  /** The parts of a value that is put together from several literals, in order; what is between them is not of the value. */
  readonly parts?: readonly Part[];
}

/** Longest value that is read, in UTF-16 units. */
const LIMIT = 1024;
/** Most parts that a value is put together from. */
const MOST_PARTS = 64;

/** Letters that mark a string's kind: Python b"", C L"", C# @"", SQL N''. */
const PREFIX = /[bBuUrRfFLN@$]{1,2}(?=["'])/y;
/** Strings in which a backslash is no escape: C++ R"x(…)x", Rust r#"…"#, Swift #"…"#, Ruby %q(…), Perl q{…}. */
const RAW = /R"([A-Za-z_]{0,16})\(|b?r?(#{1,4})"|%[qQ][({[<|!/]/y;
const PERL_RAW = /qq?[({[<|!/]/y;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']', '<': '>' };

/**
 * Reads the literal at `at`, or those that make up one value there: `"a" + "b"`, `'a' . 'b'`, `"a" "b"`,
 * `["a", "b"].join("")`. `undefined` where none starts there, one does not end, or the value is put
 * together with something that is not literal.
 */
export function literalAt(text: string, at: number, dialect: Dialect = PLAIN): Literal | undefined {
  if (!mayStart(text, at)) return undefined;
  const listed = listAt(text, at, dialect);
  if (listed !== undefined) return listed;
  const first = quotedAt(text, at, dialect);
  if (first === undefined) return undefined;
  const end = first.end + first.quote.length;
  const joined = following(text, end, dialect);
  const last = joined.at(-1) ?? first;
  if (isComputed(text, last.end + last.quote.length)) return undefined;
  return joined.length === 0 ? first : together([first, ...joined]);
}

/** What a literal, or a list that makes one, may start with other than a plain quote. */
const START =
  /[bBuUrRfFLN@$]{1,2}["']|R"|[br#]{1,6}"|%[qQ][^\w\s]|qq?[({[<|!/]|\\{1,3}["']|&quot;|\[\s{0,80}["'`]|concat!|paste0\(|String\.C|CONCAT\(/iy;

/** Whether a literal may start at `at`. Cheap: most places are asked for a literal that is not there. */
export function mayStart(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === 34 || unit === 39 || unit === 96 || matchAt(START, text, at) !== null;
}

/** Of text in which a literal ends with the quote at `at`: the same text with what joins it to the next literals left out. */
export interface Unjoined {
  readonly text: string;
  /** Parts of the given text that follow each other in `text`; the first and the last reach to its ends. */
  readonly parts: readonly Part[];
}

/** `undefined` where no other literal is joined to that one. */
export function unjoined(text: string, at: number, dialect: Dialect): Unjoined | undefined {
  const quote = /\\{0,3}["'`]/y;
  quote.lastIndex = at;
  const ends = quote.exec(text);
  if (ends === null) return undefined;
  const after = at + ends[0].length;
  const next = following(text, after, dialect);
  const joined = next.length > 0 ? next : listedAfter(text, after, dialect);
  const last = joined.at(-1);
  if (last === undefined) return undefined;
  const parts = [{ start: 0, end: at }, ...joined.slice(0, -1), { start: last.start, end: text.length }];
  return { text: parts.map(({ start, end }) => text.slice(start, end)).join(''), parts };
}

/** Where `[start, end)` of the text stands in the one it was made from, part by part. */
export function writtenAs({ parts }: Unjoined, start: number, end: number): readonly Part[] {
  const found: Part[] = [];
  let from = 0;
  for (const part of parts) {
    const to = from + part.end - part.start;
    const shift = part.start - from;
    if (start < to && end > from) found.push({ start: Math.max(start, from) + shift, end: Math.min(end, to) + shift });
    from = to;
  }
  return found;
}

function together(literals: readonly Literal[]): Literal | undefined {
  const [first] = literals;
  const last = literals.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { start: first.start, end: last.end, quote: last.quote, parts: literals };
}

/** One literal, whatever it is joined to. */
function quotedAt(text: string, at: number, dialect: Dialect = PLAIN): Literal | undefined {
  const raw = rawAt(text, at, dialect);
  if (raw !== undefined) return raw;
  PREFIX.lastIndex = at;
  let open = at;
  let interpolated = false;
  let { doubled } = dialect;
  if (PREFIX.test(text)) {
    const prefix = text.slice(at, PREFIX.lastIndex);
    // Single quotes behind a dollar are those of a shell.
    interpolated = /[fF$]/.test(prefix) && !text.startsWith("$'", at);
    if (prefix.includes('@')) doubled = '"';
    open = PREFIX.lastIndex;
  }
  let quote = text.charAt(open);
  if (quote === '\\') {
    // Inside another string: \"name\": \"value\", perhaps escaped more than once.
    let slashes = 1;
    while (slashes < 4 && text.charAt(open + slashes) === '\\') slashes++;
    quote = text.slice(open, open + slashes + 1);
    if (!/["']$/.test(quote)) return undefined;
  } else if (quote === '&') {
    quote = text.slice(open, open + 6);
    if (quote !== '&quot;') return undefined;
  } else if (quote !== '"' && quote !== "'" && quote !== '`') {
    return undefined;
  }
  if (quote.length === 1 && text.startsWith(quote + quote, open + 1)) quote = quote.repeat(3);
  const start = open + quote.length;
  const last = Math.min(text.length, start + LIMIT);
  const doubles = quote.length === 1 && doubled.includes(quote);
  let isDoubled = false;
  let end = start;
  for (;;) {
    if (end >= last) return undefined;
    if (text.startsWith(quote, end)) {
      if (!doubles || text.charAt(end + 1) !== quote) break;
      isDoubled = true;
      end += 2;
      continue;
    }
    const unit = text.charAt(end);
    if (unit === '\n') return undefined;
    if (unit === '\\' && quote.length === 1) end += text.startsWith('\r\n', end + 1) ? 3 : 2;
    else end++;
  }
  if (interpolated && text.slice(start, end).includes('{')) return undefined;
  return { start, end, quote, ...(isDoubled && { doubled: quote }) };
}

function rawAt(text: string, at: number, { perl }: Dialect): Literal | undefined {
  // By far most literals start with a quote.
  if (!/[Rrb#%q]/.test(text.charAt(at))) return undefined;
  RAW.lastIndex = at;
  PERL_RAW.lastIndex = at;
  const open = RAW.exec(text) ?? (perl ? PERL_RAW.exec(text) : null);
  if (open === null) return undefined;
  const [all, mark, hashes] = open;
  const bracket = all.slice(-1);
  const quote = mark !== undefined ? `)${mark}"` : hashes !== undefined ? `"${hashes}` : (CLOSING[bracket] ?? bracket);
  const start = at + all.length;
  const end = text.indexOf(quote, start);
  if (end < 0 || end - start > LIMIT || text.slice(start, end).includes('\n')) return undefined;
  return { start, end, quote };
}

/** The sign between two literals that makes them one: of most languages, PHP, Visual Basic, Lua, Elixir, Haskell, OCaml. */
const SIGN = /\s{0,80}(?:\+{1,2}|&(?![&q])|\.{1,2}|<>|\^)(?:[ \t]{1,4}[_\\](?=[ \t]*\r?\n))?/y;
/** The same of SQL. */
const PIPES = /\s{0,80}\|\|/y;
/** White space, and comments at lines' ends. */
const GAP = /[ \t]{0,8}(?:\\?\r?\n[ \t]{0,80}|(?:#|\/\/)[^\r\n]{0,120}\r?\n[ \t]{0,80}){0,3}/y;
const CONCAT = /\.concat\([ \t]{0,4}/y;
const COMMA = /\s{0,40},\s{0,80}/y;

/** The literals that are joined to the one which ends at `at`, quote included. */
function following(text: string, at: number, dialect: Dialect): Literal[] {
  const found: Literal[] = [];
  let end = at;
  while (found.length < MOST_PARTS) {
    const to = jointAt(text, end, dialect);
    const next = to < 0 ? undefined : quotedAt(text, to, dialect);
    if (next === undefined) break;
    found.push(next);
    end = next.end + next.quote.length;
  }
  const concat = matchAt(CONCAT, text, end);
  if (concat !== null) found.push(...list(text, end + concat[0].length, dialect));
  return found;
}

/** Where the next literal is that belongs to the one which ends at `at`; -1 where there is none. */
function jointAt(text: string, at: number, { adjacent, pipes }: Dialect): number {
  const sign = matchAt(SIGN, text, at) ?? (pipes ? matchAt(PIPES, text, at) : null);
  if (sign !== null) return gapAt(text, at + sign[0].length);
  if (adjacent === 'tight') return /["']/.test(text.charAt(at)) ? at : -1;
  if (adjacent !== 'spaced') return -1;
  const to = gapAt(text, at);
  // A string in three quotes on a line of its own is the documentation of what stands before it.
  return text.slice(at, to).includes('\n') && /"""|'''/.test(text.slice(to, to + 3)) ? -1 : to;
}

function gapAt(text: string, at: number): number {
  return at + (matchAt(GAP, text, at)?.[0].length ?? 0);
}

/** Literals with commas between them. */
function list(text: string, at: number, dialect: Dialect): Literal[] {
  const found: Literal[] = [];
  let from = at;
  while (found.length < MOST_PARTS) {
    const next = quotedAt(text, from, dialect);
    if (next === undefined) break;
    found.push(next);
    const end = next.end + next.quote.length;
    from = end + (matchAt(COMMA, text, end)?.[0].length ?? 0);
    if (from === end) break;
  }
  return found;
}

/** `["`, `"".join(["`, `concat!("`, `paste0("`, `String.Concat("`. */
const LIST = /(?:(["'])\1\.join\([ \t]{0,4}[[(]|concat!\(|paste0\(|String\.Concat\(|CONCAT\(|(\[))\s{0,80}(?=["'`])/y;
/** What makes a list one text. */
const JOINS = /,?\s{0,80}\]\.join\([ \t]{0,4}(["'`])\1/y;

function listAt(text: string, at: number, dialect: Dialect): Literal | undefined {
  const open = matchAt(LIST, text, at);
  if (open === null) return undefined;
  const literals = list(text, at + open[0].length, dialect);
  const last = literals.at(-1);
  if (last === undefined) return undefined;
  if (open[2] !== undefined && matchAt(JOINS, text, last.end + last.quote.length) === null) return undefined;
  return together(literals);
}

/** The rest of a list of literals that is joined as a whole, behind one that ends at `at`. */
function listedAfter(text: string, at: number, dialect: Dialect): readonly Literal[] {
  const comma = matchAt(COMMA, text, at);
  if (comma === null) return [];
  const literals = list(text, at + comma[0].length, dialect);
  const last = literals.at(-1);
  return last !== undefined && matchAt(JOINS, text, last.end + last.quote.length) !== null ? literals : [];
}

/** What follows makes the literal a part of something computed: `"a" + b`, `'a' . $b`, `"a" % b`, `"a".format(`. */
const COMPUTED =
  /[ \t]{0,4}(?:\+[ \t]{0,4}[A-Za-z_$(]|\.[ \t]{0,4}\$|%[ \t]{0,4}[A-Za-z_(]|\.(?:format|replace|join|split|concat|trim)\b)/y;

function isComputed(text: string, at: number): boolean {
  return matchAt(COMPUTED, text, at) !== null;
}

/** Matches a sticky pattern at an offset. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** What a part of a value stands for. */
export function valueOf(written: string, { doubled }: Pick<Part, 'doubled'>): string {
  return unescapeLiteral(doubled === undefined ? written : written.replaceAll(doubled + doubled, doubled));
}

/** Undoes the escapes that languages share, and lines that go on; leaves what it does not know. */
export function unescapeLiteral(text: string): string {
  if (!/[\\&]/.test(text)) return text;
  return text
    .replace(/\\\r?\n[ \t]*/g, '')
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(["'\\/`:=#!])/g, '$1')
    .replace(
      /&(?:(quot|apos|amp|lt|gt)|#(\d{1,6})|#x([0-9a-fA-F]{1,5}));/g,
      (all, name?: string, decimal?: string, hex?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? all;
        return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
      },
    );
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };

/** The quote of the string that stands open at the end of a line's beginning; empty where none does. */
export function openQuote(lead: string): string {
  let open = '';
  for (let i = 0; i < lead.length; i++) {
    const unit = lead.charAt(i);
    if (unit === '\\') i++;
    else if (open === '' && (unit === '"' || unit === "'" || unit === '`')) open = unit;
    else if (unit === open) open = '';
  }
  return open;
}
