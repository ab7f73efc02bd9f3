import { describe, expect, it } from 'vitest';
import type { FindingRecord } from '../../src/reporters/record.ts';
import { REPORTERS } from '../../src/reporters/index.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { runCli, scan } from '../support/cli.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';
import { SEED } from '../support/rules.ts';

const random = new TemplateExpander(`pairs/${SEED}`);
/** One that names an account: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const ID = `AKIARZPUZDIK${random.random('BCDFGHKL', 8)}`;
const SECRET = random.random('BCDFGHJKLMNPQRSTVWZbcdfghjkmnpqrstvwz234567', 40);
const HEX = (size: number): string => random.random('0123456789abcdef', size);

const ID_LINE = `aws_access_key_id = ${ID}`;
const SECRET_LINE = `aws_secret_access_key = ${SECRET}`;
const CREDENTIALS = `[default]\n${ID_LINE}\n${SECRET_LINE}\n`;

/** Where findings stand, and with what. */
function told(findings: readonly FindingRecord[]): unknown[] {
  return findings.map(({ rule, line, confidence, identity: { pair = [] } }) => [
    rule,
    line,
    confidence,
    ...pair.map((half) => `${half.what} ${half.line}`),
  ]);
}

function written(path: string, text: string): TemporaryRepository {
  const repo = repository();
  repo.write(path, text);
  return repo;
}

describe('a key id and its secret', () => {
  it('are one finding at the secret, with the account and the masked id', () => {
    const { findings, code } = scan(written('aws.ini', CREDENTIALS), []);
    expect(code).toBe(1);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'aws-secret-access-key',
      line: 3,
      confidence: 'likely',
      identity: {
        account: '123456789012',
        pair: [{ what: 'access key id', value: 'AKIA********', line: 2, rule: 'aws-access-key-id' }],
      },
    });
    expect(findings[0]?.reasons).toContainEqual({
      evidence: 'paired',
      weight: 2,
      text: 'with its access key id AKIA******** 1 line above',
    });
  });

  it('have the fingerprints that they have alone', () => {
    const [joined] = scan(written('aws.ini', CREDENTIALS), []).findings;
    const [alone] = scan(written('aws.ini', `[default]\n${SECRET_LINE}\n`), []).findings;
    expect(joined?.fingerprint).toBe(alone?.fingerprint);
    const line = `s3 = client(${ID_LINE}, ${SECRET_LINE})\n`;
    expect(scan(written('aws.py', line), []).findings[0]?.fingerprint).toBe(alone?.fingerprint);
  });

  it('alone stay what they are', () => {
    expect(told(scan(written('aws.ini', `${ID_LINE}\n`), []).findings)).toEqual([['aws-access-key-id', 1, 'possible']]);
    expect(told(scan(written('aws.ini', `${SECRET_LINE}\n`), []).findings)).toEqual([
      ['aws-secret-access-key', 1, 'likely'],
    ]);
  });

  it('are told by every format, and no format shows either', () => {
    const repo = written('aws.ini', `${CREDENTIALS}# ${ID} ${SECRET}\n`);
    for (const { name } of REPORTERS) {
      const { out, err } = runCli(repo, ['scan', '--format', name]);
      expect([name, out]).toEqual([
        name,
        expect.stringMatching(/access key id AKIA\*{8}|access key id AKIA(?:&#42;){8}|access key id AKIA(?:%2A){8}/),
      ]);
      for (const secret of [ID.slice(6), SECRET.slice(6)]) expect(out + err).not.toContain(secret);
    }
  });

  it('are told by explain and by the rule', () => {
    const repo = written('aws.ini', CREDENTIALS);
    const { out } = runCli(repo, ['explain', 'aws.ini']);
    expect(out).toMatch(/\+2\.00 {2}paired +with its access key id AKIA\*{8} 1 line above/);
    expect(out).toMatch(/aws-access-key-id: possible [^]*It belongs to another finding/);
    expect(out).not.toContain(SECRET);
    expect(runCli(repo, ['rules', 'show', 'aws-secret-access-key']).out).toMatch(
      /joined with access key id: what aws-access-key-id finds/,
    );
  });
});

