import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { changesOf, formatBaseline, knownOf, parseBaseline } from '../../src/exposure/changes.ts';
import {
  VERDICTS,
  type Cell,
  type ExposedSecret,
  type MappedAssistant,
  type Place,
  type Verdict,
} from '../../src/exposure/exposure-map.ts';
import { gatherSecrets, type Sighting } from '../../src/exposure/gathering.ts';
import { powerOf } from '../../src/exposure/power.ts';
import { privilegesOf } from '../../src/exposure/privileges.ts';
import { variablesOf } from '../../src/exposure/variables.ts';

function sighting(id: string, place: Partial<Place> = {}, finding: Partial<Finding> = {}): Sighting {
  const at: Place = { standing: 'tracked', path: 'a.ts', line: 1, column: 1, isInHistory: true, ...place };
  return {
    place: at,
    finding: {
      rule: 'stripe-secret-key',
      title: 'A key',
      provider: 'Stripe',
      severity: 'high',
      confidence: 'likely',
      reasons: [],
      path: at.path,
      line: at.line ?? 1,
      column: 1,
      endLine: 1,
      endColumn: 9,
      preview: 'abcd********',
      excerpt: { text: '', start: 0, end: 0 },
      fingerprint: id,
      identity: { class: 'api-key', type: 'workload', grants: 'all', lifetime: 'long-lived' },
      advice: { text: 'Rotate it.' },
      references: [],
      ...finding,
    },
  };
}

describe('gathering', () => {
  test('one secret in several places is one, the places of the working tree first', () => {
    const [secret, ...others] = gatherSecrets([
      sighting('km1-sx', { standing: 'history', path: 'old.ts', commit: 'c' }),
      sighting('km1-sx', { standing: 'ignored', path: '.env' }),
      sighting('km1-sx', { path: 'b.ts' }),
      sighting('km1-sx', { path: 'a.ts' }),
    ]);
    expect(others).toEqual([]);
    expect(secret?.places.map(({ path }) => path)).toEqual(['a.ts', 'b.ts', '.env', 'old.ts']);
  });

  test('the same place twice is one place', () => {
    expect(gatherSecrets([sighting('km1-sx'), sighting('km1-sx')])[0]?.places).toHaveLength(1);
  });

  test('the strongest finding tells what it is', () => {
    const [secret] = gatherSecrets([
      sighting('km1-sx', {}, { severity: 'low', confidence: 'possible', title: 'weak' }),
      sighting('km1-sx', { path: 'z.ts' }, { severity: 'critical', confidence: 'proven', title: 'strong' }),
    ]);
    expect([secret?.title, secret?.severity]).toEqual(['strong', 'critical']);
  });

  test('a finding about a file goes where its values are told', () => {
    const file = (path: string): Sighting => sighting('km1-ffile', { path }, { title: 'environment file' });
    expect(gatherSecrets([file('.env'), sighting('km1-sx', { path: '.env' })])).toHaveLength(1);
    expect(gatherSecrets([file('.env'), sighting('km1-sx', { path: 'b' })])).toHaveLength(2);
  });

  test('the worst comes first, whatever came first', () => {
    const all = (['low', 'critical', 'medium', 'high'] as const).map((severity) =>
      sighting(`km1-s${severity}`, {}, { severity }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const told = gatherSecrets(shuffled).map(({ severity }) => severity);
        expect(told).toEqual(['critical', 'high', 'medium', 'low']);
      }),
      { numRuns: 24 },
    );
  });

  test('a copy under a path of tests makes no test key of one that stands elsewhere', () => {
    const stage = (...paths: string[]): string | undefined =>
      gatherSecrets(paths.map((path) => sighting('km1-sx', { path })))[0]?.power.stage;
    expect(stage('test/a.ts')).toBe('test');
    expect(stage('test/a.ts', 'src/a.ts')).toBe('unknown');
    expect(stage('test/a.ts', 'config/production.yml')).toBe('production');
  });
});

describe('power', () => {
  const of = (finding: Partial<Finding>) => powerOf({ ...sighting('x').finding, ...finding }); // oxlint-disable-line typescript/explicit-function-return-type
  test.each([
    ['stripe-test-secret-key', 'config/production.yml', 'test'],
    ['paddle-sandbox-api-key', 'a.ts', 'test'],
    ['bip32-extended-private-key-testnet', 'a.ts', 'test'],
    ['stripe-live-secret-key', 'test/a.ts', 'production'],
    ['lambdatest-access-key', 'a.ts', 'unknown'],
    ['aws', '.env.production', 'production'],
    ['aws', 'deploy/prod/values.yaml', 'production'],
    ['aws', '.env.local', 'test'],
    ['aws', 'prod/test.yml', 'unknown'],
    ['aws', 'latest/product.ts', 'unknown'],
  ])('%s in %s: %s', (rule, path, stage) => {
    expect(of({ rule, path }).stage).toBe(stage);
  });

  test.each([
    ['long-lived', 'long'],
    ['long-lived (365 days at most)', 'long'],
    ['short-lived', 'short'],
    ['self-describing expiry (exp)', 'short'],
    ['unknown', 'unknown'],
  ])('%s: %s', (lifetime, told) => {
    expect(of({ identity: { ...sighting('x').finding.identity, lifetime } }).lifetime).toBe(told);
  });

  test('whose it is: the account, else what stands beside it', () => {
    const { identity } = sighting('x').finding;
    const pair = [{ what: 'key id', value: 'AKIA1', line: 2 }];
    expect(of({ identity: { ...identity, account: '123', pair } }).holder).toBe('123');
    expect(of({ identity: { ...identity, pair } }).holder).toBe('AKIA1');
    expect(of({})).not.toHaveProperty('holder');
  });
});

