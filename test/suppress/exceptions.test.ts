import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExceptionError } from '../../src/core/errors.ts';
import {
  type ExceptionEntry,
  exceptions,
  expiredNotice,
  formatExceptions,
  hasExpired,
  isDate,
  parseExceptions,
} from '../../src/suppress/exceptions.ts';
import { randomText } from '../support/cli.ts';
import { viewOf } from '../support/view.ts';

const print = fc.stringMatching(/^km1-[sf][a-z2-7]{26}$/);
const words = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const entry: fc.Arbitrary<ExceptionEntry> = fc.record(
  {
    fingerprint: print,
    rule: words,
    path: words,
    kind: fc.constant('baseline' as const),
    owner: words,
    reason: words,
    expires: fc.oneof(date, fc.constant('never')),
    added: date,
  },
  { requiredKeys: ['fingerprint', 'owner', 'reason', 'expires'] },
);

describe('the text of the exceptions file', () => {
  test('gives back what was written, one line each, whatever the words', () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: (one) => one.fingerprint }), (entries) => {
        const text = formatExceptions(entries);
        expect(text.split('\n')).toHaveLength(entries.length + 1);
        const read = parseExceptions(text).map(({ line: _line, ...rest }) => rest);
        const sorted = (list: readonly ExceptionEntry[]) =>
          list.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
        expect(sorted(read)).toEqual(sorted(entries));
      }),
    );
  });

  test('does not depend on the order, nor on lines that stand there twice', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), fc.array(fc.nat(5)), (entries, picks) => {
        const again = picks.flatMap((index) => entries.slice(index, index + 1));
        expect(formatExceptions([...entries.toReversed(), ...again])).toBe(formatExceptions(entries));
      }),
    );
  });

  test('of any kind is read or refused with a line, and nothing of it is quoted', () => {
    const value = randomText(30);
    const part = fc.constantFrom(
      '{',
      '}',
      '"fingerprint"',
      ':',
      ',',
      `"${value}"`,
      value,
      '\n',
      '[',
      'null',
      '1',
      '<<<<<<<',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        try {
          parseExceptions(parts.join(''));
        } catch (error) {
          if (!(error instanceof ExceptionError)) throw error;
          expect(error.message).toMatch(/^\.keepmum-exceptions\.jsonl:\d+: [^\n]+$/);
          expect(`${error.message}${error.fix ?? ''}`).not.toContain(value);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an entry', () => {
  test.each([
    ['2026-01-31', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['26-01-01', false],
    ['2026-01-01T00:00', false],
    ['never', false],
  ])('isDate(%s) is %s', (text, expected) => {
    expect(isDate(text)).toBe(expected);
  });

  const base: ExceptionEntry = { fingerprint: `km1-s${'a'.repeat(26)}`, owner: 'o', reason: 'r', expires: 'never' };

  test('holds through its last day', () => {
    expect(hasExpired({ ...base, expires: '2026-05-05' }, '2026-05-05')).toBe(false);
    expect(hasExpired({ ...base, expires: '2026-05-05' }, '2026-05-06')).toBe(true);
    expect(hasExpired(base, '9999-12-31')).toBe(false);
  });

  test('that holds longer wins over others of the same finding, in either order', () => {
    const [match, view] = [{} as never, viewOf('')];
    for (const ends of [
      ['2026-01-01', '2027-01-01', 'never'],
      ['never', '2027-01-01', '2026-01-01'],
    ]) {
      const made = exceptions(
        ends.map((expires, index) => ({ ...base, expires, line: index + 1 })),
        '2026-06-01',
      ).suppress(match, { fingerprint: base.fingerprint } as never, view);
      expect(made?.where).toBe(`.keepmum-exceptions.jsonl:${ends.indexOf('never') + 1}`);
      expect(made).not.toHaveProperty('expires');
    }
  });

  test('that has run out is told once for all of them', () => {
    const entries = [1, 2, 3].map((line) => ({ ...base, line, expires: `2026-01-0${line}` }));
    expect(expiredNotice(entries, '2026-01-01')).toEqual([]);
    expect(expiredNotice(entries, '2026-01-02')).toEqual([
      '1 exception has run out and suppresses nothing (.keepmum-exceptions.jsonl:1, 2026-01-01, o); see `keepmum audit`',
    ]);
    expect(expiredNotice(entries, '2026-02-01')[0]).toMatch(/^3 exceptions have run out and suppress nothing/);
  });
});
