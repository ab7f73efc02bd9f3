import { isMachineMade } from '../core/entropy.ts';
import type { Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import { evidence } from '../core/weights.ts';
import { stringsOption, type Detector, type DetectorRule } from './detector.ts';
import { dialectOf, type Dialect } from './dialect.ts';
import { literalAt, valueOf, type Literal } from './literal.ts';
import { isNameByte } from './name-byte.ts';

/** Bytes of a call that are looked at. */
const WINDOW = 600;

const ARGUMENT = [evidence('syntax-argument', 'the argument that the call takes it in')];

/**
 * Values that well-known functions take by position: `HTTPBasicAuth("user", "x")`.
 *
 * Options of a rule: `calls`, such as `getConnection(*, *, VALUE)`: `*` is any argument; with the closing bracket,
 * no other may follow; `USER` is a name, written out or not, and no other expression. A dot in front must be there. `name`:
 * what the value is taken to be given to.
 */
export const call: Detector = {
  name: 'call',
  reach: WINDOW,
  anchors: (rules) => [...new Set(rules.flatMap((rule) => signaturesOf(rule).map(({ anchor }) => anchor)))],
  prepare(rules) {
    let signatures: ReadonlyMap<string, Signature & { readonly rule: DetectorRule }> | undefined;
    return (view, hit, anchor) => {
      signatures ??= new Map(
        rules().flatMap((rule) => signaturesOf(rule).map((signature) => [signature.anchor, { ...signature, rule }])),
      );
      const signature = signatures.get(anchor);
      return signature && callMatch(view, hit, signature, signature.rule);
    };
  },
};

interface Signature {
  /** What leads to it, lower case. */
  readonly anchor: string;
  readonly written: string;
  /** Arguments before the value. */
  readonly skipped: number;
  /** What stands before it is a literal or the name of a variable. */
  readonly afterUser: boolean;
  /** No argument may follow. */
  readonly isLast: boolean;
}

function signaturesOf(rule: DetectorRule): readonly Signature[] {
  return stringsOption(rule, 'calls').map((line) => {
    const open = line.search(/[( ]/);
    const written = line.slice(0, open + 1);
    return {
      anchor: written.toLowerCase(),
      written,
      skipped: line.split(/\*|USER/).length - 1,
      afterUser: line.includes('USER'),
      isLast: line.endsWith(')'),
    };
  });
}

function callMatch(
  view: View,
  hit: number,
  { written, skipped, isLast, afterUser }: Signature,
  rule: DetectorRule,
): Match | undefined {
  const previous = view.bytes[hit - 1];
  // `.` and `$` stand before a method; a letter makes it another name.
  if (!written.startsWith('.') && previous !== undefined && isNameByte(previous) && previous !== 46) return undefined;
  const at = hit + written.length;
  const text = view.latin1(at, at + WINDOW);
  const dialect = dialectOf(view);
  let from = spaceEnd(text, 0);
  let user: Literal | undefined;
  for (let index = 0; index < skipped; index++) {
    const literal = literalAt(text, from, dialect);
    const end = literal === undefined ? expressionEnd(text, from) : spaceEnd(text, literal.end + literal.quote.length);
    if (end < 0 || text.charAt(end) !== ',') return undefined;
    if (afterUser && literal === undefined && !/^[\w.$>-]+\s*$/.test(text.slice(from, end))) return undefined;
    user = literal;
    from = spaceEnd(text, end + 1);
  }
  const value = literalAt(text, from, dialect) ?? wrapped(text, from, dialect);
  if (value === undefined) return undefined;
  const after = text.slice(value.end + value.quote.length, value.end + value.quote.length + 24);
  if (isLast ? !/^(?:\)?\.to(?:CharArray\(\)|_string\(\)))?\s{0,8}[)\r\n]|^$/.test(after) : !/^[\s),.]|^$/.test(after))
    return undefined;
  const name = stringsOption(rule, 'name')[0] ?? 'password';
  const secret = (value.parts ?? [value])
    .map((part) => valueOf(view.utf8(at + part.start, at + part.end), part))
    .join('');
  if (secret.length < 3) return undefined;
  const account = user === undefined ? '' : text.slice(user.start, user.end);
  return {
    ruleId: rule.id,
    start: at + value.start,
    end: at + value.end,
    secret,
    evidence:
      account === secret ? [...ARGUMENT, evidence('value-same-as-user', 'the same as the user name')] : ARGUMENT,
    guessable: !isMachineMade(secret),
    name,
    ...(/^[\w.@+-]{1,64}$/.test(account) && !isMachineMade(account) && account !== secret && { account }),
    priority: 25,
  };
}

function spaceEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && ' \t\r\n'.includes(text.charAt(end))) end++;
  return end;
}

/** `Some("x")`, `charArrayOf("x")`. */
function wrapped(text: string, at: number, dialect: Dialect): Literal | undefined {
  const open = /^[A-Za-z_][\w.:]{0,30}\([ \t]{0,4}/.exec(text.slice(at, at + 40));
  return open === null ? undefined : literalAt(text, at + open[0].length, dialect);
}

const OPENING = '([{';
const CLOSING = ')]}';

/** Where the comma or bracket is that ends an argument which is no literal; -1 where none does. */
function expressionEnd(text: string, at: number): number {
  let depth = 0;
  let quote = '';
  for (let end = at; end < text.length; end++) {
    const unit = text.charAt(end);
    if (quote !== '') {
      if (unit === '\\') end++;
      else if (unit === quote) quote = '';
    } else if (unit === '"' || unit === "'" || unit === '`') {
      quote = unit;
    } else if (OPENING.includes(unit)) {
      depth++;
    } else if (CLOSING.includes(unit)) {
      if (depth === 0) return end;
      depth--;
    } else if (depth === 0 && (unit === ',' || unit === ';')) {
      return end;
    }
  }
  return -1;
}
