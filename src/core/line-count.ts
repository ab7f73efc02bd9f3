import type { Chunk } from './chunk.ts';

const LF = 10;
/** A line feed in each of four bytes, and all but the top bit of each. */
const FEEDS = 0x0a0a0a0a;
const LOW = 0x7f7f7f7f;

/** Line feeds, four bytes at a time: to look for each by itself takes longer than the line is long. */
export function countLineFeeds(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = bytes;
  let count = 0;
  let at = 0;
  // In bounds: each loop stops at `length`, or at the number of words.
  for (; at < length && ((byteOffset + at) & 3) !== 0; at++) if (bytes[at] === LF) count++;
  if (at === length) return count;
  const words = new Int32Array(buffer, byteOffset + at, (length - at) >> 2);
  for (let w = 0; w < words.length; w++) {
    const word = (words[w] as number) ^ FEEDS;
    // The top bit of each byte that is 0 now, and of no other.
    const feeds = ~(((word & LOW) + LOW) | word | LOW);
    if (feeds !== 0) count += Math.imul((feeds >>> 7) & 0x01010101, 0x01010101) >>> 24;
  }
  for (at += words.length * 4; at < length; at++) if (bytes[at] === LF) count++;
  return count;
}

/**
 * The lines of a chunk that are new. Of a line that is longer than a chunk, the first chunk has counted it.
 * @param feeds counts line feeds
 */
export function countNewLines(
  { bytes, added, firstLine, firstColumn = 0 }: Pick<Chunk, 'bytes' | 'added' | 'firstLine' | 'firstColumn'>,
  feeds: (bytes: Uint8Array) => number = countLineFeeds,
): number {
  const again = firstColumn > 0 && bytes.length > 0;
  if (added === undefined) return countLines(bytes, feeds) - (again ? 1 : 0);
  return added.reduce(
    (sum, { first, last }) => sum + last - first + 1 - (again && first <= firstLine && firstLine <= last ? 1 : 0),
    0,
  );
}

/** Lines, one without an end included. */
export function countLines(bytes: Uint8Array, feeds: (bytes: Uint8Array) => number = countLineFeeds): number {
  const count = feeds(bytes);
  return bytes.length > 0 && bytes[bytes.length - 1] !== LF ? count + 1 : count;
}
