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

/** Whether one of the words stands near bytes `[start, end)`, or in the path; true where no words are asked for. */
export function isNear({ near, nearBytes = NEAR_BYTES }: NearWords, view: View, start: number, end: number): boolean {
  if (near === undefined) return true;
  const around = view.latin1(start - nearBytes, end + nearBytes).toLowerCase();
  const path = view.chunk.origin.path.toLowerCase();
  return near.some((word) => around.includes(word) || path.includes(word));
}
