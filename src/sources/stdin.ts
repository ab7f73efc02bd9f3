import type { Chunk, Origin, Skipped, Source } from '../core/chunk.ts';
import { skipped } from './diff-source.ts';
import { PartCutter, type Part } from './parts.ts';
import { toReadable } from './text.ts';

/** One text that comes as a stream, under a name that the caller gives. */
export function stdinSource(input: AsyncIterable<Uint8Array>, path = 'stdin'): Source {
  return {
    name: 'stdin',
    read: () => readStream(input, { source: 'stdin', path }),
  };
}

/**
 * A stream as chunks. What the first piece shows decides how it is read: plain text goes on in parts
 * without being kept, all else is collected (up to {@link COLLECT_BYTES}) and decoded.
 */
export async function* readStream(input: AsyncIterable<Uint8Array>, origin: Origin): AsyncGenerator<Chunk | Skipped> {
  const cutter = new PartCutter();
  let collected: Buffer[] | undefined;
  let size = 0;
  let first = true;
  for await (const piece of input) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (first && bytes.length > 0) {
      first = false;
      if (bytes.length < 4 || bytes[0] === 0xfe || bytes[0] === 0xff || bytes.includes(0)) collected = [];
    }
    size += bytes.length;
    if (collected === undefined) {
      for (const part of cutter.push(bytes)) yield toChunk(part, origin);
    } else if (size <= COLLECT_BYTES) {
      collected.push(bytes);
    }
  }
  if (collected === undefined) {
    const last = cutter.finish();
    if (last !== undefined) yield toChunk(last, origin);
    return;
  }
  if (size > COLLECT_BYTES) yield skipped(origin, 'too-large', true);
  const all = Buffer.concat(collected);
  const { bytes, binary } = toReadable(all);
  if (binary) yield skipped(origin, 'binary');
  for (const part of cutter.push(bytes)) yield toChunk(part, origin);
  const last = cutter.finish();
  if (last !== undefined) yield toChunk(last, origin);
}

/** Most that is kept in memory in order to decode it. */
const COLLECT_BYTES = 64 << 20;

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
