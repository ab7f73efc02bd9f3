import { describe, expect, test } from 'vitest';
import { json } from '../../src/reporters/json.ts';
import { jsonl } from '../../src/reporters/jsonl.ts';
import { plantedRun, write } from '../support/planted.ts';

/** The contract of `docs/output.md`: these keys, in this order. */
const KEYS = [
  'rule',
  'provider',
  'severity',
  'confidence',
  'reasons',
  'path',
  'line',
  'column',
  'endLine',
  'endColumn',
  'commit',
  'preview',
  'fingerprint',
  'identity',
  'advice',
];

const run = await plantedRun();
const revealed = await plantedRun({ showSecrets: true });

function records(report: string): Record<string, unknown>[] {
  return report
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('jsonl', () => {
  test('one object per line with exactly the keys of the contract, in their order', () => {
    const list = records(write(jsonl, run));
    expect(list).toHaveLength(run.summary.findings);
    for (const record of list) expect(Object.keys(record)).toEqual(KEYS);
  });

  test('suppressed ones where they are asked for, with suppressedBy', () => {
    const list = records(write(jsonl, run, { showSuppressed: true }));
    expect(list.map((record) => Object.keys(record).slice(KEYS.length))).toEqual(
      run.findings.map(({ suppressedBy }) => (suppressedBy === undefined ? [] : ['suppressedBy'])),
    );
  });

  test('secret last, and only with --show-secrets', () => {
    const list = records(write(jsonl, revealed, { showSuppressed: true }));
    expect(list.map((record) => Object.keys(record).at(-1))).toEqual(list.map(() => 'secret'));
    expect(list.map((record) => record['secret'])).toEqual(revealed.secrets.map(({ secret }) => secret));
  });

  test('the values are those of the finding, whatever had to be escaped', () => {
    const list = records(write(jsonl, run, { showSuppressed: true }));
    list.forEach((record, index) => {
      const { title: _, excerpt: __, references: ___, commit = null, ...rest } = run.findings[index] ?? {};
      expect(record).toEqual({ ...rest, commit });
    });
  });

  test('is written as findings come; nothing is left for the end', () => {
    const empty = write(jsonl, { findings: [], summary: run.summary });
    expect(empty).toBe('');
    expect(jsonl.tellsSummary).toBe(false);
  });
});

test('json: version, summary and the same records', () => {
  const report = JSON.parse(write(json, run)) as { version: string; summary: object; findings: unknown[] };
  expect(Object.keys(report)).toEqual(['version', 'summary', 'findings']);
  expect(report.version).toBe('1.2.3');
  expect(report.summary).toMatchObject({
    files: 14,
    findings: 12,
    blocking: 11,
    suppressed: 2,
    incomplete: true,
    elapsed: 1235,
  });
  expect(report.findings).toEqual(records(write(jsonl, run)));
});
