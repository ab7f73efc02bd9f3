import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathIn, PathTable } from '../../src/core/path-table.ts';
import { decodePath } from '../../src/core/path.ts';

const path = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
);

test('each path has one index, by which it is found again', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 60 }), fc.nat(9), (paths, lead) => {
      const table = new PathTable();
      const known = new Map<string, number>();
      for (const bytes of paths) {
        const key = bytes.toString('latin1');
        const index = known.get(key) ?? known.size;
        known.set(key, index);
        const within = Buffer.concat([Buffer.alloc(lead, 'x'), bytes, Buffer.from('/y')]);
        expect(table.add(within, lead, lead + bytes.length)).toBe(index);
        expect(pathIn(table.all(), index)).toBe(decodePath(bytes));
      }
      expect(table.size).toBe(known.size);
      const { names, nameStarts } = table.all();
      expect(Buffer.from(names).toString('latin1')).toBe([...known.keys()].join(''));
      expect([...nameStarts]).toEqual(
        [...known.keys()].reduce((ends, key) => [...ends, (ends.at(-1) ?? 0) + key.length], [0]),
      );
    }),
  );
});

test('thousands of paths, and one that is longer than all before it', () => {
  const table = new PathTable();
  const paths = [...Array.from({ length: 5000 }, (_, index) => `a/${index}/b${index % 7}`), 'z'.repeat(200_000)];
  const add = (text: string): number => table.add(Buffer.from(text), 0, text.length);
  expect(paths.map(add)).toEqual(paths.map((_, index) => index));
  expect(paths.map(add)).toEqual(paths.map((_, index) => index));
  expect(paths.map((_, index) => pathIn(table.all(), index))).toEqual(paths);
});
