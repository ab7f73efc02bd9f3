import { expect, test } from 'vitest';
import { RuleError } from '../../src/core/errors.ts';
import { DETECTORS } from '../../src/detectors/index.ts';
import { compileRuleSet } from '../../src/engine/compile.ts';
import { compileRule } from '../../src/rules/compile.ts';
import type { RuleSource } from '../../src/rules/format.ts';
import { runCli } from '../support/cli.ts';
import { temporaryRepository } from '../support/repository.ts';

const RULE: RuleSource = {
  id: 'acme-token',
  title: 'Acme token',
  severity: 'high',
  distinctiveness: 'high',
  anchors: ['acme_'],
  pattern: '(?P<secret>acme_[0-9a-z]{20})',
  identity: { class: 'api-key', type: 'workload', grants: 'orders', lifetime: 'long-lived' },
  advice: { text: 'Ask the platform team for a new one.' },
  references: [],
  examples: ['acme_${base36:20}'],
  counterExamples: ['acme_'],
};

function problemOf(change: Partial<RuleSource>): unknown {
  try {
    compileRuleSet([compileRule({ ...RULE, ...change }, 'Acme', 'test')], DETECTORS);
    return undefined;
  } catch (error) {
    return error;
  }
}

test('a rule that names a proof or a detector that does not exist is an error', () => {
  expect(problemOf({})).toBeUndefined();
  expect(problemOf({ proof: { name: 'jwt', onMismatch: 'reject' } })).toBeUndefined();
  const proof = problemOf({ proof: { name: 'jwtt', onMismatch: 'reject' } });
  expect(proof).toBeInstanceOf(RuleError);
  expect(proof).toMatchObject({ message: 'rule acme-token: there is no proof "jwtt"', fix: 'did you mean jwt?' });
  const { pattern: _pattern, anchors: _anchors, ...bare } = RULE;
  expect(() => compileRuleSet([compileRule({ ...bare, detector: 'assignement' }, 'Acme', 'test')], DETECTORS)).toThrow(
    new RuleError('rule acme-token: there is no detector "assignement"', { fix: 'did you mean assignment?' }),
  );
});

test("a user's own rule: file, line and fix", async () => {
  await using repo = temporaryRepository();
  repo.write(
    '.keepmum.yaml',
    JSON.stringify({ rules: [{ ...RULE, proof: { name: 'azure-marvn', onMismatch: 'confirm' } }] }, undefined, 2),
  );
  const { code, out, err } = runCli(repo, ['scan']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(
    /^keepmum: \S*\.keepmum\.yaml:\d+: rules\.0\.proof\.name [^\n]*\n[^\n]*did you mean azure-marvin\?\n$/,
  );
});
