/**
 * Marvin32, Microsoft's keyed 32-bit hash.
 *
 * @param seed 8 ASCII characters, read as a big-endian 64-bit number
 */
export function marvin32(data: Uint8Array, seed: string): number {
  const key = Buffer.from(seed, 'latin1');
  const [p0, p1] = marvinState(data, key.readUInt32BE(4), key.readUInt32BE(0));
  return (p0 ^ p1) >>> 0;
}

/** The two halves of the state after all blocks, before they are joined; for check values. */
export function marvinState(data: Uint8Array, low: number, high: number): readonly [number, number] {
  let p0 = low | 0;
  let p1 = high | 0;
  const block = (): void => {
    p1 ^= p0;
    p0 = (p0 << 20) | (p0 >>> 12);
    p0 = (p0 + p1) | 0;
    p1 = (p1 << 9) | (p1 >>> 23);
    p1 ^= p0;
    p0 = (p0 << 27) | (p0 >>> 5);
    p0 = (p0 + p1) | 0;
    p1 = (p1 << 19) | (p1 >>> 13);
  };
  const at = (index: number): number => data[index] ?? 0;
  const whole = data.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    p0 = (p0 + (at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24))) | 0;
    block();
  }
  let tail = 0x80;
  for (let i = data.length - 1; i >= whole; i--) tail = (tail << 8) | at(i);
  p0 = (p0 + tail) | 0;
  block();
  block();
  return [p0 >>> 0, p1 >>> 0];
}
