import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth, fit, safe, wrap } from '../../src/core/terminal-text.ts';

describe('safe', () => {
  test.each([
    ['\u001b[31m', '\\x1b[31m'],
    ['\u009b2J', '\\x9b2J'],
    ['a\nb\tc\r', 'a\\nb\\tc\\r'],
    ['\u007f\u0000', '\\x7f\\x00'],
    ['\u202egnp.exe\u2066\u200b\ufeff', '\\u202egnp.exe\\u2066\\u200b\\ufeff'],
    ['\u2028\u2029\u0085', '\\u2028\\u2029\\x85'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800x', '\\ud800x'],
    [
      '###[error]x ##vso[task.x] ##teamcity[a] ## [b] #[c]',
      '#\\x23#[error]x \\x23#vso[task.x] \\x23#teamcity[a] ## [b] #[c]',
    ],
    ['é 漢字 😀 ~', 'é 漢字 😀 ~'],
  ])('%j', (text, expected) => {
    expect(safe(text)).toBe(expected);
  });

  test('leaves nothing that steers, for any text, and is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = safe(text);
        // oxlint-disable-next-line no-control-regex -- the point of the test
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/);
        expect(safe(shown)).toBe(shown);
      }),
    );
  });
});

test('displayWidth counts wide characters as two and accents as none', () => {
  expect(displayWidth('abc')).toBe(3);
  expect(displayWidth('漢字')).toBe(4);
  expect(displayWidth('e\u0301')).toBe(1);
  expect(displayWidth('😀')).toBe(2);
});

describe('fit', () => {
  test('cuts at the end or at the start', () => {
    expect(fit('abcdef', 6)).toBe('abcdef');
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(fit('abcdef', 4, 'start')).toBe('…def');
    expect(fit('漢字漢字', 4)).toBe('漢…');
  });

  test('never wider than asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        const line = safe(text);
        expect(displayWidth(fit(line, width))).toBeLessThanOrEqual(width);
        expect(displayWidth(fit(line, width, 'start'))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

test('wrap breaks at spaces and keeps every word', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a https://example.invalid/long b', 8)).toEqual(['a', 'https://example.invalid/long', 'b']);
});
