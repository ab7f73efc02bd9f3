/** Whether memory can be given back before it is collected: https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer */
export const CAN_FREE: boolean = 'transfer' in ArrayBuffer.prototype;

/**
 * Gives back the memory of a buffer at once, which is then empty: what waits to be collected adds up. Where Node is too
 * old for that, it waits. No part of it may be in use.
 */
export function freeMemory(buffer: ArrayBufferLike): void {
  if (!CAN_FREE) return;
  // Not in the types of the oldest Node that we run on.
  (buffer as ArrayBuffer & { transfer(size: number): ArrayBuffer }).transfer(0);
}

/**
 * The same of the memory that a buffer is the beginning of, of which nobody else may have a part. Nothing where it may be
 * Node's pool, of which many have parts, none as large as half of it: https://nodejs.org/api/buffer.html#bufferpoolsize
 */
export function release({ buffer, byteOffset, length }: Buffer): void {
  const mayBePool = buffer.byteLength >= Buffer.poolSize && length < Buffer.poolSize >>> 1;
  if (byteOffset === 0 && !mayBePool) freeMemory(buffer);
}
