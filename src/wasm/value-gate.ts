/**
 * Whether a name may be given a value: what follows it, and what stands before it in its line, rule one out for
 * nineteen of twenty names in code. It asks bytes what `valueAfter` of `src/detectors/assigned-value.ts` asks
 * of strings, and says yes where it cannot tell. Offsets are addresses.
 */
import {
  BACKSLASH,
  BLANK,
  beforeBlanks,
  byteAt,
  CR,
  DIGIT,
  FOLLOWS,
  isWhite,
  kindOf,
  LF,
  NAME,
  pastBlanks,
  QUOTE,
  SIGN,
  SPACE,
  TAB,
  textFormat,
  textFrom,
  textTo,
  TYPE,
  WORD,
} from './text';

/** How a file writes values, as `src/detectors/value-gate.ts` numbers it. */
const CODE: u32 = 0;
const JSON: u32 = 1;
const MARKUP: u32 = 2;
const INI: u32 = 3;
const TABLE: u32 = 5;

/** Longest blank between a name, its operator and the value. */
const GAP: usize = 40;
/** Bytes of the line before a name that count; as `src/detectors/value-gate.ts` has it. */
const LEAD: usize = 200;
/** Longest name, in bytes to either side of the word in it. */
const NAME_LIMIT: usize = 96;

// What is left open, as `src/detectors/value-gate.ts` settles it: bits, and in those above them the offset of a
// value from the word that led to the name.
const GIVES: u32 = 1;
const OPENS: u32 = 2;
const INNER: u32 = 4;
const EQUALS: u32 = 8;
const FIELD: u32 = 16;
const SCHEME: u32 = 32;
const OFFSET: u32 = 6;

/** It may have a value, whatever is asked of it. */
const YES: u32 = 0;
/** It has none. */
export const NO: u32 = 0xffff;

/** The word that led to the name. */
let word: usize = 0;

/** @param hit first byte of the word in the name, and `hitEnd` the one behind it */
export function valueGate(hit: usize, hitEnd: usize): u32 {
  word = hit;
  let start = hit;
  while (start > hit - NAME_LIMIT && (kindOf(start - 1) & NAME) != 0) start--;
  let end = hitEnd;
  while (end < hitEnd + NAME_LIMIT && (kindOf(end) & NAME) != 0) end++;
  if (end >= textTo || (kindOf(end) & FOLLOWS) == 0) return NO;
  const before = byteAt(start - 1);
  // `\nPASS=x`, `${PASS:-x}`, `{pass, "x"}`, a name of which the beginning is cut off; the columns of a table.
  if (before == BACKSLASH || before == 0x7b || (kindOf(start - 1) & NAME) != 0 || textFormat == TABLE) return YES;
  return behindName(start, end, before);
}

function yesIf(may: bool): u32 {
  return may ? YES : NO;
}

function behindName(start: usize, end: usize, before: u32): u32 {
  const first = byteAt(end);
  const second = byteAt(end + 1);
  if (first == 0x3c && second == 0x2f) return yesIf(endsNameTag(end + 2)); // </
  if (isSign(end)) return behindOperator(start, end, end, false);
  switch (first) {
    case 0x28: // (
      return yesIf(mayBeCalled(start, end));
    case 0x2c: // ,
      return yesIf(before == 0x3a); // :
    case LF:
    case CR:
      return yesIf(isNamed(start));
    case BACKSLASH:
      return yesIf(second == BACKSLASH || (kindOf(end + 1) & QUOTE) != 0);
    case 0x26: // &
      return yesIf(second == 0x71); // q
    case 0x29: // )
      return yesIf(isChosen(end));
    case 0x3e: // >
      return yesIf(isTag(before));
    case 0x5d: // ]
      return behindBracket(start, end + 1);
    case 0x22:
    case 0x27:
    case 0x60:
      return behindQuote(start, end);
    case SPACE:
    case TAB:
      return behindBlank(start, end);
    case 0x5b: // [
      return yesIf(second == 0x5d || (kindOf(end + 1) & DIGIT) != 0); // ]
    default:
      return NO;
  }
}

