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

/** Whether such a literal is the start of an escape: `%` stands in numbers and formats, too. */
export function isEscape(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] !== PERCENT || hexByte(bytes, offset + 1) < 256;
}

const PERCENT = 37;
