import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflate, inflateWithZlib } from '../../src/git/inflate.ts';

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

describe.each([
  ['our own', inflate],
  ['zlib', inflateWithZlib],
])('%s', (_, unpack) => {
  test('gives what was packed, whatever follows it', () => {
    fc.assert(
      fc.property(text, packing, fc.uint8Array({ maxLength: 40 }), (bytes, options, behind) => {
        const packed = Buffer.concat([deflateSync(bytes, options), behind]);
        expect(unpack(packed, bytes.length)?.equals(bytes)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('gives nothing of another size, and nothing of what is cut', () => {
    fc.assert(
      fc.property(text, packing, fc.nat(), (bytes, options, cut) => {
        const packed = deflateSync(bytes, options);
        expect(unpack(packed, bytes.length + 1)).toBeUndefined();
        if (bytes.length > 0) expect(unpack(packed, bytes.length - 1)).toBeUndefined();
        expect(unpack(packed.subarray(0, cut % packed.length), bytes.length)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});

test('what is damaged gives nothing, or, where its checksum is right, the text', () => {
  fc.assert(
    fc.property(
      text,
      packing,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
      (bytes, options, hits) => {
        const packed = deflateSync(bytes, options);
        for (const [at, value] of hits) packed[at % packed.length] = value;
        const unpacked = inflate(packed, bytes.length);
        if (unpacked !== undefined && inflateWithZlib(packed, bytes.length) !== undefined) {
          expect(unpacked.equals(inflateWithZlib(packed, bytes.length) ?? Buffer.alloc(0))).toBe(true);
        }
        const random = Buffer.concat([Buffer.from([0x78, 0x9c]), packed.subarray(2)]);
        expect(inflate(random, 100)?.length ?? 100).toBe(100);
      },
    ),
    { numRuns: 1000 },
  );
});

test('large texts', () => {
  for (const size of [65_536, 131_072, 131_073, 3_000_000]) {
    const bytes = Buffer.from(Array.from({ length: size }, (_, index) => (index * index) % 251));
    expect(inflate(deflateSync(bytes), size)?.equals(bytes)).toBe(true);
  }
});