/** A call whose argument may be a literal, of what is set by calls. */
function mayBeCalled(start: usize, end: usize): bool {
  if (!mayOpen(pastBlanks(end + 1, 4))) return false;
  const first = byteAt(start);
  // set, with, add, use, PASSWORD
  if (first == 0x73 || first == 0x77 || first == 0x61 || first == 0x75 || first == 0x50) return true;
  for (let at = start; at < end; at++) if (byteAt(at) == 0x2e) return true;
  return false;
}

/** Brackets and quotes, blanks, and then `||`, `??`, `or`, `?:` or `:-`. */
function isChosen(from: usize): bool {
  let at = from;
  while (at < from + 3 && isClosing(byteAt(at))) at++;
  return chooses(pastBlanks(at, 8));
}

function isClosing(byte: u32): bool {
  return byte == 0x29 || byte == 0x7d || byte == 0x5d || byte == 0x22 || byte == 0x27;
}

/** What a quote follows that starts a value which stands in for another. */
function chooses(at: usize): bool {
  const sign = byteAt(at);
  const second = byteAt(at + 1);
  const isChoice =
    (sign == 0x7c && second == 0x7c) || // ||
    (sign == 0x3f && (second == 0x3f || second == 0x3a)) || // ?? ?:
    (sign == 0x3a && second == 0x2d) || // :-
    (sign == 0x6f && second == 0x72); // or
  return isChoice && (kindOf(pastBlanks(at + 2, 8)) & QUOTE) != 0;
}

function behindBracket(start: usize, at: usize): u32 {
  const next = byteAt(at);
  if (next == 0x3b || next == 0x2e) return NO; // ; .
  if (next == 0x29) return yesIf(isChosen(at)); // )
  if (next == 0x2c) return yesIf(byteAt(start - 1) == 0x3a); // , :
  if (next == BACKSLASH) return NO;
  const sign = pastBlanks(at, GAP);
  if (isSign(sign)) return behindOperator(start, at, sign, false);
  return yesIf(next != SPACE || chooses(sign));
}

function behindQuote(start: usize, end: usize): u32 {
  let at = end + 1;
  if (byteAt(start - 1) != byteAt(end)) {
    const sign = pastBlanks(at, 4);
    const isGiven = byteAt(sign) == 0x3a || byteAt(sign) == 0x3d; // : =
    return isGiven ? behindOperator(start, at, sign, false) : yesIf(isNamed(start));
  }
  if (byteAt(at) == 0x5d) at++; // ]
  if (isNamed(start) || isChosen(at)) return YES;
  const next = pastBlanks(at, GAP);
  if (isSign(next)) return behindOperator(start, at, next, true);
  switch (byteAt(next)) {
    case 0x2c: // ,
      return next != at ? YES : behindComma(start, at);
    case 0x3e: // >
    case 0x7b: // {
      return YES;
    default:
      return yesIf(isWhite(byteAt(at)) && startsPair(at));
  }
}

/** Behind a quoted name: a flag, an argument, an attribute that goes on. */
function behindComma(start: usize, comma: usize): u32 {
  if (byteAt(start) == 0x2d) return YES; // -
  const opens = byteAt(beforeBlanks(start - 2));
  if (opens == 0x28) return YES; // (
  if (isWhite(byteAt(comma + 1)) && startsPair(comma + 1)) return YES;
  if (hasDefault(comma)) return YES;
  return opens == 0x2c ? FIELD : NO;
}

/** `name>`, `key>`, `param-name>`, `ParameterKey>`, perhaps behind a prefix. */
function endsNameTag(from: usize): bool {
  const first = byteAt(from) | 32;
  if (first == 0x6e || first == 0x6b || first == 0x70) return true; // n k p
  for (let at = from; at < from + 20 && isAttribute(at); at++) if (byteAt(at) == 0x3a) return true; // :
  return false;
}

/** `, default=` among the next arguments. */
function hasDefault(from: usize): bool {
  for (let at = from; at < from + 132 && at < textTo; at++) {
    const byte = byteAt(at);
    if (byte == LF || byte == 0x28 || byte == 0x29) return false; // ( )
    if (byte == 0x64 && byteAt(at + 1) == 0x65 && byteAt(at + 2) == 0x66) return true; // def
  }
  return false;
}

