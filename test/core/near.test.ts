/** Where words stand that must be near, beside the same said in the simplest way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstWordEnd } from '../../src/core/near.ts';
import { viewOf } from '../support/view.ts';

test('the word that ends first counts, also within one that began before it', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'c', ' '), maxLength: 30 });
  const words = fc.array(fc.stringMatching(/^[abc]{1,5}$/), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(letters, words, fc.nat(30), fc.nat(30), (text, near, place, size) => {
      const start = place % (text.length + 1);
      const end = Math.min(text.length, start + size);
      const ends = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index + 1);
      const first = ends.find((at) => near.some((word) => text.slice(start, at).toLowerCase().includes(word)));
      expect(firstWordEnd(near, viewOf(text, 'x.txt'), start, end)).toBe(first);
    }),
    { examples: [['abcab', ['abca', 'bc'], 0, 5]] },
  );
});

test('a word in the path stands before all of the text', () => {
  expect(firstWordEnd(['acme'], viewOf('order acme', 'src/Acme.ts'), 3, 10)).toBe(3);
});
