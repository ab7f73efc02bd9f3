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

/** Where the name starts that holds the byte at `hit`. */
export function nameStart(bytes: Uint8Array, hit: number): number {
  let start = hit;
  const first = Math.max(0, hit - NAME_LIMIT);
  // In bounds: start > 0; a byte is an index of the table.
  while (start > first && NAME_BYTE[bytes[start - 1] as number] === 1) start--;
  return start;
}

/** Where the name ends that goes on at `from`. */
export function nameEnd(bytes: Uint8Array, from: number): number {
  let end = from;
  const last = Math.min(bytes.length, from + NAME_LIMIT);
  // In bounds: end < last <= bytes.length.
  while (end < last && NAME_BYTE[bytes[end] as number] === 1) end++;
  return end;
}

/**
 * Whether the word of credentials at `start + place` is the first such word in the name at bytes `[start, end)`, and
 * that name means a credential. No string is made of a name that has been seen before.
 * @param words those that lead here, in small letters
 */
export function meansCredential(
  bytes: Buffer,
  start: number,
  end: number,
  place: number,
  words: readonly string[],
): boolean {
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
