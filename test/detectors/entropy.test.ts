import { expect, test } from 'vitest';
import { TemplateExpander } from '../../src/rules/template.ts';
import { tokensIn } from '../../src/detectors/entropy.ts';
import { secretsIn } from '../support/engine.ts';
import { viewOf } from '../support/view.ts';

const made = new TemplateExpander('entropy');
/** Made at run time, so that no line here holds one. */
const T = made.expand('${base62:44}');
const HEX = made.expand('${hex:40}');
const RULE = 'generic-high-entropy';

test.each([
  ['quoted, on a line that speaks of a token', `login("${T}") // api token`],
  ['base64 with its padding', `seed("${made.expand('${base64:43}')}=") // the secret`],
])('found: %s', async (_, text) => {
  expect((await secretsIn(text, 'a.js')).map(([rule]) => rule)).toEqual([RULE]);
});

test.each([
  ['a commit', `const commit = "${HEX}"`, 'a.js'],
  ['a checksum', `sha1 = "${HEX}"`, 'a.py'],
  ['an integrity', `integrity "sha512-${made.expand('${base64:86}')}=="`, 'yarn.lock'],
  ['an image', `src="data:image/png;base64,${made.expand('${base64:64}')}"`, 'a.html'],
  ['words', 'const id = "the_quick_brown_fox_jumps_over_the_lazy_dog"', 'a.js'],
  ['an alphabet in order', 'const a = "abcdefghijklmnopqrstuvwxyz0123456789"', 'a.js'],
  ['a path', 'import x from "components/account/settings/profile"', 'a.js'],
  ['a UUID', `const id = "${made.expand('${uuid}')}"`, 'a.js'],
  ['no quotes and no sign', `see ${T} for more`, 'a.md'],
])('nothing: %s', async (_, text, path) => {
  expect(await secretsIn(text, path)).toEqual([]);
});

test('where a token may stand: quotes, signs, the ends of a text', () => {
  const secrets = (text: string): readonly string[] => tokensIn(viewOf(text, 'a.js')).map(({ secret }) => secret);
  expect(secrets(`"${T}"`)).toEqual([T]);
  expect(secrets(`x=${T}`)).toEqual([T]);
  expect(secrets(`x = ${T}\n`)).toEqual([T]);
  expect(secrets(`x: ${T}`)).toEqual([T]);
  expect(secrets(`f("${T}", '${HEX}')`)).toEqual([T, HEX]);
  expect(secrets(`"${T}'`)).toEqual([]);
  expect(secrets(`"${T.slice(0, 23)}"`)).toEqual([]);
});

test('every length from 24 to 128 is seen, wherever it stands', () => {
  for (let length = 24; length <= 128; length += 13) {
    const token = `7${made.expand(`\${base62:${length - 2}}`)}k`;
    for (let shift = 0; shift < 24; shift++) {
      const found = tokensIn(viewOf(`${' '.repeat(shift)}"${token}"`, 'a.js'));
      expect(found.length).toBeLessThanOrEqual(1);
      // What a short token looks like is chance; that it does not depend on its place is not.
      const first = tokensIn(viewOf(`"${token}"`, 'a.js'));
      expect(found.map(({ secret }) => secret)).toEqual(first.map(({ secret }) => secret));
    }
  }
});

test("a credential's name is another detector's, a line of a bundle nobody's", () => {
  expect(tokensIn(viewOf(`apiKey = "${T}"`, 'a.js'))).toEqual([]);
  expect(tokensIn(viewOf(`${'x '.repeat(600)}"${T}"`, 'a.js'))).toEqual([]);
});

test('a file of tokens is data: no more than 200 of them', () => {
  const text = Array.from({ length: 300 }, () => `"${made.expand('${base62:44}')}"\n`).join('');
  expect(tokensIn(viewOf(text, 'a.csv')).length).toBe(200);
});