describe('variables', () => {
  test('names that tell of a credential, with whose it is', () => {
    const told = variablesOf(
      [
        'PATH',
        'HOME',
        'GITHUB_TOKEN',
        'AWS_SECRET_ACCESS_KEY',
        'HUGGING_FACE_HUB_TOKEN',
        'DB_PASSWORD',
        'SSH_AUTH_SOCK',
        'KEYBOARD',
      ],
      ['GitHub', 'AWS', 'Hugging Face', 'Git'],
    );
    expect(told.map(({ id, power }) => [id, power.provider])).toEqual([
      ['env:AWS_SECRET_ACCESS_KEY', 'AWS'],
      ['env:DB_PASSWORD', 'Generic'],
      ['env:GITHUB_TOKEN', 'GitHub'],
      ['env:HUGGING_FACE_HUB_TOKEN', 'Hugging Face'],
    ]);
  });
});

const WORDS = Object.keys(VERDICTS) as Verdict[];
const cell = (verdict: Verdict): Cell => ({ verdict, channels: [] });
const reader = (id: string, verdicts: readonly Verdict[], inUse = true): MappedAssistant => ({
  id,
  name: id,
  vendor: 'v',
  inUse,
  marks: [],
  verifiedAt: '2026-01',
  isOld: false,
  settings: [],
  cells: verdicts.map(cell),
  privileges: [],
});
const secretsOf = (count: number): ExposedSecret[] =>
  gatherSecrets(Array.from({ length: count }, (_, index) => sighting(`km1-s${index}`, { path: `${index}.ts` })));

describe('privileges', () => {
  test('grouped by provider, holder and stage; only what is open; the worst first', () => {
    const secrets = gatherSecrets([
      sighting('km1-s1', {}, { provider: 'AWS', severity: 'critical' }),
      sighting('km1-s2', {}, { provider: 'AWS', severity: 'medium' }),
      sighting('km1-s2', { path: 'other.ts' }, { provider: 'AWS', severity: 'medium' }),
      sighting('km1-s3', {}, { provider: 'Slack', severity: 'low' }),
      sighting('km1-s4', {}, { provider: 'Hidden' }),
    ]);
    const cells = secrets.map(({ power }) => cell(power.provider === 'Hidden' ? 'blocked' : 'visible'));
    const told = privilegesOf(secrets, cells);
    expect(
      told.map(({ provider, severity, secrets: own, places }) => [provider, severity, own.length, places]),
    ).toEqual([
      ['AWS', 'critical', 2, 3],
      ['Slack', 'low', 1, 1],
    ]);
  });

  test('the widest verdict of a group counts', () => {
    const secrets = gatherSecrets([sighting('km1-s1'), sighting('km1-s2', { path: 'b' })]);
    expect(privilegesOf(secrets, [cell('reachable'), cell('visible')])[0]?.verdict).toBe('visible');
    expect(privilegesOf(secrets, [cell('reachable'), cell('blocked')])[0]?.verdict).toBe('reachable');
  });
});

describe('changes', () => {
  const map = (verdicts: readonly Verdict[]): { assistants: MappedAssistant[]; secrets: ExposedSecret[] } => ({
    assistants: [reader('claude-code', verdicts)],
    secrets: secretsOf(verdicts.length),
  });

  test('nothing is new against itself, and everything open is against nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }), (verdicts) => {
        const one = map(verdicts);
        expect(changesOf(one, knownOf(one))).toEqual([]);
        expect(changesOf(one, parseBaseline(formatBaseline(one)))).toEqual([]);
        const open = verdicts.filter((verdict) => verdict !== 'blocked' && verdict !== 'not-applicable');
        expect(changesOf(one, new Map())).toHaveLength(open.length);
      }),
    );
  });

  test.each([
    ['blocked', 'visible', true],
    ['reachable', 'visible', true],
    ['reachable', 'unknown', true],
    ['visible', 'unknown', false],
    ['unknown', 'visible', false],
    ['visible', 'reachable', false],
    ['not-applicable', 'reachable', true],
    ['visible', 'blocked', false],
  ] as const)('from %s to %s: %s', (was, verdict, isNew) => {
    expect(changesOf(map([verdict]), knownOf(map([was])))).toEqual(
      isNew ? [{ secret: 0, assistant: 'claude-code', verdict, was }] : [],
    );
  });

  test('the baseline holds what is open to those in use, sorted, and may be merged', () => {
    const one = {
      assistants: [
        reader('b', ['visible', 'blocked']),
        reader('a', ['reachable', 'unknown']),
        reader('c', ['visible', 'visible'], false),
      ],
      secrets: secretsOf(2),
    };
    const lines = formatBaseline(one).split('\n').slice(0, -1);
    expect(lines).toHaveLength(3);
    expect(lines).toEqual(lines.toSorted());
    expect(lines.join('')).not.toContain('"c"');
    const merged = parseBaseline(`${lines.join('\n')}\n{"fingerprint":"km1-s0","assistant":"a","verdict":"visible"}\n`);
    expect(merged.get('km1-s0 a')).toBe('visible');
  });

  test.each(['{', '[]', '{"fingerprint":1}', '{"fingerprint":"a","assistant":"b","verdict":"seen"}', 'null'])(
    'a line such as %s is told',
    (line) => {
      expect(() => parseBaseline(`\n${line}\n`)).toThrow('.keepmum-map.jsonl:2');
    },
  );
});
