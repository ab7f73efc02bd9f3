import fc from 'fast-check';
import { expect, test } from 'vitest';
import { credentialName } from '../../src/core/credential-name.ts';
import { mayBeGiven } from '../../src/detectors/name-gate.ts';

const WORDS = ['key', 'token', 'pass', 'auth'];

/** For the first word in a text. */
function gate(text: string, word: string): boolean {
  return mayBeGiven(Buffer.from(text, 'latin1'), text.toLowerCase().indexOf(word), word.length, WORDS);
}

test('names that mean a credential pass, others do not, as often as they are asked', () => {
  const part = fc.constantFrom('api', 'Key', 'key', 'token', 'public', 'my', 'Pass', '_', '-', '.', 'x1', 'auth', 'is');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const name = parts.join('');
      const lower = name.toLowerCase();
      for (const word of WORDS) {
        for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
          const isFirst = !WORDS.some((other) => lower.slice(0, at).includes(other));
          const expected = isFirst && credentialName(name.replace(/[.-]+$/, '')) !== undefined;
          const text = Buffer.from(`(${name} = "x"`);
          expect({ name, word, may: mayBeGiven(text, at + 1, word.length, WORDS) }).toEqual({
            name,
            word,
            may: expected,
          });
          expect(mayBeGiven(text, at + 1, word.length, WORDS)).toBe(expected);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('more names than are remembered', () => {
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 40_000; n++) {
      expect(gate(`api${n}Key = 'x'`, 'key')).toBe(true);
      expect(gate(`public${n}PublicKey = 'x'`, 'key')).toBe(false);
    }
  }
});

test.each([
  ['apiKey = "x"', true],
  ['apiKey: x', true],
  ['apiKey\n  "x"', true],
  ['apiKey', true],
  ['apiKey x', true],
  ['apiKey, "x"', true],
  ['apiKey"', true],
  ['apiKey>x<', true],
  ['setApiKey("x")', true],
  ['setApiKey( b"x")', true],
  ['setApiKey(call())', true],
  ['setApiKey(item)', false],
  ['setApiKey()', false],
  ['get(apiKey) || "x"', true],
  ['get(env.apiKey)) ?? "x"', true],
  ['${apiKey:-x}', true],
  ['get(apiKey);', false],
  ['{ apiKey }', false],
  ['{ value: "x", name: apiKey }', true],
  ['if (apiKey && other', false],
  ['if (!apiKey) {', false],
])('%s: %s', (text, may) => {
  expect(gate(text, 'key')).toBe(may);
});
