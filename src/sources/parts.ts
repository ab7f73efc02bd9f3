import type { LineRange } from '../core/chunk.ts';
import { countLineFeeds, countLines } from '../core/line-count.ts';
import { utf16Length } from '../git/diff.ts';

/** Bytes of a part; larger texts are handed on in several. */
export const PART_BYTES: number = 4 << 20;
/** Bytes that a part repeats of the one before, so that no secret is cut in two unseen. */
export const OVERLAP_BYTES: number = 16 << 10;

const LF = 10;

/** A piece of a text. `added` excludes whole lines that an earlier part has had; absent: all are new. */
export interface Part {
  readonly bytes: Buffer;
  readonly firstLine: number;
  readonly firstColumn: number;
  readonly added?: readonly LineRange[];
  readonly whole: boolean;
}

/**
 * Cuts a text that comes in pieces into parts, at line ends where it has them. Within a line longer
 * than a part the cut is at a character, and the repeated bytes count as new again, in the same
 * columns.
 */
export class PartCutter {
  readonly #size: number;
  readonly #overlap: number;
  readonly #feeds: (bytes: Uint8Array) => number;
  #line = 1;
  #column = 0;
  /** First line that no part has shown in full. */
  #fresh = 1;
  #first = true;
  #rest: Buffer = Buffer.alloc(0);
  #pieces: Uint8Array[] = [];
  /** Bytes of the pieces. */
  #waiting = 0;

  /** @param feeds counts line feeds */
  constructor(
    size: number = PART_BYTES,
    overlap: number = OVERLAP_BYTES,
    feeds: (bytes: Uint8Array) => number = countLineFeeds,
  ) {
    this.#size = size;
    this.#feeds = feeds;
    this.#overlap = Math.min(overlap, size >> 2);
  }

  /** Takes more text; the parts that are complete. Parts do not alias `bytes`. */
  push(bytes: Uint8Array): Part[] {
    // A stream may come in small pieces: they are put together when there is enough for a part.
    const isEnough = this.#rest.length + this.#waiting + bytes.length > this.#size;
    this.#pieces.push(isEnough ? bytes : Buffer.from(bytes));
    this.#waiting += bytes.length;
    if (!isEnough) return [];
    this.#join();
    const parts: Part[] = [];
    while (this.#rest.length > this.#size) {
      const { part, from } = this.next(this.#rest);
      parts.push(part);
      this.#rest = this.#rest.subarray(from);
    }
    return parts;
  }

  /** The last part, if anything is left. */
  finish(): Part | undefined {
    this.#join();
    return this.last(this.#rest);
  }

  /** For who keeps the text: the last part is all of `rest`. */
  last(rest: Buffer): Part | undefined {
    return rest.length === 0 ? undefined : this.#part(rest, countLines(rest, this.#feeds), true);
  }

  #join(): void {
    this.#rest = Buffer.concat([this.#rest, ...this.#pieces]);
    this.#pieces = [];
    this.#waiting = 0;
  }

  /**
   * For who keeps the text: the part that `rest` starts with, which is longer than a part, and the offset from which on
   * the next `rest` must have it. The part aliases `rest`.
   */
  next(rest: Buffer): { readonly part: Part; readonly from: number } {
    const lf = rest.lastIndexOf(LF, this.#size - 1);
    // A cut must lie beyond what is repeated, or it would not move on.
    if (lf + 1 > this.#overlap * 2) {
      const bytes = rest.subarray(0, lf + 1);
      const lines = countLines(bytes, this.#feeds);
      const part = this.#part(bytes, lines, false);
      const keptLf = rest.indexOf(LF, lf - this.#overlap);
      const from = keptLf < 0 ? lf + 1 : keptLf + 1;
      const repeated = countLines(rest.subarray(from, lf + 1), this.#feeds);
      this.#fresh = this.#line + lines;
      this.#line = this.#fresh - repeated;
      this.#column = 0;
      return { part, from };
    }
    let end = this.#size;
    while (end > this.#size - 4 && ((rest[end] ?? 0) & 0xc0) === 0x80) end--;
    let from = end - this.#overlap;
    const floor = Math.max(1, from - 4);
    while (from > floor && ((rest[from] ?? 0) & 0xc0) === 0x80) from--;
    const bytes = rest.subarray(0, end);
    const lastLf = bytes.lastIndexOf(LF);
    const lines = countLines(bytes, this.#feeds);
    const part = this.#part(bytes, lines, false);
    const lineStart = lastLf + 1;
    if (from < lineStart) from = lineStart;
    this.#column = utf16Length(rest.subarray(lineStart, from)) + (lastLf < 0 ? this.#column : 0);
    this.#line += lastLf < 0 ? 0 : lines - 1;
    this.#fresh = this.#line;
    return { part, from };
  }

  #part(bytes: Buffer, lines: number, last: boolean): Part {
    const whole = last && this.#first;
    this.#first = false;
    return {
      bytes,
      firstLine: this.#line,
      firstColumn: this.#column,
      whole,
      ...(this.#fresh > this.#line && { added: [{ first: this.#fresh, last: this.#line + lines - 1 }] }),
    };
  }
}

/** A whole text that is in memory, as one part or several. */
export function* cutParts(bytes: Buffer): Generator<Part> {
  if (bytes.length <= PART_BYTES) {
    if (bytes.length > 0) yield { bytes, firstLine: 1, firstColumn: 0, whole: true };
    return;
  }
  const cutter = new PartCutter();
  yield* cutter.push(bytes);
  const last = cutter.finish();
  if (last !== undefined) yield last;
}
