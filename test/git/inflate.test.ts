import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inflate } from '../../src/git/inflate.ts';

/** Texts that are packed in all ways: random, repeated, with few letters, like source code. */
const text = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .array(fc.constantFrom('const ', 'let ', 'x = ', '1;\n', '// ', 'value', '\n'), { maxLength: 2000 })
    .map((words) => Buffer.from(words.join(''))),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 400 }))
    .map(([part, times]) => Buffer.concat(Array.from({ length: times }, () => part))),
);
const packing = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

test('gives what was packed, whatever follows it', () => {
  fc.assert(
    fc.property(text, packing, fc.uint8Array({ maxLength: 40 }), (bytes, options, behind) => {
      const packed = Buffer.concat([deflateSync(bytes, options), behind]);
      expect(inflate(packed, bytes.length)?.equals(bytes)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('gives nothing of another size, and nothing of what is cut', () => {
  fc.assert(
    fc.property(text, packing, fc.nat(), (bytes, options, cut) => {
      const packed = deflateSync(bytes, options);
      expect(inflate(packed, bytes.length + 1)).toBeUndefined();
      if (bytes.length > 0) expect(inflate(packed, bytes.length - 1)).toBeUndefined();
      expect(inflate(packed.subarray(0, cut % packed.length), bytes.length)).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});

test('what is damaged throws nothing, and gives nothing of another size', () => {
  const hits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(text, packing, hits, (bytes, options, places) => {
      const packed = deflateSync(bytes, options);
      for (const [at, value] of places) packed[at % packed.length] = value;
      expect(inflate(packed, bytes.length)?.length ?? bytes.length).toBe(bytes.length);
    }),
    { numRuns: 500 },
  );
});

test('a stream that becomes far more than was said is given up', () => {
  const bomb = deflateSync(Buffer.alloc(64 << 20));
  expect(inflate(bomb, 10)).toBeUndefined();
});
