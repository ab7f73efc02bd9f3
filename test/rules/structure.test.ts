import { describe, expect, test } from 'vitest';
import { isInRun, findRun } from '../../src/engine/run-search.ts';
import { compileRule } from '../../src/rules/compile.ts';
import { requiredRun } from '../../src/rules/structure.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { RULE_FILES, SEED, tokenOf } from '../support/rules.ts';
import fc from 'fast-check';

describe('the run that a pattern needs', () => {
  test.each([
    ['a prefix and a counted body', 'ab_[0-9a-f]{40}', ['ab_'], 43, true],
    ['one of several prefixes', '(?:live|test)_[0-9a-z]{10}', ['live_', 'test_'], 15, true],
    ['an optional part', 'glr?x-[0-9]{20}', ['glx-', 'glrx-'], 24, true],
    ['letters of any case', '(?i)ab_[0-9]{10}', ['ab_'], 13, true],
    ['a body of no fixed length', 'ab_[0-9]{10,90}', ['ab_'], 13, true],
    ['a word before it', '(?i:secret)[=:](?P<secret>[0-9a-f]{32})', ['secret'], 32, false],
    ['a literal in the middle', '[a-z]{20}XYZ[a-z]{9}', ['XYZ'], 32, true],
  ])('%s', (_title, pattern, anchors, length, holdsAnchor) => {
    const secret = pattern.includes('(?P<secret>') ? pattern : `(?P<secret>${pattern})`;
    expect(requiredRun(secret, anchors)).toMatchObject({ length, holdsAnchor });
  });

  test.each([
    ['white space in the secret', '(?P<secret>[a-z ]{40})'],
    ['a quote in the secret', `(?P<secret>[^']{40})`],
    ['too short a secret', '(?P<secret>[a-z]{4})'],
    ['syntax that is not followed', '(?P<secret>\\p{Greek}{40})'],
  ])('is not known: %s', (_title, pattern) => {
    expect(requiredRun(pattern, ['ab'])).toBeUndefined();
  });

  test.each([
    ['a boundary', '\\b(?P<secret>ab_[0-9]{20})', undefined],
    ['any character that is no letter or digit', '(?:^|[^0-9A-Za-z_/+-])(?P<secret>ab_[0-9]{20})', undefined],
    ['nothing', '(?P<secret>ab_[0-9]{20})', true],
    ['anything but a digit', '(?:^|[^0-9])(?P<secret>ab_[0-9]{20})', true],
    ['more of the secret', '\\b(?P<secret>[0-9]{9}ab_[0-9]{20})', true],
  ])(
    'an anchor may stand in a word unless it begins the secret and a boundary is before it: %s',
    (_title, pattern, inWord) => {
      expect(requiredRun(pattern, ['ab_'])?.inWord).toBe(inWord);
    },
  );

  test('an anchor that only some ways hold is not held', () => {
    expect(requiredRun('(?P<secret>(?:ab_|cd_)[0-9]{20})', ['ab_'])).toMatchObject({ holdsAnchor: false });
  });

  const withToken = RULE_FILES.flatMap(({ name, file }) =>
    file.rules
      .filter((rule) => rule.pattern !== undefined && rule.token !== undefined)
      .map((rule) => ({ rule, id: rule.id, compiled: compileRule(rule, file.provider, name) })),
  );

  test.each(withToken)(`$id: every made-up secret has it (seed ${SEED})`, ({ rule, compiled }) => {
    const { run } = compiled.rule;
    if (run === undefined) return;
    const expander = new TemplateExpander(`${SEED}/run/${rule.id}`);
    for (let i = 0; i < 10; i++) {
      const token = Buffer.from(` ${tokenOf(rule, expander)} `, 'latin1');
      expect(findRun(token, 0, token.length, run)).toBeGreaterThan(0);
      if (!run.holdsAnchor) continue;
      const text = token.toString('latin1');
      const held = compiled.anchors.filter((anchor) =>
        anchor === anchor.toLowerCase() ? text.toLowerCase().includes(anchor) : text.includes(anchor),
      );
      expect(held).not.toEqual([]);
      const [anchor = ''] = held;
      const at = anchor === anchor.toLowerCase() ? text.toLowerCase().indexOf(anchor) : text.indexOf(anchor);
      expect(isInRun(token, at, run)).toBe(true);
      if (run.inWord !== true)
        expect(compiled.anchors.some((one) => text.toLowerCase().startsWith(one.toLowerCase(), 1))).toBe(true);
    }
  });
});

describe('search for a run', () => {
  const run = requiredRun('(?P<secret>ab[ab]{8})', ['ab']) ?? { length: 0, set: '', holdsAnchor: false };
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'a', 'b', 'a', 'b', '-'), maxLength: 60 });

  test('finds one where a regular expression does', () => {
    expect(run.length).toBe(10);
    fc.assert(
      fc.property(text, (content) => {
        const bytes = Buffer.from(content);
        expect(findRun(bytes, 0, bytes.length, run) >= 0).toBe(/[ab]{10}/.test(content));
      }),
    );
  });

  test('tells whether an offset lies in one', () => {
    fc.assert(
      fc.property(text, fc.nat(59), (content, offset) => {
        const bytes = Buffer.from(content);
        const expected = [...content.matchAll(/[ab]{10,}/g)].some(
          ({ index, 0: found }) => index <= offset && offset < index + found.length,
        );
        expect(offset < bytes.length && bytes[offset] !== 45 && isInRun(bytes, offset, run)).toBe(expected);
      }),
    );
  });
});
