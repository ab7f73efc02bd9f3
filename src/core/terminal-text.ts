import { eastAsianWidth } from 'get-east-asian-width';

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** `##[error]`, `##vso[…]`, `##teamcity[…]`: log viewers of CI systems obey these wherever they stand on a line. */
const LOG_COMMAND = /#(?=#[a-z]*\[)/gi;

/**
 * Text from a scanned repository as one line that cannot steer a terminal or a build's log, start a
 * line of its own or reorder what stands beside it: `\x1b`, `\u202e`, `\u{e0041}` stand for what is
 * not shown. Safe text stays as it is, so the function is idempotent.
 */
export function safe(text: string): string {
  return (NARROW.test(text) ? text : visible(text)).replace(LOG_COMMAND, String.raw`\x23`);
}

/**
 * Escapes controls (C0, C1, DEL), format characters (bidirectional marks, overrides and isolates, zero-width
 * characters, tags), lone surrogates, line and paragraph separators, and the letters that are blank.
 * Sets of Unicode are made where they are used: to compile one takes as long as to read a commit's diff.
 */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu, escaped);
}

function escaped(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** Printable ASCII: one column each. */
const NARROW = /^[ -~]*$/;

/** Terminal columns of safe text, as terminals count them: per code point, East Asian wide ones as two. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  // Drawn on the character before: accents, variation selectors, vowels and finals of conjoining Hangul.
  return /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}

const CUT = '…';

/** Safe text in at most `width` columns (1 or more); what is cut off, at its end or its start, leaves `…`. */
export function fit(text: string, width: number, cut: 'end' | 'start' = 'end'): string {
  if (displayWidth(text) <= width) return text;
  return cut === 'end' ? firstColumns(text, width - 1) + CUT : CUT + lastColumns(text, width - 1);
}

/** The longest beginning of at most `width` columns; accents stay with their letter. */
function firstColumns(text: string, width: number): string {
  let columns = 0;
  let end = 0;
  for (const character of text) {
    columns += characterWidth(character);
    if (columns > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The longest end of at most `width` columns. */
function lastColumns(text: string, width: number): string {
  let columns = 0;
  let start = text.length;
  for (const character of Array.from(text).toReversed()) {
    columns += characterWidth(character);
    if (columns > width) break;
    start -= character.length;
  }
  return text.slice(start).replace(/^[\p{Mn}\p{Me}]+/u, '');
}

/** Safe text in lines of at most `width` columns, broken at spaces; a word that is longer stands alone, whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
