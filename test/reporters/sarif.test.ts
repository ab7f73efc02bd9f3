import { expect, test } from 'vitest';
import { sarif } from '../../src/reporters/sarif.ts';
import { sarifErrors } from '../support/sarif.ts';
import { plantedRun, write } from '../support/planted.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly {
    physicalLocation: { artifactLocation: { uri: string }; region: { endColumn: number } };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { kind: string; justification: string }[];
}
interface Log {
  readonly runs: readonly {
    readonly columnKind: string;
    readonly tool: { driver: { rules: readonly { id: string; helpUri?: string; help: { text: string } }[] } };
    readonly invocations: readonly {
      executionSuccessful: boolean;
      toolExecutionNotifications: readonly { level: string; message: { text: string }; descriptor?: { id: string } }[];
    }[];
    readonly results: readonly Result[];
  }[];
}

const run = await plantedRun();

/** The one run of the log that a report is. */
function runOf(report: string): Log['runs'][number] {
  const [only] = (JSON.parse(report) as Log).runs;
  if (only === undefined) throw new Error('no run');
  return only;
}

const log = runOf(write(sarif, run));

test.each([
  ['with findings', run],
  ['without', { findings: [], summary: { ...run.summary, findings: 0, skipped: [], notices: [], incomplete: false } }],
])('is valid against the official schema, %s', (_, given) => {
  expect(sarifErrors(JSON.parse(write(sarif, given)))).toEqual([]);
});

test('paths are relative references that give the path back', () => {
  const uris = log.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri ?? '');
  expect(uris.map((uri) => decodeURIComponent(uri))).toEqual(run.findings.map(({ path }) => path));
  for (const uri of uris) {
    expect(uri).toMatch(/^(?:[\w.~!*'()-]|%[0-9A-F]{2}|\/)+$/);
    expect(new URL(uri, 'file:///root/').href).toMatch(/^file:\/\/\/root\//);
  }
});

test('every result names its rule, and rules say what to do', () => {
  for (const { ruleId, ruleIndex } of log.results) expect(log.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  const own = log.tool.driver.rules.find(({ id }) => id === 'acme-live-key');
  expect(own).toMatchObject({ helpUri: 'https://acme.example/keys' });
  expect(own?.help.text).toContain('Roll the key');
  // An address that is none is no link.
  expect(log.tool.driver.rules.find(({ id }) => id === 'own-hostile-rule')).not.toHaveProperty('helpUri');
});

test('columns are UTF-16 units, the fingerprint stays, and what is only possible is milder', () => {
  expect(log.columnKind).toBe('utf16CodeUnits');
  run.findings.forEach((finding, index) => {
    const result = log.results[index];
    expect(result?.partialFingerprints).toEqual({ 'keepmum/v1': finding.fingerprint });
    expect(result?.locations[0]?.physicalLocation.region.endColumn).toBe(finding.endColumn);
  });
  const levels = new Set(
    run.findings.map(({ severity, confidence }, index) => `${severity} ${confidence} ${log.results[index]?.level}`),
  );
  expect([...levels].toSorted()).toEqual([
    'critical likely error',
    'critical proven error',
    'high likely error',
    'medium likely warning',
    'medium possible note',
  ]);
});

test('suppressed results are in it, and say why', () => {
  const suppressed = log.results.flatMap(({ suppressions = [] }) => suppressions);
  expect(suppressed).toMatchObject([{ kind: 'inSource' }, { kind: 'external', justification: 'rotated' }]);
});

test('an invocation that could not examine everything is not successful, and names what', () => {
  const [invocation] = log.invocations;
  expect(invocation?.executionSuccessful).toBe(false);
  expect(
    invocation?.toolExecutionNotifications.map(({ level, descriptor }) => `${level} ${descriptor?.id ?? ''}`),
  ).toEqual(['note not-examined/binary', 'note not-examined/ignored', 'warning not-examined/unreadable', 'note ']);
  const complete = runOf(write(sarif, { ...run, summary: { ...run.summary, incomplete: false } }));
  expect(complete.invocations[0]?.executionSuccessful).toBe(true);
});
