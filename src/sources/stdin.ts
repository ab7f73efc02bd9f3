import type { Chunk, Origin, Skipped, Source } from '../core/chunk.ts';
import { skipped } from './diff-source.ts';
import { PartCutter, type Part } from './parts.ts';
import { toReadable } from './text.ts';

/** One text that comes as a stream, under a name that the caller gives. */
export function stdinSource(input: AsyncIterable<Uint8Array>, path = 'stdin'): Source {
  return {
    name: 'stdin',
    async *read(): AsyncGenerator<Chunk | Skipped> {
      const origin: Origin = { source: 'stdin', path };
      const cutter = new PartCutter();
      for await (const item of readableStream(input)) {
        if (item === 'binary') yield skipped(origin, 'binary');
        else if (item === 'too-large') yield skipped(origin, 'too-large', true);
        else for (const part of cutter.push(item)) yield toChunk(part, origin);
      }
      const last = cutter.finish();
      if (last !== undefined) yield toChunk(last, origin);
    },
  };
}

/** Most that is kept in memory in order to decode it. */
const COLLECT_BYTES = 64 << 20;

/**
 * A stream as readable text. What its first piece shows decides: plain text passes without being kept,
 * all else is collected up to 64 MiB and decoded. Says first what was not, or not wholly, text.
 */
export async function* readableStream(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer | 'binary' | 'too-large'> {
  let collected: Buffer[] | undefined;
  let size = 0;
  for await (const piece of input) {
    if (piece.length === 0) continue;
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (size === 0 && (bytes.length < 4 || bytes[0] === 0xfe || bytes[0] === 0xff || bytes.includes(0))) collected = [];
    size += bytes.length;
    if (collected === undefined) yield bytes;
    else if (size <= COLLECT_BYTES) collected.push(bytes);
  }
  if (collected === undefined) return;
  if (size > COLLECT_BYTES) yield 'too-large';
  const { bytes, binary } = toReadable(Buffer.concat(collected));
  if (binary) yield 'binary';
  yield bytes;
}

/** A part of a text that has no "before". */
export function toChunk(part: Part, origin: Origin): Chunk {
  return {
    kind: 'chunk',
    origin,
    bytes: part.bytes,
    firstLine: part.firstLine,
    ...(part.firstColumn > 0 && { firstColumn: part.firstColumn }),
    ...(part.added !== undefined && { added: part.added }),
    whole: part.whole,
    newFile: true,
  };
}
