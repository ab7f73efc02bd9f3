import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Match } from '../../src/core/finding.ts';
import { fingerprint, isFingerprint } from '../../src/core/fingerprint.ts';
import { View } from '../../src/core/view.ts';
import { randomText } from '../support/cli.ts';
import { viewOf } from '../support/view.ts';

/** A match of each value, in the order given, at its first place after the one before. */
function matchesIn(text: string, values: readonly string[], more: Partial<Match> = {}): Match[] {
  const bytes = Buffer.from(text);
  let at = 0;
  return values.map((secret) => {
    const start = bytes.indexOf(secret, at);
    const end = start + Buffer.byteLength(secret);
    if (start < 0) throw new Error('the text does not hold the value');
    at = end;
    return {
      ruleId: 'generic-password-assignment',
      start,
      end,
      secret,
      evidence: [],
      guessable: true,
      name: 'password',
      priority: 0,
      ...more,
    };
  });
}

/** Fingerprint of the first value. */
function of(text: string, values: readonly string[], more: Partial<Match> = {}, path = 'a.py'): string {
  const matches = matchesIn(text, values, more);
  const [first] = matches;
  if (first === undefined) throw new Error('no value');
  return fingerprint(first, matches, viewOf(text, path));
}

// Built from parts: this file is scanned too.
const LINE = ['password', '= "Tulpe-7"  # of the shop'].join(' ');
const MACHINE = { guessable: false } as const;

describe('a fingerprint', () => {
  test.each([
    ['of a value that a person chose', of(LINE, ['Tulpe-7']), /^km1-w/],
    ['of a value that a machine made', of(LINE, ['Tulpe-7'], MACHINE), /^km1-s/],
    ['of a file as such', of(LINE, ['Tulpe-7'], { about: 'file' }), /^km1-f/],
  ])('%s has its form', (_name, made, form) => {
    expect(made).toMatch(form);
    expect(isFingerprint(made)).toBe(true);
  });

  test('looks only at the matches beside its line, however many there are', () => {
    const values = Array.from({ length: 4000 }, (_, index) => `Tulpe-${10_000 + index}`);
    const text = values.map((value) => `name: ${value}`).join('\n');
    let looked = 0;
    const all = matchesIn(text, values).map((match) =>
      Object.defineProperty({ ...match }, 'start', {
        get: () => {
          looked++;
          return match.start;
        },
      }),
    );
    const view = viewOf(text, 'a.yaml');
    for (const match of all.slice(2000, 2100)) fingerprint(match, all, view);
    // A search by halves, and what the line holds.
    expect(looked).toBeLessThan(100 * 40);
  });

  test('survives moved lines, other indentation and a renamed file', () => {
    const made = of(LINE, ['Tulpe-7']);
    expect(of(`first\n\nsecond\n\t${LINE}\r\nlast`, ['Tulpe-7'])).toBe(made);
    expect(of(LINE.replaceAll(' = ', '  =  '), ['Tulpe-7'], {}, 'other/b.rb')).toBe(made);
  });

  test('of a machine value is the same in any line', () => {
    const value = randomText(40);
    expect(of(`key: ${value}`, [value], { ...MACHINE, ruleId: 'a' })).toBe(of(`f("${value}")`, [value], MACHINE));
    const other = randomText(40);
    expect(of(`key: ${value}`, [value], MACHINE)).not.toBe(of(`key: ${other}`, [other], MACHINE));
  });

  test('of a weak value differs in another line, under another name, of another rule', () => {
    const made = of(LINE, ['Tulpe-7']);
    expect(of(`admin_${LINE}`, ['Tulpe-7'])).not.toBe(made);
    expect(of(LINE, ['Tulpe-7'], { name: 'other' })).not.toBe(made);
    expect(of(LINE, ['Tulpe-7'], { ruleId: 'other-rule' })).not.toBe(made);
  });

  test('of a weak value keeps its place and changes its tag when the value changes', () => {
    const before = of(LINE, ['Tulpe-7']);
    const others = Array.from({ length: 64 }, (_, index) => {
      const value = `Nelke-${index}`;
      return of(LINE.replace('Tulpe-7', value), [value]);
    });
    const place = before.slice(0, before.lastIndexOf('-'));
    expect(others.every((other) => other.startsWith(`${place}-`))).toBe(true);
    // 64 values in 512 tags: an equal one is possible for some, never for most.
    expect(others.filter((other) => other === before).length).toBeLessThan(4);
    expect(new Set(others).size).toBeGreaterThan(48);
  });

  test('of a file as such is of its path, not of what stands in it', () => {
    const file = { about: 'file' } as const;
    const made = of(LINE, ['Tulpe-7'], file, '.env');
    expect(of(LINE.replace('Tulpe-7', 'Nelke-1'), ['Nelke-1'], file, '.env')).toBe(made);
    expect(of(LINE, ['Tulpe-7'], file, 'deploy/.env')).not.toBe(made);
  });

  test('is the same whether the file as such is a finding too or not', () => {
    const [match] = matchesIn(LINE, ['Tulpe-7']);
    if (match === undefined) throw new Error('no match');
    const whole: Match = { ...match, ruleId: 'committed-credential-file', start: 0, end: LINE.length, about: 'file' };
    const view = viewOf(LINE);
    expect(fingerprint(match, [whole, match], view)).toBe(fingerprint(match, [match], view));
  });

  test('is the same in a hunk and in the whole file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z =]{0,40}$/), { maxLength: 5 }),
        fc.array(fc.stringMatching(/^[a-z =]{0,40}$/), { maxLength: 5 }),
        (before, after) => {
          const text = [...before, LINE, ...after].join('\n');
          expect(of(text, ['Tulpe-7'])).toBe(of(LINE, ['Tulpe-7']));
        },
      ),
    );
  });
});

