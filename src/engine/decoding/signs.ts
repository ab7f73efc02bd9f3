/**
 * Signs that text is encoded somewhere, cheap enough to be looked for in every text. What they lead to is decoded by
 * `runs.ts` and `escapes.ts`, which are loaded when one is met.
 */
import { LEAST_RUN, TOKEN } from '../../core/token-byte.ts';

/** How a run encodes: letters and digits of Base64 (either alphabet), or pairs of hexadecimal digits. */
export const BASE64 = 0;
export const HEX = 1;

/** Bytes from one place that is looked at to the next. */
const STEP = 12;
/** Characters of Base64 that are looked at: 12 bytes. */
const LOOK = 16;
/** The same of hexadecimal. */
const LOOK_HEX = 24;

/** Values of the characters of Base64, https://www.rfc-editor.org/rfc/rfc4648#section-5 included; 255 for others. */
export const SIX_BITS: Uint8Array = new Uint8Array(256).fill(255);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < 64; value++) SIX_BITS[ALPHABET.charCodeAt(value)] = value;
SIX_BITS[45] = 62; // -
SIX_BITS[95] = 63; // _

/** Values of hexadecimal digits; 256 for others. */
const FOUR_BITS = new Uint16Array(256).fill(256);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  FOUR_BITS[digit.charCodeAt(0)] = value;
  FOUR_BITS[digit.toUpperCase().charCodeAt(0)] = value;
}

/** 1 for printable ASCII, tab and line ends. */
export const TEXT: Uint8Array = new Uint8Array(256);
TEXT.fill(1, 0x20, 0x7f);
for (const byte of [9, 10, 13]) TEXT[byte] = 1;

// Of four characters of Base64, which three bytes of such text can make; and of UTF-16, whose every other
// byte is 0: the groups x0x and 0x0.
const FIRST = 1;
const SECOND = 2;
const THIRD = 4;
const X0X_SECOND = 8;
const X0X_THIRD = 16;
const ZERO = 32;
const OXO_SECOND = 64;
const OXO_THIRD = 128;
const FITS = new Uint8Array(256);
/** Whether a character may be the first of a group of text, of x0x, of 0x0, and whether it is a hexadecimal digit. */
const OF_TEXT = 1;
const OF_X0X = 2;
const OF_0X0 = 4;
const IS_HEX = 8;
/** @see RunOf.hints */
export const HINTS: Uint8Array = new Uint8Array(256);
for (let character = 0; character < 256; character++) {
  const value = SIX_BITS[character] ?? 255;
  if (value > 63) continue;
  let bits = 0;
  if (value === 2 || value === 3 || (value >= 8 && value < 32)) bits |= FIRST;
  if ((value & 15) === 0 || ((value & 15) >= 2 && (value & 15) < 8)) bits |= SECOND;
  if ((value & 3) < 2) bits |= THIRD;
  if ((value & 15) === 0) bits |= X0X_SECOND;
  if (value < 2) bits |= X0X_THIRD;
  if (value === 0) bits |= ZERO;
  if (value < 8) bits |= OXO_SECOND;
  if ((value & 3) === 0) bits |= OXO_THIRD;
  FITS[character] = bits;
  HINTS[character] =
    ((bits & FIRST) === 0 ? 0 : OF_TEXT | OF_X0X) |
    ((bits & ZERO) === 0 ? 0 : OF_0X0) |
    ((FOUR_BITS[character] ?? 256) > 15 ? 0 : IS_HEX);
}

/**
 * The first place from `from` on, as far as it looks, at which a text starts or goes on: twice its offset and
 * one of {@link BASE64} and {@link HEX}; -1 where there is none. A text in 24 characters (36 in hexadecimal)
 * is seen wherever it stands, a shorter one where it starts at `from`.
 * @param end of the run
 */
export function nextEncoded(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + LOOK <= end; at += STEP) {
    // Most runs are names: a few look-ups and one branch rule out nearly all of them.
    const a = groupsAt(bytes, at, HINTS);
    const b = groupsAt(bytes, at + 1, HINTS);
    const c = groupsAt(bytes, at + 2, HINTS);
    const d = groupsAt(bytes, at + 3, HINTS);
    const hex = a & b & c & d & IS_HEX;
    if (((a | b | c | d) & ~IS_HEX) === 0 && hex === 0) continue;
    if ((a & ~IS_HEX) !== 0 && startsText(bytes, at)) return at * 2 + BASE64;
    if ((b & ~IS_HEX) !== 0 && at + 1 + LOOK <= end && startsText(bytes, at + 1)) return at * 2 + 2 + BASE64;
    if ((c & ~IS_HEX) !== 0 && at + 2 + LOOK <= end && startsText(bytes, at + 2)) return at * 2 + 4 + BASE64;
    if ((d & ~IS_HEX) !== 0 && at + 3 + LOOK <= end && startsText(bytes, at + 3)) return at * 2 + 6 + BASE64;
    if (hex === 0) continue;
    if (at + LOOK_HEX <= end && isHex(bytes, at)) return at * 2 + HEX;
    if (at + 1 + LOOK_HEX <= end && isHex(bytes, at + 1)) return at * 2 + 2 + HEX;
  }
  return -1;
}

/** Whether `nextEncoded` would look closer at some place of a run: the same for any table of hints, as the loops in WebAssembly do it. */
export function mayHide(bytes: Uint8Array, from: number, end: number, hints: Uint8Array): boolean {
  for (let at = from; at + LOOK <= end; at += STEP) {
    const a = groupsAt(bytes, at, hints);
    const b = groupsAt(bytes, at + 1, hints);
    const c = groupsAt(bytes, at + 2, hints);
    const d = groupsAt(bytes, at + 3, hints);
    if ((((a | b | c | d) & ~IS_HEX) | (a & b & c & d)) !== 0) return true;
  }
  return false;
}

