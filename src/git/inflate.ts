import { inflateSync } from 'node:zlib';
import { CAN_FREE } from '../core/free-memory.ts';

/** A stream that is longer than its text by more than this was made to be. */
const MARGIN = 1024;
/** Room for a text, bytes, at least: with this much it is in memory of its own, which can be given back, and not in Node's pool. */
const LEAST_ROOM = CAN_FREE ? (Buffer.poolSize >>> 1) + 1 : 64;

/**
 * Bytes of a stream that a text of `size` bytes is packed into, in all likelihood no more; a stream may be
 * given with what follows it.
 */
export function likelyLength(size: number): number {
  return size + (size >> 10) + MARGIN;
}

/**
 * Unpacks a zlib stream that begins with `packed`, and of which that may be less or more than all. A stream of
 * more than `size` bytes is given up there, whatever it would become.
 * @returns exactly `size` bytes; `undefined` where it gives something else
 */
export function inflate(packed: Buffer, size: number): Buffer | undefined {
  try {
    const bytes = inflateSync(packed, { chunkSize: Math.max(LEAST_ROOM, size + 1), maxOutputLength: size + 1 });
    return bytes.length === size ? bytes : undefined;
  } catch {
    return undefined;
  }
}
