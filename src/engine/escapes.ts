import { hexByte } from './encoded-run.ts';

const DIGITS_OF_TEXT = ['2', '3', '4', '5', '6', '7'];

/**
 * Literals that escapes of printable ASCII start with: in URLs, in the strings of many languages, in HTML and
 * XML; and the end tag of markup that is written as text. The prefilter looks for them.
 */
export const ESCAPE_ANCHORS: readonly string[] = [
  ...DIGITS_OF_TEXT.map((digit) => `%${digit}`),
  ...DIGITS_OF_TEXT.map((digit) => `\\x${digit}`),
  ...DIGITS_OF_TEXT.map((digit) => `\\u00${digit}`),
  '&#',
  '&lt;/',
];

/** Whether such a literal is the start of an escape of a character that text has: `%` stands in numbers and formats, and bytes that are no text are escaped, too. */
export function isEscape(bytes: Uint8Array, offset: number): boolean {
  const mark = bytes[offset];
  if (mark === AMPERSAND) return true;
  const digits = mark === PERCENT ? offset + 1 : bytes[offset + 1] === SMALL_X ? offset + 2 : offset + 4;
  return hexByte(bytes, digits) < DELETE;
}

const PERCENT = 37;
const AMPERSAND = 38;
const SMALL_X = 120;
const DELETE = 127;
