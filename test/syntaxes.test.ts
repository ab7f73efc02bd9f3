/** A made-up token of every format that has a shape of its own, in twenty notations: right rule, place and value. */
import patterns from '#patterns/index';
import { expect, test } from 'vitest';
import { proofNamed } from '../src/detectors/proofs/index.ts';
import { createEngine } from '../src/engine/create.ts';
import { TemplateExpander } from '../src/rules/template.ts';
import { expandExample, RULES, SEED, tokenOf } from './support/rules.ts';
import { viewOf } from './support/view.ts';

const engine = createEngine(patterns);

/** A token put into a notation, by the name of a file that is written so. */
const SYNTAXES: readonly (readonly [path: string, write: (token: string, name: string) => string])[] = [
  ['a.py', (t, n) => `${n} = connect("${t}")\n`],
  ['b.py', (t, n) => `${n} = '${t}'\n`],
  ['a.js', (t, n) => `const ${n} = \`${t}\`;\n`],
  ['a.ts', (t, n) => `export const client = new Client({ ${n}: '${t}' });\n`],
  ['a.go', (t, n) => `${n} := \`${t}\`\n`],
  ['A.java', (t, n) => `private static final String ${n} = "${t}";\n`],
  ['A.cs', (t, n) => `var ${n} = @"${t}";\n`],
  ['a.rb', (t, n) => `${n} = %q(${t})\n`],
  ['a.php', (t, n) => `$${n} = "${t}";\n`],
  ['a.rs', (t, n) => `let ${n} = r"${t}";\n`],
  ['a.json', (t, n) => `{ "${n}": "${t}" }\n`],
  ['a.yaml', (t, n) => `${n}: ${t}\n`],
  ['b.yaml', (t, n) => `${n}: "${t}"\nnext: 1\n`],
  ['c.yaml', (t, n) => `${n}: |\n  ${t}\n`],
  ['a.toml', (t, n) => `${n} = "${t}"\n`],
  ['a.ini', (t, n) => `${n} = ${t}\n`],
  ['a.env', (t, n) => `${n}=${t}\n`],
  ['a.sh', (t, n) => `export ${n}='${t}'\n`],
  ['Dockerfile', (t, n) => `ENV ${n}=${t}\n`],
  ['a.xml', (t, n) => `<${n}>${t}</${n}>\n`],
  ['b.xml', (t, n) => `<add key="${n}" value="${t}" />\n`],
  ['a.tf', (t, n) => `${n} = "${t}"\n`],
  ['a.properties', (t, n) => `${n}=${t}\n`],
  ['a.md', (t, n) => `| ${n} | \`${t}\` |\n`],
];

/** What stands in the notation: the token, or the URL or connection string that it is a part of, and its name. */
function carrierOf(text: string, token: string): { readonly carried: string; readonly name: string } {
  const at = text.indexOf(token);
  const before = /[^\s"'`<>{}]*$/.exec(text.slice(0, at))?.[0] ?? '';
  const after = /^[^\s"'`<>{}]*/.exec(text.slice(at + token.length))?.[0] ?? '';
  const named = /^([A-Za-z_][\w.-]*)[=:]$/.exec(before)?.[1];
  if (named !== undefined && after === '') return { carried: token, name: named };
  return {
    carried: before + token + after,
    name: /([A-Za-z_]\w*)["']?[ \t]*[=:][ \t]*["']?[^\s"']*$/.exec(text.slice(0, at))?.[1] ?? 'value',
  };
}

test('at least 99 of 100 are found', async () => {
  const missed = new Map<string, string[]>();
  let all = 0;
  let found = 0;
  for (const rule of RULES.filter(({ token }) => token !== undefined)) {
    for (const [path, write] of SYNTAXES) {
      const example = expandExample(rule, rule.examples[0] ?? '', new TemplateExpander(`${SEED}/${rule.id}/${path}`));
      const { token } = example;
      if (token === undefined || !example.text.includes(token)) continue;
      const { carried, name } = carrierOf(example.text, token);
      const text = write(carried, name);
      all++;
      const start = Buffer.from(text).indexOf(token);
      const hit = (await engine.detect(viewOf(text, path))).some(
        (match) => match.ruleId === rule.id && match.start >= start && match.end <= start + token.length,
      );
      if (hit) found++;
      else missed.set(rule.id, [...(missed.get(rule.id) ?? []), path]);
    }
  }
  expect(all).toBeGreaterThan(5000);
  // What is missed: a publish profile is XML and a Docker login is JSON, wherever they stand.
  const enough = found / all >= 0.99;
  expect(enough ? [] : [...missed]).toEqual([]);
}, 120_000);

const CHECKED = RULES.filter(
  ({ proof, token }) => token !== undefined && proofNamed(proof?.name)?.complete !== undefined,
);

test.each(CHECKED.map((rule) => ({ id: rule.id, rule })))(
  '$id: with a wrong checksum nothing is proven',
  async ({ id, rule }) => {
    let proven = 0;
    for (let round = 0; round < 8; round++) {
      const token = tokenOf(rule, new TemplateExpander(`${SEED}/checksum/${id}/${round}`));
      const at = token.search(/[0-9A-Za-z](?=[^0-9A-Za-z]*$)/);
      const last = token.charAt(at);
      const other = /[0-9]/.test(last)
        ? last === '2'
          ? '3'
          : '2'
        : /[a-z]/.test(last)
          ? last === 'b'
            ? 'c'
            : 'b'
          : last === 'B'
            ? 'C'
            : 'B';
      const wrong = token.slice(0, at) + other + token.slice(at + 1);
      const text = (value: string): string => `value = "${value}"\n`;
      if ((await engine.detect(viewOf(text(token), 'a.py'))).some(({ confidence }) => confidence === 'proven'))
        proven++;
      expect(await engine.detect(viewOf(text(wrong), 'a.py'))).not.toContainEqual(
        expect.objectContaining({ confidence: 'proven' }),
      );
    }
    // The right one is, unless it needs more than itself around it.
    expect([0, 8]).toContain(proven);
  },
);

test('the As that a second-generation Azure key always holds may have more beside them', async () => {
  const complete = proofNamed('azure-cask')?.complete ?? expect.fail('that proof makes checksums');
  for (const before of ['aA', 'AA', 'AAAAAA']) {
    const templates = new TemplateExpander(`azure/${before}`);
    const head = templates.expand(`\${base62:52}JQQJ99BA\${base62:${12 - before.length}}${before}AAAAAZAC`);
    const [found] = await engine.detect(viewOf(`value = "${head}${complete(head)}"\n`, 'a.py'));
    expect(found?.confidence).toBe('proven');
  }
});

test('a token of one character is filler, whatever its checksum says', async () => {
  const token = `ghp_${'a'.repeat(30)}`;
  const whole = token + (proofNamed('github-crc32')?.complete?.(token) ?? expect.fail('that proof makes checksums'));
  const found = await engine.detect(viewOf(`value = "${whole}"\n`, 'a.py'));
  expect(found).not.toContainEqual(expect.objectContaining({ confidence: 'proven' }));
});
