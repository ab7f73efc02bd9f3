import type { View } from './view.ts';

/** Bytes to either side in which a rule's words are looked for, unless it says otherwise. */
export const NEAR_BYTES = 256;
/** No word that must be near is longer, in bytes. */
export const LONGEST_WORD = 64;

/** What a rule wants to stand near its match; any rule. */
export interface NearWords {
  /** Lower case; one of them is enough. */
  readonly near?: readonly string[];
  readonly nearBytes?: number;
}

/** Whether one of the words stands near bytes `[start, end)` or within, or in the path; true where no words are asked for. */
export function isNear(words: NearWords, view: View, start: number, end: number): boolean {
  const { nearBytes = NEAR_BYTES } = words;
  return words.near === undefined || firstWordEnd(words.near, view, start - nearBytes, end + nearBytes) !== undefined;
}

/** The same for what stands around, and not within: a long match of random characters spells short words by chance. */
export function isBeside(words: NearWords, view: View, start: number, end: number): boolean {
  const { near, nearBytes = NEAR_BYTES } = words;
  if (near === undefined) return true;
  const found = firstWordEnd(near, view, start - nearBytes, start) ?? firstWordEnd(near, view, end, end + nearBytes);
  return found !== undefined;
}

/**
 * Where in bytes `[start, end)` the first of the words ends, in absolute bytes, whichever began first; where one stands in
 * the path, the start. `undefined`: none is there.
 */
export function firstWordEnd(near: readonly string[], view: View, start: number, end: number): number | undefined {
  const path = view.chunk.origin.path.toLowerCase();
  const from = Math.max(0, start);
  const text = view.latin1(from, end).toLowerCase();
  let first: number | undefined;
  for (const word of near) {
    if (path.includes(word)) return from;
    const at = text.indexOf(word);
    if (at >= 0) first = Math.min(first ?? Infinity, from + at + word.length);
  }
  return first;
}
