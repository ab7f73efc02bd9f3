import { createHmac, createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compileRuleSet } from '../../src/engine/compile.ts';
import { engineOf } from '../../src/engine/create.ts';
import { DETECTORS } from '../../src/detectors/index.ts';
import { compileRuleFile } from '../../src/rules/compile.ts';
import { TemplateExpander } from '../../src/rules/template.ts';
import { RULE_FILES } from '../support/rules.ts';
import { viewOf } from '../support/view.ts';

const engine = engineOf(
  compileRuleSet(
    RULE_FILES.flatMap(({ name, file }) => compileRuleFile(file, name)),
    DETECTORS,
  ),
);

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const KEYS: Readonly<Record<string, string>> = {
  'PKCS #1': rsa.export({ type: 'pkcs1', format: 'pem' }).toString(),
  'PKCS #8': rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'SEC 1': generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString(),
  Ed25519: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  OpenSSH: `${new TemplateExpander('key-block').expand('${pem:OPENSSH PRIVATE KEY}')}\n`,
};

/** Ways in which a key stands in source, settings and documents. */
const WRITINGS: Readonly<Record<string, (lines: readonly string[]) => string>> = {
  'a file of its own': (lines) => `${lines.join('\n')}\n`,
  'line ends of Windows': (lines) => `${lines.join('\r\n')}\r\n`,
  JSON: (lines) => JSON.stringify({ key: `${lines.join('\n')}\n` }),
  'JSON inside JSON': (lines) => JSON.stringify(JSON.stringify({ key: lines.join('\n') })),
  'a YAML block': (lines) => `tls:\n  key: |\n${lines.map((line) => `    ${line}\n`).join('')}`,
  'a template literal': (lines) => `const key = \`${lines.join('\n')}\`;`,
  'joined strings': (lines) => `const key =\n${lines.map((line) => `  "${line}\\n"`).join(' +\n')};`,
  'adjacent strings': (lines) => `key = (\n${lines.map((line) => `    "${line}\\n"`).join('\n')}\n)`,
  'adjacent bytes': (lines) => `key = (\n${lines.map((line) => `    b"${line}\\n"`).join('\n')}\n)`,
  'a comment': (lines) => lines.map((line) => `# ${line}\n`).join(''),
  'an environment file': (lines) => `KEY="${lines.join('\\n')}"\n`,
  'Base64 once more': (lines) => `key: ${Buffer.from(`${lines.join('\n')}\n`).toString('base64')}\n`,
};

describe.each(Object.entries(KEYS))('%s', (_, pem) => {
  test.each(Object.entries(WRITINGS))('in %s', async (_writing, write) => {
    const text = write(pem.trimEnd().split('\n'));
    const found = (await engine.detect(viewOf(text))).filter(({ ruleId }) => ruleId.startsWith('private-key'));
    expect(found.map(({ confidence, secret }) => [confidence, secret])).toEqual([['proven', pem]]);
  });
});

test('chance that spells a word within a key says nothing of where it is used', async () => {
  const der = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
  // The key itself begins at byte 16; from a multiple of three on, four characters stand for three bytes.
  Buffer.from('Apns', 'base64').copy(der, 18);
  const body = der.toString('base64');
  expect(body.toLowerCase()).toContain('apns');
  const label = ['PRIVATE', 'KEY'].join(' ');
  const text = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
  const rulesOf = async (written: string): Promise<string[]> =>
    (await engine.detect(viewOf(written, 'notes.txt'))).map(({ ruleId }) => ruleId);
  expect(await rulesOf(text)).toEqual(['private-key-pkcs8-pem']);
  expect(await rulesOf(`apns:\n${text}`)).toEqual(['apple-p8-private-key']);
  expect(await rulesOf(`${text}# apns`)).toEqual(['apple-p8-private-key']);
});

test('a passphrase is told, and no proof claimed', async () => {
  const text = rsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' }).toString();
  const found = await engine.detect(viewOf(text));
  for (const match of found) {
    expect(match.confidence).not.toBe('proven');
    expect(match.reasons.map(({ evidence }) => evidence)).toContain('key-encrypted');
  }
});

test("Google's key file: whose key it is stands beside it", async () => {
  const file = {
    type: 'service_account',
    project_id: 'bills-1',
    private_key_id: 'ab'.repeat(20),
    private_key: KEYS['PKCS #8'],
    client_email: 'ci@bills-1.iam.gserviceaccount.com',
  };
  const text = JSON.stringify(file, undefined, 2);
  const writings = {
    'gcp-service-account-key': [text, JSON.stringify(text), JSON.stringify(file), `key: '${JSON.stringify(file)}'`],
    'gcp-service-account-key-base64': [
      Buffer.from(text).toString('base64'),
      `KEY="${Buffer.from(JSON.stringify(file)).toString('base64')}"`,
    ],
  };
  for (const [rule, texts] of Object.entries(writings)) {
    for (const written of texts) {
      const found = await engine.detect(viewOf(written, 'settings.txt'));
      expect(found.map(({ ruleId, confidence, account }) => [ruleId, confidence, account])).toEqual([
        [rule, 'proven', file.client_email],
      ]);
    }
  }
});

test('PuTTY: proven by its MAC, whose user is named', async () => {
  const blob = Buffer.from(Array.from({ length: 48 }, (_, i) => (i * 89 + 41) % 256)).toString('base64');
  const fields = ['ssh-ed25519', 'none', 'me@putty', Buffer.from(blob, 'base64'), Buffer.from(blob, 'base64')];
  const mac = createHmac('sha1', createHash('sha1').update('putty-private-key-file-mac-key').digest());
  for (const field of fields) {
    const bytes = Buffer.from(field);
    mac.update(Buffer.from([0, 0, 0, bytes.length])).update(bytes);
  }
  const text = [
    'PuTTY-User-Key-File-2: ssh-ed25519',
    'Encryption: none',
    'Comment: me@putty',
    'Public-Lines: 1',
    blob,
    'Private-Lines: 1',
    blob,
    `Private-MAC: ${mac.digest('hex')}`,
    '',
  ];
  for (const end of ['\n', '\r\n']) {
    const found = await engine.detect(viewOf(text.join(end), 'notes.txt'));
    expect(found.map(({ confidence, account }) => [confidence, account])).toEqual([['proven', 'me@putty']]);
  }
});
