import { describe, expect, test } from 'vitest';
import { CAN_FREE, release } from '../../src/core/free-memory.ts';

describe('memory that is given back', () => {
  const own = [
    ['a large one', () => Buffer.allocUnsafeSlow(1 << 20)],
    ['one that is as large as the pool', () => Buffer.alloc(Buffer.poolSize)],
    [
      'a small one with more memory behind it',
      () => Buffer.allocUnsafeSlow((Buffer.poolSize >>> 1) + 1).subarray(0, 10),
    ],
  ] as const;
  test.each(own)('is that of %s', (_, make) => {
    const buffer = make();
    const { byteLength } = buffer.buffer;
    release(buffer);
    expect(buffer.buffer.byteLength).toBe(CAN_FREE ? 0 : byteLength);
  });

  test('is never that of the pool, whatever part of it is given', () => {
    // As many as fill it more than once, so that one of them is its beginning.
    const parts = Array.from({ length: 64 }, (_, index) => Buffer.allocUnsafe(Buffer.poolSize >>> 4).fill(index));
    expect(parts.some(({ byteOffset }) => byteOffset === 0)).toBe(true);
    for (const part of parts) release(part);
    parts.forEach((part, index) => {
      expect(part.equals(Buffer.alloc(Buffer.poolSize >>> 4, index))).toBe(true);
    });
  });

  test('is not that of something which begins before', () => {
    const all = Buffer.alloc(1 << 20, 'x');
    release(all.subarray(1));
    expect(all.every((byte) => byte === 120)).toBe(true);
  });
});