describe('staged', () => {
  const staged = (before: string, after: string, args: readonly string[] = []): unknown[] => {
    const repo = repository();
    repo.write('aws.ini', before);
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'before', '--no-verify');
    repo.write('aws.ini', after);
    repo.git('add', '-A');
    return told(scan(repo, ['--staged', ...args]).findings);
  };
  const old = ['aws-secret-access-key', 3, 'likely', 'access key id 2'];

  it.each([
    ['both halves are new', '[default]\n', CREDENTIALS, old],
    ['the secret is new', `[default]\n${ID_LINE}\n`, CREDENTIALS, old],
    ['the id is new', `[default]\n${SECRET_LINE}\n`, CREDENTIALS, old],
    [
      'the id is new, below',
      `[a]\n${SECRET_LINE}\n`,
      `[a]\n${SECRET_LINE}\n${ID_LINE}\n`,
      ['aws-secret-access-key', 2, 'likely', 'access key id 3'],
    ],
  ])('%s: one finding', (_, before, after, finding) => {
    expect(staged(before, after)).toEqual([finding]);
  });

  it('neither half is new: nothing', () => {
    expect(staged(CREDENTIALS, `${CREDENTIALS}region = eu-west-1\n`)).toEqual([]);
  });

  it('an old secret beside a new pair is none of this change', () => {
    const other = random.random('BCDFGHJKLMNPQRSTVWZbcdfghjkmnpqrstvwz234567', 40);
    const before = `[old]\naws_secret_access_key = ${other}\n`;
    expect(staged(before, `${before}${CREDENTIALS}`)).toEqual([
      ['aws-secret-access-key', 5, 'likely', 'access key id 4'],
    ]);
  });
});

describe('a public half', () => {
  const client = `8${HEX(31)}`;
  const secret = HEX(32);
  const text = `auth:\n  spotify_client_id: ${client}\n  spotify_client_secret: ${secret}\n`;

  it('is shown whole, as the account; the secret is not, wherever it stands', () => {
    const { findings, out } = scan(written('auth.yaml', text), []);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.identity).toMatchObject({
      account: client,
      pair: [{ what: 'client id', value: client, line: 2 }],
    });
    expect(out).not.toContain(secret.slice(6));
    // Somebody put the secret where the id belongs.
    const wrong = scan(written('auth.yaml', text.replace(client, secret)), []);
    expect(wrong.out).not.toContain(secret.slice(6));
  });
});

describe('two secrets', () => {
  // Not drawn anew: one of some hundred is made of characters as text is, and then merely possible.
  const fixed = new TemplateExpander('pairs/two secrets');
  const [api, app] = [fixed.random('0123456789abcdef', 32), fixed.random('0123456789abcdef', 40)];
  const text = `dd:\n  datadog_api_key: "${api}"\n  datadog_app_key: "${app}"\n`;

  it('are one finding, and both are masked', () => {
    const repo = written('dd.yaml', text);
    const { findings, out } = scan(repo, []);
    expect(told(findings)).toEqual([['datadog-application-key', 3, 'likely', 'API key 2']]);
    expect(out).not.toMatch(new RegExp(`${api.slice(5)}|${app.slice(5)}`));
    expect(runCli(repo, ['scan']).out).not.toMatch(new RegExp(`${api.slice(5)}|${app.slice(5)}`));
  });

  it('an exception for one is none for the other', () => {
    const { findings, code } = scan(
      written('dd.yaml', text.replace(/(?<=app_key.*)$/m, ' # keepmum:allow test account')),
      [],
    );
    expect(told(findings)).toEqual([['datadog-api-key', 2, 'likely']]);
    expect(code).toBe(1);
  });
});

describe('rules of the user', () => {
  const rule = (pair: string): string =>
    [
      'rules:',
      '  - id: acme-secret',
      '    title: Acme secret',
      '    severity: high',
      '    distinctiveness: high',
      "    anchors: ['acme_']",
      "    pattern: '\\b(?P<secret>acme_[0-9a-z]{20})'",
      `    pair: [${pair}]`,
      '',
    ].join('\n');

  it('may have pairs', () => {
    const repo = written(
      '.keepmum.yaml',
      rule("{ what: tenant, names: [tenant_id], value: 't-[0-9]{6}', public: true }"),
    );
    repo.write('a.py', `tenantId = "t-102030"\nkey = "acme_${HEX(20)}"\n`);
    expect(scan(repo, []).findings.find(({ path }) => path === 'a.py')?.identity.pair).toEqual([
      { what: 'tenant', value: 't-102030', line: 1 },
    ]);
  });

  it.each([
    ["{ what: tenant, pattern: '(' }", /^keepmum: .*\.keepmum\.yaml: the pattern of rule acme-secret does not compile/],
    ['{ what: tenant }', /rule acme-secret: pair "tenant" is not known by exactly one way\n {2}fix: give it/],
    [
      '{ what: tenant, rule: aws-acess-key-id }',
      /there is no rule "aws-acess-key-id"\n {2}fix: did you mean aws-access-key-id\?/,
    ],
    ['{ what: tenant, patern: x }', /unknown key "patern"[^\n]*\n {2}fix: did you mean pattern\?/],
  ])('%s is told', (pair, words) => {
    const { code, err } = runCli(written('.keepmum.yaml', rule(pair)), ['scan']);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });
});
