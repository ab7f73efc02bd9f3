import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TranscriptSearch } from '../../../src/exposure/selftest/transcript.ts';

const LETTERS = 'bcdfghjkmpqsvwz';
const canary = fc
  .string({ unit: fc.constantFrom(...Array.from(LETTERS)), minLength: 20, maxLength: 20 })
  .map((letters) => `keepmum-canary-read-${letters}`);

describe('a canary is found', () => {
  test.each<readonly [string, (value: string) => string | Uint8Array]>([
    ['as it is', (value) => `x${value}y`],
    ['in capitals', (value) => value.toUpperCase()],
    ['with spaces', (value) => Array.from(value).join(' ')],
    ['with line breaks of JSON', (value) => JSON.stringify(Array.from(value).join('\r\n\t'))],
    ['twice in JSON', (value) => JSON.stringify(JSON.stringify(Array.from(value).join('\n')))],
    ['backwards', (value) => Array.from(value).toReversed().join('')],
    ['in hex', (value) => Buffer.from(value).toString('hex')],
    ['in hex with spaces', (value) => (Buffer.from(value).toString('hex').match(/../g) ?? []).join(' ')],
    [
      'as escapes',
      (value) =>
        Array.from(value)
          .map((char) => `\\x${char.charCodeAt(0).toString(16)}`)
          .join(''),
    ],
    [
      'as escapes of JSON',
      (value) =>
        Array.from(value)
          .map((char) => `\\u00${char.charCodeAt(0).toString(16)}`)
          .join(''),
    ],
    [
      'percent-encoded',
      (value) =>
        Array.from(value)
          .map((char) => `%${char.charCodeAt(0).toString(16)}`)
          .join(''),
    ],
    [
      'as numbers',
      (value) =>
        Array.from(value)
          .map((char) => char.charCodeAt(0))
          .join(', '),
    ],
    ['in base64', (value) => Buffer.from(`value: ${value}\n`).toString('base64')],
    ['in base64, one further', (value) => Buffer.from(`value:: ${value}\n`).toString('base64')],
    ['in base64, two further', (value) => Buffer.from(`value::: ${value}\n`).toString('base64')],
    [
      'in base64 for URLs, in lines',
      (value) =>
        (
          Buffer.from(value)
            .toString('base64url')
            .match(/.{1,10}/g) ?? []
        ).join('\n'),
    ],
    ['in UTF-16', (value) => Buffer.from(value, 'utf16le')],
    ['behind two megabytes', (value) => `${'lorem ipsum '.repeat(174_762)}${value}`],
    ['across the end of a block', (value) => `${'-'.repeat((1 << 20) - 30)}${value}`],
    ['across the end of a block, in JSON', (value) => `${'-'.repeat((1 << 20) - 61)}${Array.from(value).join('\\n')}`],
  ])('%s, wherever the text is cut', (_, write) => {
    fc.assert(
      fc.property(
        canary,
        canary,
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 20 }),
        (value, other, cuts) => {
          const written = write(value);
          const bytes = typeof written === 'string' ? Buffer.from(written) : written;
          const search = new TranscriptSearch([value, other]);
          let at = 0;
          for (const cut of cuts) search.add(bytes.subarray(at, (at += cut)));
          search.add(bytes.subarray(at));
          expect([...search.found]).toEqual(value === other ? [other] : [value]);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('nothing is found in what only looks like one', () => {
  const search = new TranscriptSearch(['keepmum-canary-read-bcdfghjkmpqsvwzbcdfg']);
  search.add(Buffer.from('keepmum-canary-read-bcdfghjkmpqsvwzbcdf, keepmum-canary-read-bcdfghjkmpqsvwzbcdg'));
  expect([...search.found]).toEqual([]);
});