/** White space, and a name that is given something. */
function startsPair(from: usize): bool {
  let at = from;
  const last = from + 120 < textTo ? from + 120 : textTo;
  while (at < last && isWhite(byteAt(at))) at++;
  if (at == last) return true;
  if ((kindOf(at) & QUOTE) != 0) at++;
  const name = at;
  while (at < name + 48 && isAttribute(at)) at++;
  if ((kindOf(at) & QUOTE) != 0) at++;
  const sign = byteAt(pastBlanks(at, 4));
  // A colon is part of such a name, too.
  return sign == 0x3d || sign == 0x3a || byteAt(at - 1) == 0x3a;
}

/** Of the name of an attribute: letters, digits, `_`, `:`, `.`, `-`. */
function isAttribute(at: usize): bool {
  const byte = byteAt(at);
  return (kindOf(at) & (WORD | DIGIT)) != 0 || byte == 0x3a || byte == 0x2e || byte == 0x2d;
}

function behindBlank(start: usize, end: usize): u32 {
  const at = pastBlanks(end, GAP);
  if (isSign(at)) {
    const operator = behindOperator(start, end, at, false);
    if (operator == YES) return YES;
    const after = afterWord(start, at);
    return operator == NO ? after : after == NO ? operator : after == YES ? YES : operator | after;
  }
  const next = byteAt(at);
  switch (next) {
    case 0x29: // )
    case 0x7b: // {
    case 0x7d: // }
    case 0x26: // &
    case 0x3b: // ;
      if (next == 0x26 && byteAt(at + 1) == 0x71) return YES; // &q
      // It may be the name in `value: "x", name: password }`.
      if (isNamed(start)) return YES;
      return textFormat == INI && mayGive(start) ? GIVES : NO;
    case LF:
    case CR:
      return yesIf(isTag(byteAt(start - 1)) || isNamed(start));
    default:
      if ((kindOf(at) & QUOTE) != 0 || next == BACKSLASH) return YES;
      return afterWord(start, at);
  }
}

/** `--password x`, `ENV NAME x`, `machine h password x`; in most lines it is a sentence. @param at what follows the name and blanks */
function afterWord(start: usize, at: usize): u32 {
  if (byteAt(start) == 0x2d || isTag(byteAt(start - 1)) || isNamed(start) || chooses(at) || mayOpen(at)) return YES;
  const first = byteAt(at) | 32;
  const second = byteAt(at + 1) | 32;
  // `string =`, `as string =`, `[]byte =`; `for user = 'x'`.
  if (byteAt(at) == 0x5b) return YES; // [
  if (first == 0x73 && second == 0x74 && (byteAt(at + 2) | 32) == 0x72) return YES;
  if (first == 0x61 && second == 0x73 && (kindOf(at + 2) & BLANK) != 0) return YES;
  if (first == 0x66 && (byteAt(beforeBlanks(start - 1)) | 32) == 0x74) return YES;
  return mayGive(start) ? GIVES : NO;
}

/** Whether the third byte and the second before `end` are these. */
function endsIn(end: usize, third: u32, second: u32): bool {
  return byteAt(end - 3) == third && byteAt(end - 2) == second;
}

/** Whether the line before a name may be one of those that `givesOnLine` knows; of most it needs no string to tell. */
function mayGive(start: usize): bool {
  let from = start;
  while (from > textFrom && from > start - LEAD && byteAt(from - 1) != LF) from--;
  if (pastBlanks(from, LEAD) >= start) return true;
  const first = pastBlanks(from, 20);
  const byte = byteAt(first);
  const second = byteAt(first + 1);
  // ENV ARG # %d set
  if ((byte == 0x45 && second == 0x4e) || (byte == 0x41 && second == 0x52) || byte == 0x23) return true;
  if ((byte == 0x25 && second == 0x64) || ((byte | 32) == 0x73 && (second | 32) == 0x65)) return true;
  for (let at = from + 3; at < start; at++) {
    const last = byteAt(at - 1);
    // login, machine; set, add, put, create, config and a blank
    if ((last == 0x67 && endsIn(at, 0x6c, 0x6f)) || (last == 0x63 && endsIn(at, 0x6d, 0x61))) return true;
    if ((kindOf(at) & BLANK) == 0) continue;
    if (last == 0x74 && (endsIn(at, 0x73, 0x65) || endsIn(at, 0x70, 0x75))) return true;
    if (last == 0x64 && endsIn(at, 0x61, 0x64)) return true;
    if ((last == 0x65 && endsIn(at, 0x61, 0x74)) || (last == 0x67 && endsIn(at, 0x66, 0x69))) return true;
  }
  return false;
}

