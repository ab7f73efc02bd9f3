import type { Chunk, Quiet, ReadOptions, Skipped, Source } from '../../src/core/chunk.ts';

export interface ReadResult {
  readonly chunks: readonly Chunk[];
  readonly quiet: readonly Quiet[];
  readonly skipped: readonly Skipped[];
}

/** Reads a source to its end. */
export async function readSource(source: Source, options?: ReadOptions): Promise<ReadResult> {
  const chunks: Chunk[] = [];
  const quiet: Quiet[] = [];
  const skipped: Skipped[] = [];
  for await (const item of source.read(options)) {
    if (item.kind === 'chunk') chunks.push(item);
    else if (item.kind === 'quiet') quiet.push(item);
    else if (item.kind === 'skipped') skipped.push(item);
  }
  return { chunks, quiet, skipped };
}

/** A line that a source gave as new. */
export interface NewLine {
  readonly path: string;
  readonly line: number;
  /** Latin-1, without its end. */
  readonly text: string;
}

/** The new lines of chunks, in order. */
export function newLinesOf(chunks: readonly Chunk[]): NewLine[] {
  const result: NewLine[] = [];
  for (const { bytes, firstLine, added, origin } of chunks) {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const [index, text] of lines.entries()) {
      const line = firstLine + index;
      if (added === undefined || added.some(({ first, last }) => first <= line && line <= last)) {
        result.push({ path: origin.path, line, text });
      }
    }
  }
  return result;
}
