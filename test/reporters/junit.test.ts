import { describe, expect, test } from 'vitest';
import { junit } from '../../src/reporters/junit.ts';
import { plantedRun, write } from '../support/planted.ts';
import { parseXml, type XmlElement } from '../support/xml.ts';

const run = await plantedRun();

function suiteOf(report: string): XmlElement {
  const suite = parseXml(report).children[0];
  if (suite === undefined) throw new Error('no suite');
  return suite;
}

test('is well-formed, and its numbers are those of its cases', () => {
  const suite = suiteOf(write(junit, run, { showSuppressed: true }));
  const cases = suite.children.filter(({ name }) => name === 'testcase');
  const withChild = (name: string): number => cases.filter(({ children }) => children[0]?.name === name).length;
  expect(suite.attributes).toMatchObject({
    tests: String(cases.length),
    failures: String(withChild('failure')),
    skipped: String(withChild('skipped')),
    errors: String(withChild('error')),
  });
  expect([withChild('failure'), withChild('skipped'), withChild('error')]).toEqual([11, 3, 1]);
});

test('a failure says where, why and what to do; a path that means harm is shown as text', () => {
  const suite = suiteOf(write(junit, run));
  const failures = suite.children.flatMap(({ children }) => children).filter(({ name }) => name === 'failure');
  expect(failures[0]?.text.split('\n')).toEqual([
    'at src/pay.ts:3:14',
    '3 | const key = "acme********";',
    'why: a prefix that nothing else has; but: a file of tests',
    'do: Roll the key in the dashboard; the old one works until you end it. https://acme.example/keys',
    expect.stringMatching(/^fingerprint: km1-s/),
  ]);
  const hostile = suite.children.find(({ attributes }) => attributes['file']?.startsWith('evil/'));
  expect(hostile?.attributes['file']).toBe(
    String.raw`evil/a\x1b[31m\n::error::b,c%0Ad]]>=cmd()|` +
      '`e`<img src=x>' +
      String.raw`\u202e&amp;@team #1 \x23#[error]f\x00` +
      '\ufffd.txt',
  );
});

describe('no finding', () => {
  const summary = { ...run.summary, findings: 0, blocking: 0, skipped: [], notices: [], incomplete: false };

  test('is one test that passed, because viewers take an empty suite for a failure', () => {
    const suite = suiteOf(write(junit, { findings: [], summary }));
    expect(suite.attributes).toMatchObject({ tests: '1', failures: '0', errors: '0', skipped: '0' });
    expect(suite.children[0]).toMatchObject({ name: 'testcase', children: [] });
  });

  test('is no pass where something could not be examined', () => {
    const suite = suiteOf(write(junit, { findings: [], summary: { ...run.summary, findings: 0 } }));
    expect(suite.attributes).toMatchObject({ tests: '1', errors: '1' });
  });
});
