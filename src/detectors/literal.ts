/** A value as it is written: `[start, end)` in UTF-16 units of the text it was read from, quotes not included. */
export interface Literal {
  readonly start: number;
  readonly end: number;
  /** The quote that it stands in, with a backslash where that is escaped; empty for a bare value. */
  readonly quote: string;
}

/** Longest value that is read, in UTF-16 units. */
const LIMIT = 1024;

/** Letters that mark a string's kind: Python b"", C L"", C# @"", SQL N''. */
const PREFIX = /[bBuUrRfFLN@$]{1,2}(?=["'])/y;

/**
 * Reads a quoted literal at `at`, or `undefined` where none starts there, it does not end on the same
 * line, or it is put together with something that is not literal.
 */
export function quotedAt(text: string, at: number): Literal | undefined {
  PREFIX.lastIndex = at;
  let open = at;
  let interpolated = false;
  if (PREFIX.test(text)) {
    interpolated = /[fF$]/.test(text.slice(at, PREFIX.lastIndex));
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
  let end = start;
  for (;;) {
    if (end >= last) return undefined;
    if (text.startsWith(quote, end)) break;
    const unit = text.charAt(end);
    if (unit === '\n') return undefined;
    end += unit === '\\' && quote.length === 1 ? 2 : 1;
  }
  if (interpolated && text.slice(start, end).includes('{')) return undefined;
  if (isJoined(text, end + quote.length)) return undefined;
  return { start, end, quote };
}

/** What follows makes the literal a part of something computed: `"a" + b`, `'a' . $b`, `"a" % b`, `"a".format(`. */
const JOINED =
  /[ \t]{0,4}(?:\+[ \t]{0,4}[A-Za-z_$(]|\.[ \t]{0,4}\$|%[ \t]{0,4}[A-Za-z_(]|\.(?:format|replace|join|split|concat|trim|to[A-Z])\b)/y;

function isJoined(text: string, at: number): boolean {
  JOINED.lastIndex = at;
  return JOINED.test(text);
}

/** Undoes the escapes that languages share; leaves what it does not know. */
export function unescapeLiteral(text: string): string {
  if (!/[\\&]/.test(text)) return text;
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(["'\\/`])/g, '$1')
    .replace(/&(quot|apos|amp|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };
