import type { View } from '../core/view.ts';
import { givesOnLine, opensValue } from './assigned-value.ts';
import { formatOf } from './file-format.ts';
import { openQuote } from './literal.ts';
import { isNameByte } from './name-byte.ts';
import { isTable } from './table.ts';

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const BACKSLASH = 92;
/** Bytes of the line before a name that count; those of `Context.lead`. */
const LEAD = 200;
/** Longest blank between a name, its operator and the value. */
const GAP = 40;

/** What a byte may be; sets of bits. */
const BLANK = 1;
const QUOTE = 2;
const WORD = 4;
const DIGIT = 8;
/** Of a type between a colon and an equals sign. */
const TYPE = 16;
/** What an operator begins with, the arrow of a minus sign apart: that is a name's, too. */
const SIGN = 32;
const KINDS = new Uint8Array(256);
for (const [kind, characters] of [
  [BLANK, ' \t'],
  [QUOTE, '"\'`'],
  [WORD, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$@'],
  [DIGIT, '0123456789'],
  [SIGN, ':=!?|~<'],
  [TYPE, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.<>[]|?&' \t"],
] as const) {
  for (const character of characters) {
    const byte = character.charCodeAt(0);
    KINDS[byte] = (KINDS[byte] ?? 0) | kind;
  }
}

function kindOf(bytes: Uint8Array, at: number): number {
  return KINDS[bytes[at] ?? 0] as number; // a byte is an index of the table
}

/** What may follow a name that is given a value: quotes, operators, brackets, a tag's end, white space; a semicolon in the head of a table. */
const FOLLOWS = new Uint8Array(256);
for (const character of '"\'`\\:=>,;(][!?|<& \t\r\n~)') FOLLOWS[character.charCodeAt(0)] = 1;

/** Whether a value may follow a name that this byte does; none does at the end of a text. */
export function mayLeadOn(next: number | undefined): boolean {
  return next !== undefined && FOLLOWS[next] === 1;
}

/**
 * Whether `valueAfter` may find a value for the name at bytes `[start, end)`: what follows the name, and what stands
 * before it in its line, rule one out for nineteen of twenty names in code. It asks bytes where `valueAfter` reads
 * strings, and says yes where it cannot tell.
 */
export function mayHaveValue(view: View, start: number, end: number): boolean {
  const { bytes } = view;
  if (end >= bytes.length) return false;
  const before = bytes[start - 1] ?? 0;
  // `\nPASS=x`, `${PASS:-x}`, `{pass, "x"}`, a name of which the beginning is cut off; the columns of a table.
  if (before === BACKSLASH || before === 0x7b || isNameByte(before) || isTable(view)) return true;
  if (bytes[end] === 0x3c && bytes[end + 1] === 0x2f) return endsNameTag(bytes, end + 2); // </
  if (isSign(bytes, end)) return behindOperator(view, start, end, end, false);
  switch (bytes[end] ?? 0) {
    case 0x28: // (
      return mayBeCalled(bytes, start, end);
    case 0x2c: // ,
      return before === 0x3a; // :
    case LF:
    case CR:
      return isNamed(bytes, start);
    case BACKSLASH:
      return bytes[end + 1] === BACKSLASH || (kindOf(bytes, end + 1) & QUOTE) !== 0;
    case 0x26: // &
      return bytes[end + 1] === 0x71; // q
    case 0x29: // )
      return isChosen(bytes, end);
    case 0x3e: // >
      return isTag(before);
    case 0x5d: // ]
      return behindBracket(view, start, end + 1);
    case 0x22:
    case 0x27:
    case 0x60:
      return behindQuote(view, start, end);
    case SPACE:
    case TAB:
      return behindBlank(view, start, end);
    case 0x5b: // [
      return bytes[end + 1] === 0x5d || (kindOf(bytes, end + 1) & DIGIT) !== 0; // ]
    default:
      return false;
  }
}

/** A call whose argument may be a literal, of what is set by calls. */
function mayBeCalled(bytes: Buffer, start: number, end: number): boolean {
  const from = pastBlanks(bytes, end + 1, 4);
  if (!mayOpen(bytes, from)) return false;
  const first = bytes[start] ?? 0;
  // set, with, add, use, PASSWORD
  return (
    first === 0x73 ||
    first === 0x77 ||
    first === 0x61 ||
    first === 0x75 ||
    first === 0x50 ||
    bytes.subarray(start, end).includes(0x2e)
  );
}

/** The line before a name. */
function leadOf(view: View, start: number): string {
  return view.latin1(view.lineStart(start, LEAD), start);
}

/** Brackets and quotes, blanks, and then `||`, `??`, `or`, `?:` or `:-`. */
function isChosen(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < from + 3 && isClosing(bytes[at])) at++;
  return chooses(bytes, pastBlanks(bytes, at, 8));
}

function isClosing(byte: number | undefined): boolean {
  return byte === 0x29 || byte === 0x7d || byte === 0x5d || byte === 0x22 || byte === 0x27;
}

/** What a quote follows that starts a value which stands in for another. */
function chooses(bytes: Buffer, at: number): boolean {
  const sign = bytes[at];
  const second = bytes[at + 1];
  const isChoice =
    (sign === 0x7c && second === 0x7c) || // ||
    (sign === 0x3f && (second === 0x3f || second === 0x3a)) || // ?? ?:
    (sign === 0x3a && second === 0x2d) || // :-
    (sign === 0x6f && second === 0x72); // or
  return isChoice && (kindOf(bytes, pastBlanks(bytes, at + 2, 8)) & QUOTE) !== 0;
}

function behindBracket(view: View, start: number, at: number): boolean {
  const { bytes } = view;
  const next = bytes[at] ?? 0;
  if (next === 0x3b || next === 0x2e) return false; // ; .
  if (next === 0x29) return isChosen(bytes, at); // )
  if (next === 0x2c) return bytes[start - 1] === 0x3a; // , :
  if (next === BACKSLASH) return false;
  const sign = pastBlanks(bytes, at, GAP);
  if (isSign(bytes, sign)) return behindOperator(view, start, at, sign, false);
  return next !== SPACE || chooses(bytes, sign);
}

function behindQuote(view: View, start: number, end: number): boolean {
  const { bytes } = view;
  let at = end + 1;
  if (bytes[start - 1] !== bytes[end]) {
    const sign = pastBlanks(bytes, at, 4);
    const isGiven = bytes[sign] === 0x3a || bytes[sign] === 0x3d; // : =
    return isGiven ? behindOperator(view, start, at, sign, false) : isNamed(bytes, start);
  }
  if (bytes[at] === 0x5d) at++; // ]
  if (isNamed(bytes, start) || isChosen(bytes, at)) return true;
  const next = pastBlanks(bytes, at, GAP);
  if (isSign(bytes, next)) return behindOperator(view, start, at, next, true);
  switch (bytes[next] ?? 0) {
    case 0x2c: // ,
      return next !== at || behindComma(view, start, at);
    case 0x3e: // >
    case 0x7b: // {
      return true;
    default:
      return isWhite(bytes[at]) && startsPair(bytes, at);
  }
}

/** Behind a quoted name: a flag, an argument, an attribute that goes on. */
function behindComma(view: View, start: number, comma: number): boolean {
  const { bytes } = view;
  if (bytes[start] === 0x2d) return true; // -
  const opens = bytes[beforeBlanks(bytes, start - 2)];
  if (opens === 0x28) return true; // (
  if (isWhite(bytes[comma + 1]) && startsPair(bytes, comma + 1)) return true;
  if (hasDefault(bytes, comma)) return true;
  if (opens !== 0x2c) return false;
  const lead = leadOf(view, start);
  return lead.includes('onfigField') || lead.includes('resValue');
}

/** `name>`, `key>`, `param-name>`, `ParameterKey>`, perhaps behind a prefix. */
function endsNameTag(bytes: Buffer, from: number): boolean {
  const first = (bytes[from] ?? 0) | 32;
  if (first === 0x6e || first === 0x6b || first === 0x70) return true; // n k p
  let at = from;
  while (at < from + 20 && isAttribute(bytes, at)) if (bytes[at++] === 0x3a) return true; // :
  return false;
}

/** `, default=` among the next arguments. */
function hasDefault(bytes: Buffer, from: number): boolean {
  const last = Math.min(bytes.length - 3, from + 132);
  for (let at = from; at < last; at++) {
    const byte = bytes[at];
    if (byte === LF || byte === 0x28 || byte === 0x29) return false; // ( )
    if (byte === 0x64 && bytes[at + 1] === 0x65 && bytes[at + 2] === 0x66) return true; // def
  }
  return false;
}

/** White space, and a name that is given something. */
function startsPair(bytes: Buffer, from: number): boolean {
  let at = from;
  const last = Math.min(bytes.length, from + 120);
  while (at < last && isWhite(bytes[at])) at++;
  if (at === last) return true;
  if ((kindOf(bytes, at) & QUOTE) !== 0) at++;
  const word = at;
  while (at < word + 48 && isAttribute(bytes, at)) at++;
  if ((kindOf(bytes, at) & QUOTE) !== 0) at++;
  const sign = bytes[pastBlanks(bytes, at, 4)];
  // A colon is part of such a name, too.
  return sign === 0x3d || sign === 0x3a || bytes[at - 1] === 0x3a;
}

/** Of the name of an attribute: letters, digits, `_`, `:`, `.`, `-`. */
function isAttribute(bytes: Buffer, at: number): boolean {
  const byte = bytes[at] ?? 0;
  return (kindOf(bytes, at) & (WORD | DIGIT)) !== 0 || byte === 0x3a || byte === 0x2e || byte === 0x2d;
}

function behindBlank(view: View, start: number, end: number): boolean {
  const { bytes } = view;
  const at = pastBlanks(bytes, end, GAP);
  if (isSign(bytes, at)) return behindOperator(view, start, end, at, false) || afterWord(view, start, at);
  const next = bytes[at] ?? 0;
  switch (next) {
    case 0x29: // )
    case 0x7b: // {
    case 0x7d: // }
    case 0x26: // &
    case 0x3b: // ;
      if (next === 0x26 && bytes[at + 1] === 0x71) return true; // &q
      // It may be the name in `value: "x", name: password }`.
      return isNamed(bytes, start) || (formatOf(view) === 'ini' && givesOnLine(leadOf(view, start), 'ini'));
    case LF:
    case CR:
      return isTag(bytes[start - 1]) || isNamed(bytes, start);
    default:
      if ((kindOf(bytes, at) & QUOTE) !== 0 || next === BACKSLASH) return true;
      return afterWord(view, start, at);
  }
}

/** `--password x`, `ENV NAME x`, `machine h password x`; in most lines it is a sentence. @param at what follows the name and blanks */
function afterWord(view: View, start: number, at: number): boolean {
  const { bytes } = view;
  if (bytes[start] === 0x2d || isTag(bytes[start - 1]) || isNamed(bytes, start) || chooses(bytes, at)) return true;
  if (mayOpen(bytes, at)) return true;
  const first = (bytes[at] ?? 0) | 32;
  // `string =`, `as string =`, `[]byte =`; `for user = 'x'`.
  if (bytes[at] === 0x5b) return true; // [
  if (first === 0x73 && ((bytes[at + 1] ?? 0) | 32) === 0x74 && ((bytes[at + 2] ?? 0) | 32) === 0x72) return true;
  if (first === 0x61 && ((bytes[at + 1] ?? 0) | 32) === 0x73 && (kindOf(bytes, at + 2) & BLANK) !== 0) return true;
  if (first === 0x66 && ((bytes[beforeBlanks(bytes, start - 1)] ?? 0) | 32) === 0x74) return true;
  return givesOnLine(leadOf(view, start), formatOf(view));
}

/**
 * @param from end of the name, of its quote or bracket
 * @param at the sign of the operator
 */
function behindOperator(view: View, start: number, from: number, at: number, quoted: boolean): boolean {
  const { bytes } = view;
  const format = formatOf(view);
  if (chooses(bytes, at)) return true;
  const end = operatorEnd(bytes, at);
  // Nothing of that kind: `::`, `a | b`, `a ? b`.
  if (end < 0) return quoted;
  if (format !== 'code' && format !== 'json' && format !== 'markup') return true;
  const value = pastBlanks(bytes, end, GAP);
  const sign = end - at === 1 ? (bytes[at] ?? 0) : 0;
  const compares = bytes[at] === 0x21 || (bytes[at] === 0x3d && bytes[at + 1] === 0x3d); // ! ==
  const spaced = value !== end || at !== from;
  const first = bytes[value] ?? 0;
  const kind = kindOf(bytes, value);
  const isFlag = bytes[start] === 0x2d && sign === 0x3d;
  if (isFlag) return true;
  switch (first) {
    case 0x3b: // ;
    case 0x2c: // ,
    case 0x29: // )
    case 0x7d: // }
    case 0x5d: // ]
      return false;
    case 0x7b: // {
      return !compares && format !== 'markup' && holdsValue(bytes, value + 1);
    case LF:
    case CR:
      return !compares && mayOpen(bytes, pastLine(bytes, value));
    case 0x28: // (
    case 0x5b: {
      // [
      const inner = pastBlanks(bytes, value + 1, 4);
      return isWhite(bytes[inner]) || bytes[inner] === 0x5d || mayOpen(bytes, inner); // ]
    }
    default:
      if ((kind & (WORD | DIGIT)) === 0) return true;
  }
  if ((kind & DIGIT) !== 0 && quoted) return true;
  if ((kind & WORD) !== 0) {
    if (isOpening(view, value)) return true;
    if (compares) return false;
    if (isScheme(bytes, value)) return true;
    if (sign === 0x3a && format === 'code' && isTyped(bytes, value)) return true;
  }
  if (compares || quoted) return false;
  return mayBeInner(view, start, sign, spaced, format === 'code');
}

/** Whether an operator may begin here. */
function isSign(bytes: Uint8Array, at: number): boolean {
  return (kindOf(bytes, at) & SIGN) !== 0 || isArrow(bytes, at);
}

/** `->` */
function isArrow(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x2d && bytes[at + 1] === 0x3e;
}

/** The end of the operator at an offset; -1 where there is none. */
function operatorEnd(bytes: Buffer, at: number): number {
  const second = bytes[at + 1];
  const third = bytes[at + 2];
  let end = -1;
  switch (bytes[at] ?? 0) {
    case 0x3a: // : :=
      if (second === 0x3d) end = at + 2;
      else if (second !== 0x2d || isWhite(bytes[at + 2])) end = at + 1;
      break;
    case 0x3d: // = == === =>
      if (second === 0x3e) end = third === 0x3d || third === 0x3a ? at + 1 : at + 2;
      else if (second === 0x3d) end = third === 0x3d ? at + 3 : at + 2;
      else end = at + 1;
      break;
    case 0x21: // != !==
      if (second === 0x3d) end = third === 0x3d ? at + 3 : at + 2;
      break;
    case 0x3f: // ?= ??=
      if (second === 0x3d) end = at + 2;
      else if (second === 0x3f && third === 0x3d) end = at + 3;
      break;
    case 0x7c: // ||=
      if (second === 0x7c && third === 0x3d) end = at + 3;
      break;
    case 0x7e: // ~>
    case 0x2d: // ->
      if (second === 0x3e) end = at + 2;
      break;
    case 0x3c: // <-
      if (second === 0x2d) end = at + 2;
      break;
    default:
  }
  return end < 0 || bytes[end] === 0x3d || bytes[end] === 0x3a ? -1 : end;
}

/** `{ "value": `. */
function holdsValue(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < from + 82 && isWhite(bytes[at])) at++;
  if ((kindOf(bytes, at) & QUOTE) !== 0) at++;
  return bytes[at] === 0x76 && bytes[at + 1] === 0x61; // va
}

/** The first byte of the next line that is no blank. */
function pastLine(bytes: Buffer, from: number): number {
  return pastBlanks(bytes, from + (bytes[from] === CR ? 2 : 1), 82);
}

/** Whether a literal may start here: a quote, signs that may go with one, letters in front of one. */
function mayOpen(bytes: Buffer, from: number): boolean {
  const first = bytes[from] ?? 0;
  switch (first) {
    case 0x22: // "
    case 0x27: // '
    case 0x60: // `
    case 0x5c: // \
    case 0x26: // &
    case 0x25: // %
    case 0x23: // #
    case 0x5b: // [
      return true;
    default:
  }
  if ((kindOf(bytes, from) & WORD) === 0) return false;
  let at = from + 1;
  while (at < from + 8 && (kindOf(bytes, at) & (WORD | DIGIT)) !== 0) at++;
  const next = bytes[at] ?? 0;
  // A prefix; q{…}; concat!(, paste0(, String.Concat(.
  if (at - from <= 4 && isPrefixed(next)) return true;
  return next === 0x28 || next === 0x21 || (next === 0x2e && at === from + 6); // ( ! .
}

/** A quote, or what strings of Perl, Ruby, Rust and Swift begin with. */
function isPrefixed(byte: number): boolean {
  return (
    ((KINDS[byte] as number) & QUOTE) !== 0 || // a byte is an index of the table
    byte === 0x23 || // #
    byte === 0x28 || // (
    byte === 0x5b || // [
    byte === 0x7b || // {
    byte === 0x3c || // <
    byte === 0x21 || // !
    byte === 0x7c || // |
    byte === 0x2f // /
  );
}

/** The same of a word in code, with calls that convert a literal. */
function isOpening(view: View, from: number): boolean {
  const { bytes } = view;
  let at = from;
  while (at < from + 64 && ((kindOf(bytes, at) & (WORD | DIGIT)) !== 0 || bytes[at] === 0x2e)) at++;
  const isNew = bytes[from] === 0x6e && bytes[from + 1] === 0x65 && bytes[from + 2] === 0x77 && at === from + 3;
  const next = bytes[pastBlanks(bytes, at, 2)] ?? 0;
  const mayConvert = next === 0x28 || next === 0x7b || next === 0x5b; // ( { [
  if (!isNew && !mayConvert && !isPrefixed(next)) return false;
  return opensValue(view.latin1(from, from + 96));
}

/** `Token x` and the like, as the value of a header. */
function isScheme(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < from + 8 && ((kindOf(bytes, at) & WORD) !== 0 || bytes[at] === 0x2d)) at++;
  if (at - from < 3 || (kindOf(bytes, at) & BLANK) === 0) return false;
  return ' Token token ApiKey apikey Api-Key Key SSWS Bot JWT '.includes(` ${bytes.latin1Slice(from, at)} `);
}

/** A type and an equals sign. */
function isTyped(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < from + 52 && (kindOf(bytes, at) & TYPE) !== 0) at++;
  return bytes[at] === 0x3d;
}

/** A setting inside a string, or in an address: `"…;password=x"`. */
function mayBeInner(view: View, start: number, sign: number, spaced: boolean, isCode: boolean): boolean {
  const { bytes } = view;
  if (sign === 0x3d && !spaced) {
    switch (bytes[start - 1] ?? 0) {
      case 0x3f: // ?
      case 0x26: // &
      case 0x3b: // ;
      case 0x23: // #
      case 0x22: // "
      case 0x27: // '
      case 0x60: // `
      case SPACE:
        break;
      default:
        return false;
    }
  } else if (sign !== 0x3a || !isCode) {
    return false;
  }
  const lead = leadOf(view, start);
  return openQuote(lead) !== '' || (sign === 0x3d && lead.includes('://'));
}

/** `name: "`, `key = '`, `header:`, `variable=`: what stands before a name that is the value of another. */
function isNamed(bytes: Buffer, start: number): boolean {
  const quote = (kindOf(bytes, start - 1) & QUOTE) !== 0 ? start - 2 : start - 1;
  const sign = beforeBlanks(bytes, quote);
  if (bytes[sign] !== 0x3a && bytes[sign] !== 0x3d) return false; // : =
  const blank = beforeBlanks(bytes, sign - 1);
  const last = bytes[(kindOf(bytes, blank) & QUOTE) !== 0 ? blank - 1 : blank] ?? 0;
  return last === 0x65 || last === 0x79 || last === 0x72; // e y r
}

/** The sign of a tag, or of a name with a prefix, stands before the name. */
function isTag(before: number | undefined): boolean {
  return before === 0x3c || before === 0x2f || before === 0x3a; // < / :
}

function isWhite(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB || byte === LF || byte === CR || byte === 11 || byte === 12 || byte === 0xa0;
}

/** Where no blank stands any more, or after `most` of them. */
function pastBlanks(bytes: Buffer, from: number, most: number): number {
  let at = from;
  while (at < from + most && (kindOf(bytes, at) & BLANK) !== 0) at++;
  return at;
}

/** From `at` down, past at most four blanks. */
function beforeBlanks(bytes: Buffer, at: number): number {
  let from = at;
  while (from > at - 4 && (kindOf(bytes, from) & BLANK) !== 0) from--;
  return from;
}
