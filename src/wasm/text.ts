/** The text that is looked at, and what its bytes may be; in AssemblyScript, as all of this folder. */

/** Sets of bits that `kindOf` gives; `src/detectors/value-gate.ts` makes the table. */
export const BLANK: u32 = 1;
export const QUOTE: u32 = 2;
export const WORD: u32 = 4;
export const DIGIT: u32 = 8;
export const TYPE: u32 = 16;
export const SIGN: u32 = 32;
export const FOLLOWS: u32 = 64;
export const NAME: u32 = 128;

export const TAB: u32 = 9;
export const LF: u32 = 10;
export const CR: u32 = 13;
export const SPACE: u32 = 32;
export const BACKSLASH: u32 = 92;

/** The text's first byte, and the one behind its last, as addresses. */
export let textFrom: usize = 0;
export let textTo: usize = 0;
/** How its file writes values, as `src/detectors/value-gate.ts` numbers it. */
export let textFormat: u32 = 0;
/** A table of the bits of each byte. */
let kinds: usize = 0;

export function setText(from: usize, to: usize, format: u32, kindTable: usize): void {
  textFrom = from;
  textTo = to;
  textFormat = format;
  kinds = kindTable;
}

/** The byte at an address; 0 outside the text. */
export function byteAt(at: usize): u32 {
  return at >= textFrom && at < textTo ? <u32>load<u8>(at) : 0;
}

export function kindOf(at: usize): u32 {
  return at >= textFrom && at < textTo ? <u32>load<u8>(kinds + <usize>load<u8>(at)) : 0;
}

/** Where no blank stands any more, or after `most` of them. */
export function pastBlanks(from: usize, most: usize): usize {
  let at = from;
  while (at < from + most && (kindOf(at) & BLANK) != 0) at++;
  return at;
}

/** From `at` down, past at most four blanks. */
export function beforeBlanks(at: usize): usize {
  let from = at;
  while (from > at - 4 && (kindOf(from) & BLANK) != 0) from--;
  return from;
}

export function isWhite(byte: u32): bool {
  return byte == SPACE || (byte >= TAB && byte <= CR) || byte == 0xa0;
}
