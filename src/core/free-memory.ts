/**
 * Gives back the memory of a buffer at once, which is then empty: large ones that wait to be collected are many. Where Node is too
 * old for that (https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer), they wait. No part of it may be in use.
 */
export function freeMemory(buffer: ArrayBufferLike): void {
  if (!('transfer' in buffer)) return;
  // Not in the types of the oldest Node that we run on.
  (buffer as ArrayBuffer & { transfer(size: number): ArrayBuffer }).transfer(0);
}

/** The same of the memory that a buffer is the beginning of; nothing where that is small. */
export function release({ buffer, byteOffset }: Buffer): void {
  // Small ones may be parts of memory that others have parts of.
  if (byteOffset === 0 && buffer.byteLength > Buffer.poolSize) freeMemory(buffer);
}
