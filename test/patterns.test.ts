import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { DETECTORS } from '../src/detectors/index.ts';
import { proofNamed } from '../src/detectors/proofs/index.ts';
import { loadRegexEngine } from '../src/engine/re2.ts';
import type { Example, RuleSource } from '../src/rules/format.ts';
import { halfPattern } from '../src/rules/half-pattern.ts';
import { TemplateExpander } from '../src/rules/template.ts';
import { engines, pairs, set } from './support/rule-set.ts';
import { expandExample, PATTERNS, RULE_FILES, RULES, SEED } from './support/rules.ts';
import { viewOf } from './support/view.ts';

const schema = new Ajv2020({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(new URL('rule.schema.json', PATTERNS), 'utf8')) as object,
);

const regex = await loadRegexEngine('re2js');
const compile = (pattern: string): unknown => regex.compile(pattern, 'half');

function anchorsOf(id: string): readonly string[] {
  return pairs.find((pair) => pair.rule.id === id)?.anchors ?? [];
}

/** As the prefilter compares: a literal with capitals as written, others in any case. */
function holds(text: string, anchor: string): boolean {
  return anchor === anchor.toLowerCase() ? text.toLowerCase().includes(anchor) : text.includes(anchor);
}

test('there are rules, and their ids are unique', () => {
  const ids = RULES.map((rule) => rule.id);
  expect(ids.length).toBeGreaterThanOrEqual(150);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

/** What is wrong with an example: not found, another secret, or not proven where its proof passes. */
async function problemOf(rule: RuleSource, example: string | Example, seed: string): Promise<string | undefined> {
  const { text, path, token } = expandExample(rule, example, new TemplateExpander(`${SEED}/${rule.id}/${seed}`));
  const found = await engines.re2.detect(viewOf(text, path));
  const same = await engines.re2js.detect(viewOf(text, path));
  expect(same.map(({ ruleId, start, end }) => ({ ruleId, start, end }))).toEqual(
    found.map(({ ruleId, start, end }) => ({ ruleId, start, end })),
  );
  if (rule.pattern !== undefined) {
    expect([anchorsOf(rule.id).some((anchor) => holds(text, anchor)), text]).toEqual([true, text]);
  }
  const own = found.find((match) => match.ruleId === rule.id);
  if (own === undefined) return `${text}: found by ${found.map((match) => match.ruleId).join(', ') || 'none'}`;
  const told = own.halves?.map(({ what }) => what) ?? [];
  const missing = (typeof example === 'string' ? [] : (example.pair ?? [])).filter((what) => !told.includes(what));
  if (missing.length > 0) return `${text}: not joined with its ${missing.join(', ')}`;
  if (token === undefined || rule.pattern === undefined || !text.includes(token)) return undefined;
  if (own.secret !== token) return `${text}: took ${own.secret}`;
  const passes = proofNamed(rule.proof?.name)?.check(token).verdict === 'pass';
  return passes && own.confidence !== 'proven' ? `${text}: ${own.confidence} only` : undefined;
}

describe.each(RULE_FILES)('$name', ({ file }) => {
  test('follows the schema', () => {
    schema(file);
    expect(schema.errors ?? []).toEqual([]);
  });

  describe.each(file.rules.map((rule) => ({ rule, id: rule.id })))('$id', ({ rule }) => {
    test('has examples, counter-examples, references, and a proof and a detector that exist', () => {
      expect(rule.examples.length).toBeGreaterThanOrEqual(3);
      expect(rule.counterExamples.length).toBeGreaterThanOrEqual(2);
      if (rule.proof) expect(proofNamed(rule.proof.name)?.name).toBe(rule.proof.name);
      if (rule.detector) expect(DETECTORS.map((detector) => detector.name)).toContain(rule.detector);
      expect(rule.references.length).toBeGreaterThanOrEqual(1);
      for (const reference of rule.references) expect(reference).toMatch(/^https:\/\/[a-z0-9.-]+\.[a-z]{2,}\//);
    });

    test('its examples are in three notations or more', () => {
      const notations = rule.examples.map((example) => {
        const { text, path, token } = expandExample(rule, example, new TemplateExpander(SEED));
        const words = (token === undefined ? text : text.replaceAll(token, 'x')).replaceAll(
          /[\w.$-]+(?:[ \t]+[\w.$-]+)*/g,
          'x',
        );
        return `${words} ${path.split('.').pop() ?? ''}`;
      });
      expect(new Set(notations).size).toBeGreaterThanOrEqual(3);
    });

    test('its halves are found by rules that there are, and that have no halves themselves', () => {
      const ids = (rule.pair ?? []).flatMap((half) => half.rule ?? []);
      expect(ids.filter((id) => !RULES.some((other) => other.id === id && other.pair === undefined))).toEqual([]);
      for (const half of rule.pair ?? []) expect(() => compile(halfPattern(half) ?? '')).not.toThrow();
    });

    test.each(rule.examples.map((example, index) => ({ example, index })))(
      `example $index is found by this rule (seed ${SEED})`,
      async ({ example, index }) => {
        const problem = await problemOf(rule, example, `${index}`);
        if (problem === undefined) return;
        // What is made up may read like a word or a placeholder by chance, but not three times.
        const more = [await problemOf(rule, example, `${index}/2`), await problemOf(rule, example, `${index}/3`)];
        expect([problem, ...more].filter((one) => one !== undefined)).toHaveLength(1);
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
