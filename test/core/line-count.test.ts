import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countLineFeeds, countLines, countNewLines } from '../../src/core/line-count.ts';
import { PartCutter } from '../../src/sources/parts.ts';

test('line feeds, wherever the bytes begin', () => {
  // Bytes near a line feed, and near it in their top bit or lowest one.
  const byte = fc.constantFrom(10, 10, 11, 8, 2, 138, 139, 0, 128, 255, 97);
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), fc.nat(7), fc.nat(7), (bytes, before, behind) => {
      const padded = Buffer.from([...Array<number>(before).fill(10), ...bytes, ...Array<number>(behind).fill(10)]);
      const text = padded.subarray(before, before + bytes.length);
      const feeds = bytes.filter((one) => one === 10).length;
      expect(countLineFeeds(text)).toBe(feeds);
      expect(countLines(text)).toBe(bytes.length === 0 || bytes.at(-1) === 10 ? feeds : feeds + 1);
    }),
    { numRuns: 2000 },
  );
});

test('the parts of a text have as many new lines as the text', () => {
  const line = fc.oneof(fc.nat(12), fc.integer({ min: 90, max: 400 })).map((length) => 'x'.repeat(length));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (all, hasEnd) => {
      const text = Buffer.from(all.join('\n') + (hasEnd ? '\n' : ''));
      const cutter = new PartCutter(64, 16);
      const parts = cutter.push(text);
      const last = cutter.finish();
      const counts = [...parts, ...(last === undefined ? [] : [last])].map((part) => countNewLines(part));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(countLines(text));
    }),
    { numRuns: 2000 },
  );
});