// In bounds, all that follow: `nextEncoded` has seen to it.

/** What the first characters of three groups may be, together: of text, of UTF-16 (the second of the other kind), digits. */
function groupsAt(bytes: Uint8Array, at: number, hints: Uint8Array): number {
  const outer = (hints[bytes[at] as number] as number) & (hints[bytes[at + 8] as number] as number);
  const inner = hints[bytes[at + 4] as number] as number;
  return (outer & inner & (OF_TEXT | IS_HEX)) | (outer & (inner >> 1) & OF_X0X) | (outer & (inner << 1) & OF_0X0);
}

function startsText(bytes: Uint8Array, start: number): boolean {
  return isText(bytes, start) || isWide(bytes, start, true) || isWide(bytes, start, false);
}

function isText(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < start + LOOK; at += 4) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = SIX_BITS[bytes[at + 3] as number] as number;
    const fits =
      ((FITS[a] as number) & FIRST) !== 0 &&
      ((FITS[b] as number) & SECOND) !== 0 &&
      ((FITS[c] as number) & THIRD) !== 0 &&
      d < 64;
    if (!fits) return false;
    const bits = ((SIX_BITS[a] as number) << 18) | ((SIX_BITS[b] as number) << 12) | ((SIX_BITS[c] as number) << 6) | d;
    if (TEXT[bits >> 16] !== 1 || TEXT[(bits >> 8) & 255] !== 1 || TEXT[bits & 255] !== 1) return false;
  }
  return true;
}

/** @param lit the first byte is no 0 */
function isWide(bytes: Uint8Array, start: number, lit: boolean): boolean {
  let x0x = lit;
  for (let at = start; at < start + LOOK; at += 4, x0x = !x0x) {
    const a = FITS[bytes[at] as number] as number;
    const b = FITS[bytes[at + 1] as number] as number;
    const c = FITS[bytes[at + 2] as number] as number;
    const d = bytes[at + 3] as number;
    const fits = x0x
      ? (a & FIRST) !== 0 && (b & X0X_SECOND) !== 0 && (c & X0X_THIRD) !== 0 && (SIX_BITS[d] as number) < 64
      : (a & ZERO) !== 0 && (b & OXO_SECOND) !== 0 && (c & OXO_THIRD) !== 0 && ((FITS[d] as number) & ZERO) !== 0;
    if (!fits) return false;
  }
  return true;
}

function isHex(bytes: Uint8Array, start: number): boolean {
  let zeros = -1;
  for (let i = 0; i < LOOK_HEX / 2; i++) {
    const byte = hexByte(bytes, start + i * 2);
    if (byte > 255) return false;
    // In UTF-16 every other byte is 0.
    if (byte === 0 && zeros < 0 && i < 2) zeros = i;
    if (zeros >= 0 && (i & 1) === zeros ? byte !== 0 : TEXT[byte] !== 1) return false;
  }
  return true;
}

/** The byte that two hexadecimal digits make; more than 255 where they are none. */
export function hexByte(bytes: Uint8Array, at: number): number {
  const high = FOUR_BITS[bytes[at] ?? 0] ?? 256;
  const low = FOUR_BITS[bytes[at + 1] ?? 0] ?? 256;
  return (high << 4) | low;
}

/** What may hide a text in a chunk. Offsets are bytes. */
export interface Encodings {
  /** Starts and ends of runs, in order. */
  readonly runs: readonly number[];
  /** Offsets of escapes such as `%3a`, `\x41`, `\u0041` and `&#65;`, in order. */
  readonly escapes: readonly number[];
}

/** Whether a run may hold a text; see {@link nextEncoded}. */
export function isEncoded(bytes: Buffer, start: number, end: number): boolean {
  return nextEncoded(bytes, start, end) >= 0 && !(end - start > LONG && isPacked(bytes, start));
}

/** Bytes of a run from which on it is worth asking whether it is a picture. */
const LONG = 256;
/** How pictures, fonts and what is compressed start, in Base64: PNG, JPEG, GIF, WebP, WOFF, WOFF 2, gzip, ZIP, Zstandard. */
const PACKED = ['iVBORw0KGgo', '/9j/', 'R0lGOD', 'UklGR', 'd09GR', 'd09GMg', 'H4sI', 'UEsDB', 'KLUv/'];

function isPacked(bytes: Buffer, start: number): boolean {
  const head = bytes.latin1Slice(start, start + 12);
  return PACKED.some((signature) => head.startsWith(signature));
}

/** Whether a run of token characters that ends at `end`, in the text of a diff, may hold a text; the mark of its line is no part of it. */
export function isEncodedBefore(bytes: Uint8Array, end: number): boolean {
  let start = end;
  while (start > 0 && TOKEN[bytes[start - 1] as number] !== 0) start--;
  if (start === 0 || bytes[start - 1] === LF) start++;
  return end - start >= LEAST_RUN && nextEncoded(bytes, start, end) >= 0;
}

const LF = 10;

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
  if (mark === AMPERSAND) {
    const first = bytes[offset + 2] ?? 0;
    return bytes[offset + 1] !== HASH || (first >= ZERO_DIGIT && first <= NINE_DIGIT) || (first | 32) === SMALL_X;
  }
  const digits = mark === PERCENT ? offset + 1 : bytes[offset + 1] === SMALL_X ? offset + 2 : offset + 4;
  return hexByte(bytes, digits) < DELETE;
}

const PERCENT = 37;
const AMPERSAND = 38;
const HASH = 35;
const ZERO_DIGIT = 48;
const NINE_DIGIT = 57;
const SMALL_X = 120;
const DELETE = 127;
