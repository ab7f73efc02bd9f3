import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { DETECTORS } from '../src/detectors/index.ts';
import { proofNamed } from '../src/detectors/proofs/index.ts';
import { compileRuleSet } from '../src/engine/compile.ts';
import { engineOf } from '../src/engine/create.ts';
import type { Engine } from '../src/engine/engine.ts';
import { loadRegexEngine } from '../src/engine/re2.ts';
import { compileRuleFile } from '../src/rules/compile.ts';
import { TemplateExpander } from '../src/rules/template.ts';
import { expandExample, FILE_CLASSES, PATTERNS, RULE_FILES, RULES, SEED } from './support/rules.ts';
import { viewOf } from './support/view.ts';

const pairs = RULE_FILES.flatMap(({ name, file }) => compileRuleFile(file, name));
const set = compileRuleSet(pairs, DETECTORS, FILE_CLASSES);
// Both engines load in turn: the wrapper keeps the last one it was asked for.
const engines: Readonly<Record<'re2' | 're2js', Engine>> = {
  re2: engineOf(set, process.env['KEEPMUM_REGEX'] ?? undefined),
  re2js: engineOf(set, 're2js'),
};

const schema = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(new URL('rule.schema.json', PATTERNS), 'utf8')) as object,
);

test('there are rules, and their ids are unique', () => {
  const ids = RULES.map((rule) => rule.id);
  expect(ids.length).toBeGreaterThanOrEqual(150);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each(RULE_FILES)('$name', ({ file }) => {
  test('follows the schema', () => {
    schema(file);
    expect(schema.errors ?? []).toEqual([]);
  });

  describe.each(file.rules.map((rule) => ({ rule, id: rule.id })))('$id', ({ rule }) => {
    test('has examples, counter-examples and a proof that exists', () => {
      expect(rule.examples.length).toBeGreaterThanOrEqual(2);
      expect(rule.counterExamples.length).toBeGreaterThanOrEqual(2);
      if (rule.proof) expect(proofNamed(rule.proof.name)?.name).toBe(rule.proof.name);
      if (rule.detector) expect(DETECTORS.map((detector) => detector.name)).toContain(rule.detector);
    });

    test.each(rule.examples.map((example, index) => ({ example, index })))(
      `example $index is found by this rule (seed ${SEED})`,
      async ({ example, index }) => {
        const expander = new TemplateExpander(`${SEED}/${rule.id}/${index}`);
        const { text, path, token } = expandExample(rule, example, expander);
        const found = await engines.re2.detect(viewOf(text, path));
        expect(found.map((match) => match.ruleId)).toContain(rule.id);
        const own = found.find((match) => match.ruleId === rule.id);
        if (token !== undefined && text.includes(token) && rule.pattern !== undefined) {
          expect([own?.secret, text]).toEqual([token, text]);
        }
        const same = await engines.re2js.detect(viewOf(text, path));
        expect(same.map(({ ruleId, start, end }) => ({ ruleId, start, end }))).toEqual(
          found.map(({ ruleId, start, end }) => ({ ruleId, start, end })),
        );
      },
    );

    test.each(rule.counterExamples.map((example, index) => ({ example, index })))(
      `counter-example $index is not (seed ${SEED})`,
      async ({ example, index }) => {
        const expander = new TemplateExpander(`${SEED}/${rule.id}/counter/${index}`);
        const { text, path } = expandExample(rule, example, expander);
        const found = await engines.re2.detect(viewOf(text, path));
        expect([found.map((match) => match.ruleId), text]).not.toEqual([expect.arrayContaining([rule.id]), text]);
      },
    );
  });
});

test('both engines compile every pattern', async () => {
  for (const name of [undefined, 're2js']) {
    const engine = await loadRegexEngine(name);
    for (const rule of set.rules) {
      if (rule.pattern !== undefined) expect(() => engine.compile(rule.pattern ?? '', rule.id)).not.toThrow();
    }
  }
});

test.each(['re2', 're2js'] as const)(
  'hostile input of 300 kB an anchor does not hang: %s',
  async (name) => {
    for (const anchor of set.anchorIndex.anchors) {
      const size = name === 're2' ? 300_000 : 30_000;
      await engines[name].detect(viewOf(anchor.repeat(Math.ceil(size / anchor.length))));
    }
    expect(set.anchorIndex.anchors.length).toBeGreaterThan(100);
  },
  120_000,
);
