import fc from 'fast-check';
import { expect, test } from 'vitest';
import { credentialName } from '../../src/core/credential-name.ts';
import { meansCredential, nameEnd, nameStart } from '../../src/detectors/name-gate.ts';

const WORDS = ['key', 'token', 'pass', 'auth'];

function mayBeGiven(bytes: Buffer, hit: number, length: number): boolean {
  const start = nameStart(bytes, hit);
  return meansCredential(bytes, start, nameEnd(bytes, hit + length), hit - start, WORDS);
}

/** For the first word in a text. */
function gate(text: string, word: string): boolean {
  return mayBeGiven(Buffer.from(text, 'latin1'), text.toLowerCase().indexOf(word), word.length);
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
          expect({ name, word, may: mayBeGiven(text, at + 1, word.length) }).toEqual({
            name,
            word,
            may: expected,
          });
          expect(mayBeGiven(text, at + 1, word.length)).toBe(expected);
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