/**
 * The attacker has the exceptions file and the whole repository, the line included, with only the value
 * taken out; and the code of keepmum. What is left to try is the value.
 */
describe('a committed fingerprint of a weak password', () => {
  /** Words as people make passwords: a syllable or two, a capital, a number, a mark. */
  function* words(count: number): Generator<string> {
    const syllables = 'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu'.split(
      ' ',
    );
    for (let index = 0; index < count; index++) {
      const [a = '', b = ''] = [syllables[index % 30], syllables[Math.floor(index / 30) % 30]];
      yield `${a}${b}${Math.floor(index / 900)}!`;
    }
  }

  /** How many of `count` words give exactly this fingerprint at this place. */
  function candidates(target: string, line: (word: string) => string, count: number): number {
    let fitting = 0;
    for (const word of words(count)) {
      const text = line(word);
      const bytes = Buffer.from(text);
      const start = bytes.indexOf(word);
      const match: Match = {
        ruleId: 'generic-password-assignment',
        start,
        end: start + word.length,
        secret: word,
        evidence: [],
        guessable: true,
        name: 'password',
        priority: 0,
      };
      const view = new View({
        kind: 'chunk',
        origin: { source: 'worktree', path: 'a.py' },
        bytes,
        firstLine: 1,
        whole: true,
        newFile: true,
      });
      if (fingerprint(match, [match], view) === target) fitting++;
    }
    return fitting;
  }

  const season = 'Sommer';

  test('fits more than a thousandth of all words: of a million, more than a thousand', () => {
    const secret = `${season}24!`;
    const line = (word: string): string => `password = "${word}"`;
    // One in 512 is meant. Of so many, half of that is nine standard deviations away.
    expect(candidates(of(line(secret), [secret]), line, 200_000)).toBeGreaterThan(200);
  }, 60_000);

  test('fits as many where the value stands on the line once more, unseen by any detector', () => {
    const secret = `${season}24!`;
    const line = (word: string): string => `password = "${word}"  # not ${word} again`;
    expect(candidates(of(line(secret), [secret]), line, 100_000)).toBeGreaterThan(100);
  });

  test('fits as many where a detector took the value for shorter than it is', () => {
    const line = (word: string): string => `password = "${word}&${word.slice(1)}"`;
    expect(candidates(of(line('Sommer24!'), ['Sommer24!']), line, 100_000)).toBeGreaterThan(100);
  });

  test('tells no more in many places than in one', () => {
    const tags = Array.from({ length: 50 }, (_, index) => {
      const more = { name: `password_${index}`, ruleId: `rule-${index}` };
      return of(`password_${index} = "Sommer24!"`, ['Sommer24!'], more, `${index}.py`).slice(-2);
    });
    expect(new Set(tags).size).toBe(1);
  });

  test('has none of the value beside its nine bits: any other value of the same tag looks the same', () => {
    const line = (word: string): string => `password = "${word}"`;
    const target = of(line('Sommer24!'), ['Sommer24!']);
    const twin = [...words(10_000)].find((word) => of(line(word), [word]) === target);
    expect(twin).toBeDefined();
    // And it is no plain hash that tables exist of.
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      expect(target).not.toContain(createHash(algorithm).update('Sommer24!').digest('hex').slice(0, 8));
    }
  });
});

describe('isFingerprint', () => {
  test.each([
    '',
    'km1-',
    'km1-s',
    `km2-s${'a'.repeat(26)}`,
    `km1-s${'A'.repeat(26)}`,
    `km1-w${'a'.repeat(20)}`,
    ` km1-s${'a'.repeat(26)}`,
  ])('refuses %j', (text) => {
    expect(isFingerprint(text)).toBe(false);
  });
});
