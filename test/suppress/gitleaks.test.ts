import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGitleaksConfig, withSecretGroup } from '../../src/config/gitleaks.ts';
import { loadRegexEngine } from '../../src/engine/re2.ts';

describe('withSecretGroup', () => {
  test.each([
    ['abc', 0, 'abc'],
    ['a(b)c', 0, 'a(?P<secret>b)c'],
    ['a(b)(c)', 2, 'a(b)(?P<secret>c)'],
    ['a(?:b)(c)', 1, 'a(?:b)(?P<secret>c)'],
    ['(?i)a(?P<x>b)', 1, '(?i)a(?P<secret>b)'],
    ['a\\((b)', 1, 'a\\((?P<secret>b)'],
    ['[(](b)', 1, '[(](?P<secret>b)'],
    ['[]()](b)', 1, '[]()](?P<secret>b)'],
    ['[^](](b)', 1, '[^](](?P<secret>b)'],
    ['[[:alnum:](](b)', 1, '[[:alnum:](](?P<secret>b)'],
    ['\\Q(\\E(b)', 1, '\\Q(\\E(?P<secret>b)'],
    ['(?P<secret>a)(b)', 2, '(?P<secret>a)(b)'],
    ['a(b)', 2, undefined],
    ['a', 1, undefined],
  ])('%s, group %i', (pattern, group, expected) => {
    expect(withSecretGroup(pattern, group)).toBe(expected);
  });

  test('what it makes of a pattern that compiles compiles too', async () => {
    const regex = await loadRegexEngine('re2js');
    const piece = fc.constantFrom('(', ')', '(?:', '[', ']', '\\(', '\\[', 'a', '|', '*', '[^', '(?P<n>', 'b');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 0, max: 3 }), (parts, group) => {
        const pattern = parts.join('');
        try {
          regex.compile(pattern, 'x');
        } catch {
          return;
        }
        const made = withSecretGroup(pattern, group);
        if (made !== undefined) regex.compile(made, 'x');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseGitleaksConfig', () => {
  test('takes rules with regex and keywords, and says which it does not take', async () => {
    const { rules, notices } = await parseGitleaksConfig(`
title = "ours"
[extend]
path = "base.toml"
[[rules]]
id = "Acme_Key"
description = "Acme"
regex = '''acme_([a-z0-9]{20})'''
keywords = ["ACME_"]
entropy = 3.5
[[rules]]
id = "no-keywords"
regex = "x"
[[rules]]
id = "by-path"
path = "x"
regex = "y"
keywords = ["yy"]
[[rules]]
id = "no-group"
regex = "y"
secretGroup = 2
keywords = ["yy"]
`);
    expect(rules).toMatchObject([
      {
        id: 'gitleaks-acme-key',
        title: 'Acme',
        pattern: 'acme_(?P<secret>[a-z0-9]{20})',
        anchors: ['acme_'],
        minEntropy: 3.5,
        guessable: true,
      },
    ]);
    expect(notices).toHaveLength(4);
    expect(notices.join('\n')).toMatch(
      /no-keywords.*no keywords\b[^]*by-path.*bound to a path[^]*no-group.*secretGroup[^]*extends is not read/,
    );
  });

  test('takes both forms of allow lists, and those of a rule for that rule', async () => {
    const { allowLists } = await parseGitleaksConfig(`
[allowlist]
paths = ['''^vendor/''']
stopwords = ["Example"]
[[rules]]
id = "acme-key"
regex = "x"
  [[rules.allowlists]]
  condition = "AND"
  regexTarget = "line"
  regexes = ["a", "b"]
  commits = ["c"]
`);
    expect(allowLists).toEqual([
      {
        where: '.gitleaks.toml allowlist 1',
        all: false,
        commits: [],
        paths: ['^vendor/'],
        regexes: [],
        target: 'secret',
        stopWords: ['example'],
      },
      {
        where: '.gitleaks.toml gitleaks-acme-key allowlist 1',
        all: true,
        commits: ['c'],
        paths: [],
        regexes: ['a', 'b'],
        target: 'line',
        stopWords: [],
        rules: ['gitleaks-acme-key'],
      },
    ]);
  });

  test('names the line of a mistake and quotes nothing', async () => {
    const { notices } = await parseGitleaksConfig('a = 1\nSeCrEtTeXt = = 2\n');
    expect(notices).toEqual(['.gitleaks.toml:2: is not valid TOML; it is not used']);
  });

  test('any document of any shape is understood or left alone', async () => {
    const key = fc.constantFrom('rules', 'allowlist', 'allowlists', 'extend', 'id', 'regex', 'keywords', 'paths');
    const value = fc.constantFrom(
      '1',
      '"x"',
      '[]',
      '["a"]',
      '[1, "b"]',
      '{ id = 3 }',
      '[{ regex = "a", keywords = 1 }]',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 6 }),
        async (pairs) => {
          await parseGitleaksConfig(pairs.map(([name, text]) => `${name} = ${text}`).join('\n'));
        },
      ),
    );
  });
});
