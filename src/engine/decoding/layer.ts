/** A text that another one encodes. */
export interface Layer {
  readonly bytes: Buffer;
  /** How it was encoded, for people: `Base64`, `percent-encoding`. */
  readonly encoding: string;
  /**
   * Bytes `[start, end)` of the outer text that encode bytes `[start, end)` of this one, in whole groups: four
   * characters of Base64, both digits of a byte, a whole escape.
   */
  readonly written: (start: number, end: number) => readonly [start: number, end: number];
  /** Whether a byte stands in the outer text as it is. */
  readonly plain?: (at: number) => boolean;
  /** The name of a file that is written so, where that is known: it decides how names and values are read. */
  readonly fileName?: string;
  /** A token or a source map: it names many things, and only what has a shape of its own counts in it. */
  readonly strict?: boolean;
}

/** Bytes `[starts[i], ends[i])` of a text encode byte `i` of another. */
export function writtenBy(starts: Uint32Array, ends: Uint32Array): Layer['written'] {
  return (start, end) => [starts[start] ?? 0, ends[Math.max(start, end - 1)] ?? 0];
}
