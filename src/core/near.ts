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
  return words.near === undefined || firstWord(words.near, view, start - nearBytes, end + nearBytes) !== undefined;
}

/** The same for what stands around, and not within: a long match of random characters spells short words by chance. */
export function isBeside(words: NearWords, view: View, start: number, end: number): boolean {
  const { near, nearBytes = NEAR_BYTES } = words;
  if (near === undefined) return true;
  const found = firstWord(near, view, start - nearBytes, start) ?? firstWord(near, view, end, end + nearBytes);
  return found !== undefined;
}

/**
 * The first of the words in bytes `[start, end)`, in absolute bytes; of those that begin at one place the shortest.
 * One in the path stands before all of them.
 */
export function firstWord(
  near: readonly string[],
  view: View,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } | undefined {
  const path = view.chunk.origin.path.toLowerCase();
  const from = Math.max(0, start);
  const text = view.latin1(from, end).toLowerCase();
  let first: { readonly start: number; readonly end: number } | undefined;
  for (const word of near) {
    if (path.includes(word)) return { start: from, end: from };
    const at = text.indexOf(word);
    if (at < 0) continue;
    const found = { start: from + at, end: from + at + word.length };
    if (first === undefined || found.start < first.start || (found.start === first.start && found.end < first.end))
      first = found;
  }
  return first;
}
