/** A value in parts, wherever it is cut and however they are joined, is found whole, and none of its parts is shown. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../src/core/redact.ts';
import { dialectOf } from '../../src/detectors/dialect.ts';
import { unjoined, writtenAs } from '../../src/detectors/literal.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { detect } from '../support/engine.ts';
import { RULES, tokenOf } from '../support/rules.ts';
import { viewOf } from '../support/view.ts';

/** How parts are joined, by the name of a file that is written so. */
const JOINS: readonly (readonly [path: string, join: (parts: readonly string[]) => string])[] = [
  ['a.js', (parts) => parts.map((part) => `"${part}"`).join(' + ')],
  ['b.js', (parts) => parts.map((part, at) => (at % 2 === 0 ? `'${part}'` : `"${part}"`)).join('+')],
  ['c.ts', (parts) => parts.map((part) => `\`${part}\``).join(' +\n    ')],
  ['d.js', (parts) => `[${parts.map((part) => `"${part}"`).join(', ')}].join("")`],
  ['a.py', (parts) => `(${parts.map((part) => `\n    "${part}"`).join('')}\n)`],
  ['b.py', (parts) => parts.map((part) => `'${part}'`).join(' ')],
  ['c.py', (parts) => parts.map((part) => `"${part}"`).join(' \\\n  ')],
  ['a.php', (parts) => parts.map((part) => `'${part}'`).join(' . ')],
  ['a.vb', (parts) => parts.map((part) => `"${part}"`).join(' & _\n  ')],
  ['a.lua', (parts) => parts.map((part) => `"${part}"`).join(' .. ')],
  ['a.c', (parts) => parts.map((part) => `"${part}"`).join('\n    ')],
  ['A.java', (parts) => parts.map((part) => `"${part}"`).join('\n        + ')],
  ['a.ex', (parts) => parts.map((part) => `"${part}"`).join(' <> ')],
  ['a.hs', (parts) => parts.map((part) => `"${part}"`).join(' ++ ')],
  ['a.sql', (parts) => parts.map((part) => `'${part}'`).join(' || ')],
];

/** A text cut at some places into at least two parts, none of them empty. */
function cut(text: string, places: readonly number[], least = 1): readonly string[] {
  const at = [...new Set(places.map((place) => least + (place % (text.length - least - 1))))].toSorted((a, b) => a - b);
  return [0, ...at].map((start, index) => text.slice(start, at[index] ?? text.length));
}

const places = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });
const seed = fc.integer({ min: 0, max: 1e9 });

function quoted(part: string): readonly string[] {
  return ['"', "'", '`'].map((quote) => quote + part + quote);
}

async function foundWhole(
  text: string,
  path: string,
  value: string,
  parts: readonly string[],
  rule: string,
): Promise<void> {
  const view = viewOf(text, path);
  const all = await detect(text, path);
  expect(all.map(({ ruleId, secret }) => [ruleId, secret])).toEqual([[rule, value]]);
  for (const match of all) {
    const last = parts.at(-1) ?? '';
    expect(match.start).toBe(Math.max(...quoted(parts[0] ?? '').map((literal) => text.indexOf(literal) + 1)));
    expect(match.end).toBe(Math.max(...quoted(last).map((literal) => text.lastIndexOf(literal) + 1)) + last.length);
    const shown = excerpt(view, match, all, 500).text;
    // The first characters of a value that a machine made may be seen.
    for (const part of parts) if (part.length > 4) expect(shown).not.toContain(part.slice(0, 5));
  }
}

test.each(JOINS)('a key under a name: %s', async (path, join) => {
  await fc.assert(
    fc.asyncProperty(seed, places, async (number, at) => {
      const value = new TemplateExpander(`joined/${number}`).expand('${base62:40}');
      const parts = cut(value, at);
      await foundWhole(`api_key = ${join(parts)};\n`, path, value, parts, 'generic-api-key-assignment');
    }),
    { numRuns: 25 },
  );
});

const GITHUB = RULES.filter(({ id }) => id === 'github-personal-access-token');

test.each(JOINS.flatMap(([path, join]) => GITHUB.map((rule) => ({ path, join, rule }))))(
  'a token of a provider, cut behind its prefix: $path',
  async ({ path, join, rule }) => {
    await fc.assert(
      fc.asyncProperty(seed, places, async (number, at) => {
        const value = tokenOf(rule, new TemplateExpander(`joined/${number}`));
        const parts = cut(value, at, 4);
        await foundWhole(`x = connect(${join(parts)});\n`, path, value, parts, rule.id);
      }),
      { numRuns: 25 },
    );
  },
);

test('what is left of a text without its joints is the text, and every place in it is known', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z0-9]{1,12}$/), { minLength: 2, maxLength: 6 }), (parts) => {
      const text = `x = ${parts.map((part) => `"${part}"`).join(' + ')};`;
      const joined = unjoined(text, text.indexOf('"', 5), dialectOf(viewOf('', 'a.js')));
      expect(joined?.text).toBe(`x = "${parts.join('')}";`);
      if (joined === undefined) return;
      const spans = writtenAs(joined, 5, 5 + parts.join('').length);
      expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(parts);
    }),
  );
});

test('text of any kind is read to an end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('"', "'", '`', '+', '.', '&', '\\', '\n', ' ', 'a', '[', ']', ',', '#', '(', ')'), {
        maxLength: 60,
      }),
      (signs) => {
        const text = signs.join('');
        for (let at = 0; at < text.length; at++) {
          const joined = unjoined(text, at, dialectOf(viewOf('', 'a.py')));
          if (joined !== undefined) expect(joined.text.length).toBeLessThan(text.length);
        }
      },
    ),
  );
});
