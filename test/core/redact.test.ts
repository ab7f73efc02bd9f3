import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Match } from '../../src/core/finding.ts';
import { excerpt, mask, MASK, maskIn, narrow, withoutSecrets } from '../../src/core/redact.ts';
import { displayWidth } from '../../src/core/terminal-text.ts';
import { View } from '../../src/core/view.ts';
import { TemplateExpander } from '../../src/rules/template.ts';

const MACHINE = { guessable: false };

/** Any text, including lone surrogates, combining marks and controls. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
);
const secretText = anyText.filter((text) => text.length > 0 && !text.includes('*'));

function view(text: string): View {
  return new View({
    kind: 'chunk',
    origin: { source: 'stdin', path: 'a.txt' },
    bytes: Buffer.from(text),
    firstLine: 1,
    whole: true,
    newFile: true,
  });
}

function matchOf(text: string, secret: string, from = 0): Match {
  const start = Buffer.from(text).indexOf(secret, from);
  return {
    ruleId: 'r',
    start,
    end: start + Buffer.byteLength(secret),
    secret,
    evidence: [],
    guessable: false,
    priority: 0,
  };
}

describe('mask', () => {
  test('keeps four characters of a long value, nothing of a short or guessable one', () => {
    expect(mask('abcdefghijklmnopqrst', MACHINE)).toBe(`abcd${MASK}`);
    expect(mask('abcdefghijkl', MACHINE)).toBe(`abc${MASK}`);
    expect(mask('abcdefghijk', MACHINE)).toBe(MASK);
    expect(mask('abcdefghijklmnopqrst', { guessable: true })).toBe(MASK);
  });

  test('keeps a public prefix whole where it is at most a quarter', () => {
    expect(mask(`provider_x_${'q'.repeat(33)}`, { ...MACHINE, keep: 'provider_x_' })).toBe(`provider_x_${MASK}`);
    expect(mask(`provider_x_${'q'.repeat(32)}`, { ...MACHINE, keep: 'provider_x_' })).toBe(`prov${MASK}`);
    expect(mask('q'.repeat(40), { ...MACHINE, keep: 'other' })).toBe(`qqqq${MASK}`);
  });

  test('a key block shows its first line and nothing else', () => {
    const header = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
    expect(mask(`${header}\n${'Qx7'.repeat(50)}\n`, MACHINE)).toBe(`${header}${MASK}`);
  });

  test('one printable line, of bounded length, whatever the value', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (secret, guessable) => {
        const preview = mask(secret, { guessable });
        expect(preview).toMatch(/^[!-~]{0,4}\*{8}$/);
      }),
    );
  });

  test('never holds the secret, nor six characters in a row of what it hides', () => {
    fc.assert(
      fc.property(secretText, (secret) => {
        const preview = mask(secret, MACHINE);
        expect(preview.includes(secret)).toBe(false);
        const hidden = secret.slice(preview.length - MASK.length);
        for (let i = 0; i + 6 <= hidden.length; i++) expect(preview.includes(hidden.slice(i, i + 6))).toBe(false);
        expect((preview.length - MASK.length) * 4).toBeLessThanOrEqual(secret.length);
      }),
    );
  });

  test('is idempotent', () => {
    fc.assert(
      fc.property(anyText, fc.option(anyText, { nil: '' }), fc.boolean(), (secret, keep, guessable) => {
        const options = { guessable, keep };
        const once = mask(secret, options);
        expect(mask(once, options)).toBe(once);
      }),
    );
  });
});

describe('maskIn', () => {
  test('overlapping, nested, unsorted and outlying spans', () => {
    const spans = [
      { start: 6, end: 9 },
      { start: 0, end: 2, mask: '#' },
      { start: 7, end: 8 },
      { start: 8, end: 99 },
      { start: 50, end: 60 },
    ];
    expect(maskIn('ab0123456789', spans)).toBe(`#0123${MASK}`);
  });

  test('keeps what is outside every span and nothing that is inside one', () => {
    const spans = fc.array(fc.tuple(fc.nat(60), fc.nat(20)).map(([start, length]) => ({ start, end: start + length })));
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), spans, (text, list) => {
        const inside = (i: number) => list.some(({ start, end }) => start <= i && i < end);
        const outside = [...text.split('').keys()].filter((i) => !inside(i)).map((i) => text[i]);
        expect(
          maskIn(
            text,
            list.map((span) => ({ ...span, mask: '' })),
          ),
        ).toBe(outside.join(''));
      }),
    );
  });
});

describe('excerpt', () => {
  test('masks the value, the other values, and repetitions', () => {
    const one = 'Q7'.repeat(12);
    const two = 'Z9'.repeat(12);
    const text = `first line\n\ta = "${one}"; b = "${two}"; // ${one}\nnext`;
    const all = [matchOf(text, one), matchOf(text, two)];
    const [match] = all;
    const result = excerpt(view(text), match as Match, all);
    expect(result.text).toBe(`a = "Q7Q7${MASK}"; b = "Z9Z9${MASK}"; // ${MASK}`);
    expect(result.text.slice(result.start, result.end)).toBe(`Q7Q7${MASK}`);
  });

  test('a value of several lines becomes one, and the carriage return goes', () => {
    const secret = `${'Q7'.repeat(10)}\r\n${'Z9'.repeat(10)}`;
    const text = `key: |\r\n  x ${secret} y\r\nz`;
    const match = matchOf(text, secret);
    expect(excerpt(view(text), match, [match]).text).toBe(`x Q7Q7${MASK} y`);
  });

  test('controls and bidirectional overrides become visible', () => {
    const secret = 'Q7'.repeat(12);
    const text = `\u001b[2Ja\u202e\u0007 ${secret} \u2028`;
    const match = matchOf(text, secret);
    expect(excerpt(view(text), match, [match]).text).toBe(`\\x1b[2Ja\\u202e\\x07 Q7Q7${MASK} \\u2028`);
  });

  test('no line, however long or odd, shows a secret or leaves its width', () => {
    const filler = fc.string({ unit: 'grapheme', maxLength: 900 }).map((text) => text.replaceAll(/[\r\n]/g, ' '));
    const size = fc.integer({ min: 12, max: 200 });
    fc.assert(
      fc.property(filler, filler, filler, size, fc.integer({ min: 12, max: 140 }), (a, b, c, length, width) => {
        const one = 'Q7x'.repeat(length).slice(0, length);
        const two = 'Z9y'.repeat(length).slice(0, length);
        const text = `${a} ${one} ${b} ${two} ${c}`;
        const all = [matchOf(text, one), matchOf(text, two)];
        for (const match of all) {
          const result = excerpt(view(text), match, all, width);
          expect(displayWidth(result.text)).toBeLessThanOrEqual(width);
          expect(result.text).not.toMatch(/[Q7x]{6}|[Z9y]{6}/);
          expect(result.text.slice(result.start, result.end)).toMatch(/^(?:....\*{8}|....\*+…|...\*{8})$/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('narrow keeps the value and cuts around it', () => {
  const text = `${'before '.repeat(10)}VALUE${' after'.repeat(10)}`;
  const result = narrow({ text, start: 70, end: 75 }, 30);
  expect(result.text).toBe('…e before before VALUE after …');
  expect(result.text.slice(result.start, result.end)).toBe('VALUE');
});

test('a value that nothing found is masked beside one that was, where it looks random', () => {
  const [found, unknown] = [
    new TemplateExpander('redact').expand('${base62:30}'),
    new TemplateExpander('beside').expand('${base62:24}'),
  ];
  const text = `curl -u admin:${unknown} --token ${found} commit 0a1b2c3 content-security-policy IPAddressV6Range2`;
  const match = matchOf(text, found);
  expect(excerpt(view(text), match, [match]).text).toBe(
    `curl -u admin:${unknown.slice(0, 4)}${MASK} --token ${found.slice(0, 4)}${MASK} commit 0a1b2c3 content-security-policy IPAddressV6Range2`,
  );
});

test('withoutSecrets masks every value wherever it stands', () => {
  const match = matchOf('one-secret', 'one-secret');
  expect(withoutSecrets('u-one-secret one-secret', [match])).toBe(`u-${MASK} ${MASK}`);
});