/**
 * @param from end of the name, of its quote or bracket
 * @param at the sign of the operator
 */
function behindOperator(start: usize, from: usize, at: usize, quoted: bool): u32 {
  if (chooses(at)) return YES;
  const end = operatorEnd(at);
  // Nothing of that kind: `::`, `a | b`, `a ? b`.
  if (end == 0) return yesIf(quoted);
  if (textFormat != CODE && textFormat != JSON && textFormat != MARKUP) return YES;
  const value = pastBlanks(end, GAP);
  const sign = end - at == 1 ? byteAt(at) : 0;
  const compares = byteAt(at) == 0x21 || (byteAt(at) == 0x3d && byteAt(at + 1) == 0x3d); // ! ==
  const spaced = value != end || at != from;
  const kind = kindOf(value);
  if (byteAt(start) == 0x2d && sign == 0x3d) return YES; // a flag
  switch (byteAt(value)) {
    case 0x3b: // ;
    case 0x2c: // ,
    case 0x29: // )
    case 0x7d: // }
    case 0x5d: // ]
      return NO;
    case 0x7b: // {
      return yesIf(!compares && textFormat != MARKUP && holdsValue(value + 1));
    case LF:
    case CR:
      return yesIf(!compares && mayOpen(pastLine(value)));
    case 0x28: // (
    case 0x5b: {
      // [
      const inner = pastBlanks(value + 1, 4);
      return yesIf(isWhite(byteAt(inner)) || byteAt(inner) == 0x5d || mayOpen(inner)); // ]
    }
    default:
      if ((kind & (WORD | DIGIT)) == 0) return YES;
  }
  if ((kind & DIGIT) != 0 && quoted) return YES;
  let open: u32 = 0;
  if ((kind & WORD) != 0) {
    if (mayBeOpening(value)) open |= OPENS;
    if (!compares) {
      if (mayBeScheme(value)) open |= SCHEME;
      if (sign == 0x3a && textFormat == CODE && isTyped(value)) return YES;
    }
    if (open != 0) open |= (<u32>(value - word)) << OFFSET;
  }
  if (!compares && !quoted) open |= inner(start, sign, spaced);
  return open == 0 ? NO : open;
}

/** Whether an operator may begin here. */
function isSign(at: usize): bool {
  return (kindOf(at) & SIGN) != 0 || (byteAt(at) == 0x2d && byteAt(at + 1) == 0x3e); // ->
}

/** The end of the operator at an offset; 0 where there is none. */
function operatorEnd(at: usize): usize {
  const second = byteAt(at + 1);
  const third = byteAt(at + 2);
  let size: usize = 0;
  switch (byteAt(at)) {
    case 0x3a: // : :=
      if (second == 0x3d) size = 2;
      else if (second != 0x2d || isWhite(third)) size = 1;
      break;
    case 0x3d: // = == === =>
      if (second == 0x3e) size = third == 0x3d || third == 0x3a ? 1 : 2;
      else if (second == 0x3d) size = third == 0x3d ? 3 : 2;
      else size = 1;
      break;
    case 0x21: // != !==
      if (second == 0x3d) size = third == 0x3d ? 3 : 2;
      break;
    case 0x3f: // ?= ??=
      if (second == 0x3d) size = 2;
      else if (second == 0x3f && third == 0x3d) size = 3;
      break;
    case 0x7c: // ||=
      if (second == 0x7c && third == 0x3d) size = 3;
      break;
    case 0x7e: // ~>
    case 0x2d: // ->
      if (second == 0x3e) size = 2;
      break;
    case 0x3c: // <-
      if (second == 0x2d) size = 2;
      break;
    default:
  }
  const end = at + size;
  return size == 0 || byteAt(end) == 0x3d || byteAt(end) == 0x3a ? 0 : end;
}

