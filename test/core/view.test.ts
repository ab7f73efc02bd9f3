import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCounter, View } from '../../src/core/view.ts';
import { viewOf } from '../support/view.ts';

describe('LineCounter', () => {
  test('gives the line and UTF-16 column that splitting the text gives, in any order asked', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '\n', '\r\n', 'é', '😀', '\t'),
      maxLength: 120,
    });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 10 }), (content, picks) => {
        const counter = new LineCounter(viewOf(content));
        for (const pick of picks) {
          const characters = Array.from(content).slice(0, pick);
          const before = characters.join('');
          const lines = before.split('\n');
          expect(counter.at(Buffer.byteLength(before))).toEqual({
            line: lines.length,
            column: (lines.at(-1) ?? '').length + 1,
          });
        }
      }),
    );
  });
});

describe('new lines', () => {
  const lines = fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('a', 'é', ' '), maxLength: 6 }), fc.boolean()), {
    minLength: 1,
    maxLength: 30,
  });

  test('are found in bytes, whatever the ranges are', () => {
    fc.assert(
      fc.property(lines, fc.nat(9), fc.nat(200), fc.nat(200), (rows, before, from, size) => {
        const firstLine = before + 1;
        const added = rows.flatMap(([, isNew], index) =>
          isNew ? [{ first: firstLine + index, last: firstLine + index }] : [],
        );
        const bytes = Buffer.from(rows.map(([text]) => `${text}\n`).join(''));
        const view = new View({ ...viewOf('').chunk, bytes, firstLine, added, whole: false });
        let at = 0;
        const expected = rows.map(([text, isNew]) => {
          const start = at;
          at += Buffer.byteLength(text) + 1;
          return { start, end: at, isNew };
        });
        expect(view.touchesNew(from, from + size)).toBe(
          expected.some(({ start, end, isNew }) => isNew && start < from + size && from < end),
        );
        const ranges = [...view.newRanges()];
        expect(ranges).toEqual(expected.filter(({ isNew }) => isNew).flatMap(({ start, end }) => [start, end]));
      }),
    );
  });

  test('are all lines where nothing says otherwise', () => {
    const view = viewOf('one\ntwo\n');
    expect([...view.newRanges()]).toEqual([0, 8]);
    expect(view.touchesNew(3, 4)).toBe(true);
  });
});
