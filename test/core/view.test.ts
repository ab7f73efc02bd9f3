import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCounter } from '../../src/core/view.ts';
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