/** `{ "value": `. */
function holdsValue(from: usize): bool {
  let at = from;
  while (at < from + 82 && isWhite(byteAt(at))) at++;
  if ((kindOf(at) & QUOTE) != 0) at++;
  return byteAt(at) == 0x76 && byteAt(at + 1) == 0x61; // va
}

/** The first byte of the next line that is no blank. */
function pastLine(from: usize): usize {
  return pastBlanks(from + (byteAt(from) == CR ? 2 : 1), 82);
}

/** Whether a literal may start here: a quote, signs that may go with one, letters in front of one. */
function mayOpen(from: usize): bool {
  switch (byteAt(from)) {
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
  if ((kindOf(from) & WORD) == 0) return false;
  let at = from + 1;
  while (at < from + 8 && (kindOf(at) & (WORD | DIGIT)) != 0) at++;
  // A prefix; q{…}; concat!(, paste0(, String.Concat(.
  if (at - from <= 4 && isPrefixed(at)) return true;
  const next = byteAt(at);
  return next == 0x28 || next == 0x21 || (next == 0x2e && at == from + 6); // ( ! .
}

/** A quote, or what strings of Perl, Ruby, Rust and Swift begin with. */
function isPrefixed(at: usize): bool {
  const byte = byteAt(at);
  return (
    (kindOf(at) & QUOTE) != 0 ||
    byte == 0x23 || // #
    byte == 0x28 || // (
    byte == 0x5b || // [
    byte == 0x7b || // {
    byte == 0x3c || // <
    byte == 0x21 || // !
    byte == 0x7c || // |
    byte == 0x2f // /
  );
}

/** The same of a word in code, with calls that convert a literal. */
function mayBeOpening(from: usize): bool {
  let at = from;
  while (at < from + 64 && ((kindOf(at) & (WORD | DIGIT)) != 0 || byteAt(at) == 0x2e)) at++;
  if (byteAt(from) == 0x6e && byteAt(from + 1) == 0x65 && byteAt(from + 2) == 0x77 && at == from + 3) return true; // new
  const next = pastBlanks(at, 2);
  const byte = byteAt(next);
  return byte == 0x28 || byte == 0x7b || byte == 0x5b || isPrefixed(next); // ( { [
}

/** Letters as of `Token x`, the value of a header. */
function mayBeScheme(from: usize): bool {
  let at = from;
  while (at < from + 8 && ((kindOf(at) & WORD) != 0 || byteAt(at) == 0x2d)) at++;
  return at - from >= 3 && (kindOf(at) & BLANK) != 0;
}

/** A type and an equals sign. */
function isTyped(from: usize): bool {
  let at = from;
  while (at < from + 52 && (kindOf(at) & TYPE) != 0) at++;
  return byteAt(at) == 0x3d;
}

/** A setting inside a string, or in an address, `"…;password=x"`: what is left open of it, 0 for nothing. */
function inner(start: usize, sign: u32, spaced: bool): u32 {
  if (sign == 0x3a) return textFormat == CODE ? INNER : 0;
  if (sign != 0x3d || spaced) return 0;
  switch (byteAt(start - 1)) {
    case 0x3f: // ?
    case 0x26: // &
    case 0x3b: // ;
    case 0x23: // #
    case 0x22: // "
    case 0x27: // '
    case 0x60: // `
    case SPACE:
      return INNER | EQUALS;
    default:
      return 0;
  }
}

/** `name: "`, `key = '`, `header:`, `variable=`: what stands before a name that is the value of another. */
function isNamed(start: usize): bool {
  const quote = (kindOf(start - 1) & QUOTE) != 0 ? start - 2 : start - 1;
  const sign = beforeBlanks(quote);
  if (byteAt(sign) != 0x3a && byteAt(sign) != 0x3d) return false; // : =
  const blank = beforeBlanks(sign - 1);
  const last = byteAt((kindOf(blank) & QUOTE) != 0 ? blank - 1 : blank);
  return last == 0x65 || last == 0x79 || last == 0x72; // e y r
}

/** The sign of a tag, or of a name with a prefix, stands before the name. */
function isTag(before: u32): bool {
  return before == 0x3c || before == 0x2f || before == 0x3a; // < / :
}
