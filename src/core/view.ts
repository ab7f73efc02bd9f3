import type { Chunk } from './chunk.ts';
import { countLines } from './line-count.ts';

const LF = 10;

/**
 * Read access to a chunk's bytes. Windows are taken as Latin-1, one UTF-16 unit per byte, so that
 * an index into the window plus its start is a byte offset. Text stays bytes until a candidate.
 */
export class View {
  readonly chunk: Chunk;
  readonly bytes: Buffer;
  /** The file name in lower case, without folders. */
  readonly fileName: string;
  /**
   * Nameless tokens that were met in it, or in what of it is new, once it has been looked at: how many there are speaks for or
   * against each. Counting ends at some hundred.
   */
  tokens = 0;
  #added: Uint32Array | undefined;

  /** @param fileName in lower case, where the text is not what the chunk's path names */
  constructor(chunk: Chunk, fileName?: string) {
    this.chunk = chunk;
    const { bytes } = chunk;
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { path } = chunk.origin;
    this.fileName = fileName ?? path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  }

  /**
   * Whether bytes `[start, end)`, rounded to whole lines, hold part of a line that is new. Always true
   * where every line is.
   */
  touchesNew(start: number, end: number): boolean {
    if (this.chunk.added === undefined && this.chunk.changed === undefined) return true;
    const ranges = this.newRanges();
    // The first range that ends after `start`: a hunk may have very many.
    let low = 0;
    let high = ranges.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle * 2 + 1] ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    return low < ranges.length >> 1 && (ranges[low * 2] ?? 0) < end;
  }

  /** Starts and ends, in bytes, half-open and in order, of what is new. */
  newRanges(): Uint32Array {
    return (this.#added ??=
      this.chunk.changed ??
      (this.chunk.added === undefined ? Uint32Array.of(0, this.bytes.length) : addedBytes(this.chunk, this.bytes)));
  }

  /** From here on, in bytes, everything is new. */
  newFrom(): number {
    const { length } = this.bytes;
    if (this.chunk.added === undefined && this.chunk.changed === undefined) return 0;
    const ranges = this.newRanges();
    return ranges.at(-1) === length ? (ranges.at(-2) ?? length) : length;
  }

  /** Bytes `[start, end)`, clipped to the chunk, as Latin-1. */
  latin1(start: number, end: number): string {
    return this.bytes.latin1Slice(Math.max(0, start), Math.min(this.bytes.length, end));
  }

  /** Bytes `[start, end)`, clipped to the chunk, as UTF-8. */
  utf8(start: number, end: number): string {
    return this.bytes.utf8Slice(Math.max(0, start), Math.min(this.bytes.length, end));
  }

  /** Offset of the first byte of the line that holds `offset`, looking back `limit` bytes at most. */
  lineStart(offset: number, limit = 4096): number {
    const floor = Math.max(0, offset - limit);
    let at = offset;
    while (at > floor && this.bytes[at - 1] !== LF) at--;
    return at;
  }

  /** Offset of the line's end (its `\n`, or the chunk's end), looking ahead `limit` bytes at most. */
  lineEnd(offset: number, limit = 4096): number {
    const ceiling = Math.min(this.bytes.length, offset + limit);
    let at = offset;
    while (at < ceiling && this.bytes[at] !== LF) at++;
    return at;
  }
}

const FEW_LINES = 1000;

/** Starts and ends, in bytes, of the ranges of lines that are new. */
function addedBytes({ added = [], firstLine }: Chunk, bytes: Buffer): Uint32Array {
  const ranges = new Uint32Array(added.length * 2);
  let line = firstLine;
  let at = 0;
  const skipTo = (wanted: number): number => {
    while (line < wanted && at < bytes.length) {
      const lf = bytes.indexOf(LF, at);
      at = lf < 0 ? bytes.length : lf + 1;
      line++;
    }
    return at;
  };
  for (const [index, { first, last }] of added.entries()) {
    ranges[index * 2] = skipTo(first);
    // A part of a large file ends in new lines: to count them is quicker than to find each.
    const toEnd = index === added.length - 1 && last - line > FEW_LINES;
    const isEnd = toEnd && line + countLines(bytes.subarray(at)) <= last + 1;
    ranges[index * 2 + 1] = isEnd ? bytes.length : skipTo(last + 1);
  }
  return ranges;
}

/** A place in a text. Line from 1, column in UTF-16 units from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Turns byte offsets into places; asked in rising order it reads the chunk once. */
export class LineCounter {
  readonly #view: View;
  #offset = 0;
  #line: number;
  #lineStart = 0;

  constructor(view: View) {
    this.#view = view;
    this.#line = view.chunk.firstLine;
  }

  at(offset: number): Place {
    const { bytes, chunk } = this.#view;
    if (offset < this.#lineStart) {
      this.#offset = 0;
      this.#lineStart = 0;
      this.#line = chunk.firstLine;
    }
    for (;;) {
      const next = bytes.indexOf(LF, this.#offset);
      if (next < 0 || next >= offset) break;
      this.#offset = next + 1;
      this.#lineStart = next + 1;
      this.#line++;
    }
    const before = bytes.utf8Slice(this.#lineStart, offset).length;
    const cut = this.#lineStart === 0 ? (chunk.firstColumn ?? 0) : 0;
    return { line: this.#line, column: before + cut + 1 };
  }
}
