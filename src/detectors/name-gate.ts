import { credentialName } from '../core/credential-name.ts';
import { isNameByte } from './name-byte.ts';

/** Longest name, in bytes to either side of the word in it. */
export const NAME_LIMIT = 96;

const NAME_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => Number(isNameByte(byte)));

/** What has been told of names with a word at some place in them: a table of hashes, and the names themselves. */
const SLOTS = 1 << 16;
const MOST_NAMES = SLOTS / 4;
/** Names that one is compared with before it is asked for anew. */
const MOST_PROBES = 64;
const slots = new Uint16Array(SLOTS);
const starts = new Uint32Array(MOST_NAMES + 1);
const places = new Uint8Array(MOST_NAMES + 1);
const told = new Uint8Array(MOST_NAMES + 1);
let names = Buffer.alloc(0);
let count = 0;

/**
 * Whether a word of credentials, `length` bytes at `hit`, can lead to a value: it is the first such word of a name
 * that means a credential, and what follows the name may go with a value. Of a million such words in code
 * a fifth can; this asks bytes and makes no string of a name that it has seen before.
 * @param words those that lead here, in small letters
 */
export function mayBeGiven(bytes: Buffer, hit: number, length: number, words: readonly string[]): boolean {
  let end = hit + length;
  const last = Math.min(bytes.length, end + NAME_LIMIT);
  // In bounds: end < last <= bytes.length, and start > 0; a byte is an index of the table.
  while (end < last && NAME_BYTE[bytes[end] as number] === 1) end++;
  let start = hit;
  const first = Math.max(0, hit - NAME_LIMIT);
  while (start > first && NAME_BYTE[bytes[start - 1] as number] === 1) start--;
  return !leadsNowhere(bytes, start, end) && meansCredential(bytes, start, end, hit - start, words);
}

function meansCredential(bytes: Buffer, start: number, end: number, place: number, words: readonly string[]): boolean {
  // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = Math.imul(0x811c9dc5 ^ place, 0x01000193);
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  let slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  for (let index = slots[slot] as number, probes = 0; index !== 0; index = slots[slot] as number) {
    if (places[index] === place && isName(bytes, start, end, index)) return told[index] === 1;
    // Names can be chosen so that they have one hash.
    if (++probes === MOST_PROBES) return leads(bytes.latin1Slice(start, end), place, words);
    slot = (slot + 1) & (SLOTS - 1);
  }
  const name = bytes.latin1Slice(start, end);
  const means = leads(name, place, words);
  if (count === MOST_NAMES || (starts[count + 1] ?? 0) + name.length > names.length) forget();
  count++;
  const at = starts[count] ?? 0;
  bytes.copy(names, at, start, end);
  starts[count + 1] = at + name.length;
  places[count] = place;
  told[count] = means ? 1 : 0;
  // A table that has been emptied has room anywhere.
  while (slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
  slots[slot] = count;
  return means;
}

/** Whether this is the first of these words in a name that means a credential. */
function leads(name: string, place: number, words: readonly string[]): boolean {
  const before = name.slice(0, place).toLowerCase();
  return !words.some((word) => before.includes(word)) && credentialName(name.replace(/[.-]+$/, '')) !== undefined;
}

function isName(bytes: Buffer, start: number, end: number, index: number): boolean {
  const from = starts[index] as number;
  if ((starts[index + 1] as number) - from !== end - start) return false;
  for (let at = 0; at < end - start; at++) if (bytes[start + at] !== names[from + at]) return false;
  return true;
}

function forget(): void {
  if (names.length === 0) names = Buffer.alloc(MOST_NAMES * 32);
  slots.fill(0);
  count = 0;
  starts[1] = 0;
}

const SPACE = 32;
const TAB = 9;

/** What comes behind the name rules a value out: the end of a call or block without a choice behind it, arguments that are no literal. */
function leadsNowhere(bytes: Buffer, start: number, end: number): boolean {
  const next = bytes[end] ?? 0;
  switch (next) {
    case 0x29: // )
    case 0x7d: // }
      return !isChosen(bytes, end);
    case 0x28: // (
      return startsNoLiteral(bytes[pastBlanks(bytes, end + 1, 4)]);
    case SPACE:
    case TAB: {
      const behind = bytes[pastBlanks(bytes, end, 40)];
      // ) { } & ;
      const isSign = behind === 0x29 || behind === 0x7b || behind === 0x7d || behind === 0x26 || behind === 0x3b;
      if (!isSign) return false;
      // It may be the name in `value: "x", name: password }`.
      const before = beforeBlanks(bytes, start);
      return before !== 0x3a && before !== 0x3d; // : =
    }
    default:
      return false;
  }
}

/** Brackets and quotes, blanks, and then `||`, `??`, `or`, `?:` or `:-`. */
function isChosen(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at < from + 3 && (bytes[at] === 0x29 || bytes[at] === 0x7d || bytes[at] === 0x5d || isQuote(bytes[at]))) at++;
  const sign = bytes[pastBlanks(bytes, at, 8)];
  return sign === 0x7c || sign === 0x3f || sign === 0x3a || sign === 0x6f || sign === 0x4f; // | ? : o O
}

/** The end of arguments, or a letter that no prefix of a string begins with. */
function startsNoLiteral(byte: number | undefined): boolean {
  if (byte === 0x29) return true;
  return byte !== undefined && 'adeghijkmotvwxyzADEGHIJKMOTVWXYZ'.includes(String.fromCharCode(byte));
}

function isQuote(byte: number | undefined): boolean {
  return byte === 0x22 || byte === 0x27;
}

/** Where no blank stands any more, or after `most` of them. */
function pastBlanks(bytes: Buffer, from: number, most: number): number {
  let at = from;
  while (at < from + most && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

/** The byte before `start` and at most four blanks. */
function beforeBlanks(bytes: Buffer, start: number): number | undefined {
  let at = start - 1;
  while (at > start - 5 && (bytes[at] === SPACE || bytes[at] === TAB)) at--;
  return bytes[at];
}
