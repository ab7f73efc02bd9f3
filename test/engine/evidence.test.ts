import { expect, test } from 'vitest';
import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import { randomText } from '../support/cli.ts';
import { viewOf } from '../support/view.ts';

const engine = createEngine(patterns);

async function found(text: string, path = 'src/a.ts'): Promise<string[]> {
  return (await engine.detect(viewOf(text, path))).map(({ ruleId, confidence }) => `${ruleId} ${confidence}`);
}

test('base64 of readable text is no random value; of random bytes it is', async () => {
  const header = Buffer.from('{"typ":"JWT","alg":"EdDSA","kid":"Q7"}').toString('base64url');
  expect(await found(`const anchor = '${header}';\n`)).toEqual([]);
  const random = `${randomText(20)}7aZ${randomText(21)}`;
  expect(await found(`const anchor = '${random}';\n`)).toEqual(['generic-high-entropy possible']);
});

test('the digits of an encoding are no random value', async () => {
  const bech32 = ['qpzry9x8gf2tvdw0', 's3jn54khce6mua7l'].join('');
  expect(await found(`const digits = '${bech32}';\n`)).toEqual([]);
});

test.each([
  'YOUR_API_KEY',
  'pfx-YOUR_API_KEY',
  'sk_your-secret-token',
  'abc.your_own_client_secret',
  'x1-YOUR_KEY_HERE',
])('a placeholder in words behind a prefix: %s', async (value) => {
  expect(await found(`SHOP_API_KEY=${value}\n`, 'deploy.sh')).toEqual([]);
});

test('a value that only begins like a placeholder is judged', async () => {
  expect(await found(`SHOP_API_KEY=your_${randomText(30)}7Q\n`, 'deploy.sh')).toHaveLength(1);
});

test.each(['my', 'My', 'foo', 'BAR'])('a short word between digits of a random value is chance: %s', async (word) => {
  const value = `${randomText(21)}9${word}7${randomText(15)}`;
  expect(await found(`const api_key = '${value}';\n`)).toEqual(['generic-api-key-assignment likely']);
});

test.each(['dist/app.min.js', 'vendor/pay/client.js', 'package-lock.json'])(
  'a shape that nothing else has counts in a file full of random values: %s',
  async (path) => {
    const key = ['sk', 'live', `51${randomText(97)}`].join('_');
    expect(await found(`x="${key}"\n`, path)).toEqual(['stripe-live-secret-key likely']);
  },
);

test.each([
  ['a colour', 'Token: "#81a1c1",', 'styles/nord.py'],
  ['a colour with a style', 'token = "bold #66d9ef"', 'styles/monokai.py'],
  ['an object identifier', 'OID_SERVER_AUTH = []byte("1.3.6.1.5.5.7.3.1")', 'oids.go'],
  ['a mechanism', `capabilities = 'LOGINDISABLED AUTH=CRAM-MD5'`, 'imap.py'],
  [
    'a key that makes a request safe to repeat',
    '"clientRequestToken": "1d2129a1-3d38-460a-9756-e5b91fddb951",',
    'eks.json',
  ],
  ['a page of a listing', '"output_token": "Jobs[-1].JobId",', 'paginators.json'],
])('%s is no credential', async (_what, line, path) => {
  expect(await found(`${line}\n`, path)).toEqual([]);
});

test('what documentation marks as an example within a token', async () => {
  const token = (middle: string): string => `AQoDYXdzEPT${randomText(20)}${middle}${randomText(60)}7aZ`;
  expect(await found(`"SessionToken": "${token('w')}"\n`, 'sts.json')).toHaveLength(1);
  expect(await found(`"SessionToken": "${token('wEXAMPLEtc')}"\n`, 'sts.json')).toEqual([]);
});

test.each(['p@ssw0rd', 'passwo^rd', 's3cr3t'])(
  '%s is a weak word: in tests, samples and comments it never blocks',
  async (word) => {
    for (const [line, path] of [
      [`connect(password="${word}")`, 'tests/test_db.py'],
      [`connect(password="${word}")`, 'examples-1.py'],
      [`# connect(password="${word}")`, 'src/db.py'],
    ] as const) {
      expect((await found(`${line}\n`, path)).filter((told) => told.endsWith('likely'))).toEqual([]);
    }
  },
);

test('the password of a Basic credential is judged, not its Base64', async () => {
  const header = (text: string): string => `Authorization: Basic ${Buffer.from(text).toString('base64')}\n`;
  const rule = 'http-basic-authorization-header';
  expect(await found(header(`deploy:${randomText(20)}7aZ`), 'tests/proxy_test.go')).toEqual([`${rule} likely`]);
  expect(await found(header('app:password'), 'tests/proxy_test.go')).not.toContain(`${rule} likely`);
  // Not a name and a password.
  expect(await found(`Authorization: Basic ${randomText(24)}\n`, 'tests/auth_test.go')).not.toContain(`${rule} likely`);
});

const blocking = async (text: string, path: string): Promise<string[]> =>
  (await found(`${text}\n`, path)).filter((told) => !told.endsWith('possible'));

test.each(['lsdajfh923874', 'qwe089234lkjsdf', 'dfskdjhfkhsjdhfkjhsdf', '89h3f98hbwf987h3f98wenf'])(
  'keys beaten at random never block: %s',
  async (value) => {
    expect(await blocking(`oauth_token_secret = "${value}"`, 'src/session.py')).toEqual([]);
  },
);

test.each(['s00pers3cret', 'conta1n3rize14', 'g0ph3r', 'T0pS3cr3t'])(
  'a word with digits for letters never blocks in a test or a document: %s',
  async (value) => {
    expect(await blocking(`password: "${value}",`, 'docs/api.md')).toEqual([]);
    expect(await blocking(`Password: "${value}",`, 'rest/config_test.go')).toEqual([]);
  },
);

test('a random value with digits within is no such word', async () => {
  const value = `${randomText(9)}4${randomText(9)}7`;
  expect(await blocking(`db_password = "${value}"`, 'src/db.py')).not.toEqual([]);
});

const bird = 'kestrel';
test('in a docstring a password is a sample', async () => {
  const docstring = `"""Connects.\n\n    connect(\n        password="${bird}",\n    )\n    """\n`;
  expect(await blocking(`def connect():\n    ${docstring}`, 'src/db.py')).toEqual([]);
  expect(await blocking(`${docstring}\nconnect(\n    password="${randomText(12)}9Q!",\n)`, 'src/db.py')).not.toEqual(
    [],
  );
});

test('the password of a service that a build starts is listed only', async () => {
  const line = '          MSSQL_SA_PASSWORD: Kestrel86';
  expect(await blocking(line, '.github/workflows/tests.yml')).toEqual([]);
  expect(await blocking(line, 'deploy/compose.yaml')).not.toEqual([]);
});

test('a token that says nothing of issuer, audience or end is one to show how tokens look', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = Buffer.from(randomText(32)).toString('base64url');
  const token = (claims: object): string => `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${signature}`;
  expect(await blocking(`token = "${token({ some: 'payload' })}"`, 'tests/test_api.py')).toEqual([]);
  expect(
    await blocking(`token = "${token({ sub: 'u-17', iss: 'https://id.acme.test', exp: 4e9 })}"`, 'tests/test_api.py'),
  ).not.toEqual([]);
});

test.each([
  ['a version', '"golang.org/x/oauth2": "v0.38.0",', 'modules.json'],
  ['a constant of a list', 'const ChallengeNamePassword = "Password"', 'api.go'],
  ['the scope of a signature', 'credential := "AKID/19700101/us-east-1/dynamodb/aws4_request"', 'v4.go'],
  ['readable text in base64', '"clientSecret": "YSBzZWNyZXQgdGhpbmc="', 'tokens.json'],
  ['a hash of a password', ['password', '"md5$zjIiKM8EiyfX$a59a82cf344546e7bc09cb5f2246370a"'].join(' = '), 'admin.py'],
])('%s does not block', async (_what, line, path) => {
  expect(await blocking(line, path)).toEqual([]);
});

test('of the login in a Docker configuration, the password is judged', async () => {
  const config = (login: string): string =>
    `{"auths":{"registry.example.org":{"auth":"${Buffer.from(login).toString('base64')}"}}}`;
  expect(await blocking(config('joe:hello'), 'cli/config_test.go')).toEqual([]);
  expect(await blocking(config(`joe:${randomText(20)}`), '.docker/config.json')).not.toEqual([]);
});

test('a value that stands again and again near by in a test is a fixture; the whole text is not searched for it', async () => {
  const line = `secret_key = "${randomText(20)}7aZ"\n`;
  const apart = (bytes: number): string => `${line}${'x\n'.repeat(bytes / 2)}${line}${'x\n'.repeat(bytes / 2)}${line}`;
  expect(await blocking(apart(100), 'tests/keys.py')).toEqual([]);
  expect(await blocking(apart(20_000), 'tests/keys.py')).not.toEqual([]);
});

test.each([
  ['bytes in hex', (hex: string) => `let wrapped = Vec::from_hex("${hex.slice(0, 50)}").unwrap();`, 'src/aes.rs'],
  ['a number in hex', (hex: string) => `static final BigInteger N = new BigInteger("${hex}", 16);`, 'src/N.java'],
  ['a piece of a longer text', (hex: string) => `    "${hex}${hex}" +`, 'mock.go'],
  ['where a list goes on', (hex: string) => `NextToken:  aws.String("${hex}Qx"),`, 'list.go'],
  ["a line of git's protocol", (hex: string) => `S: 003e${hex.slice(0, 40)} refs/heads/debug`, 'doc.go'],
  [
    'the name of a secret',
    () => 'id := "arn:aws:secretsmanager:us-east-1:012345678901:secret:shop-db-9Xq2Lr"',
    'id.go',
  ],
  [
    'what something is taken from',
    () => '<SubjectFromWebIdentityToken>amzn1.account.AF6RHO7KZU5X</SubjectFromWebIdentityToken>',
    'sts.xml',
  ],
  ['what repeats the start of its name', () => 'const scopedToken = "scoped"', 'callout.go'],
  [
    'a checksum of a file',
    (hex: string) => `  "app-0.1.min.js": "${Buffer.from(hex).toString('base64').slice(3, 67)}",`,
    'sri.json',
  ],
  ['versions', () => 'spwd: 3.0-3.12', 'VERSIONS'],
  [
    'a key of the registry',
    () => String.raw`const char* const icvRootKey = "Software\\OpenCV\\HighGUI\\Windows\\";`,
    'w.cpp',
  ],
  ['what it is written in', () => '"accessToken": "base64string",', 'model.json'],
])('%s is no credential', async (_what, line, path) => {
  const hex = Array.from({ length: 64 }, (_, at) => ((at * 7 + at * at * 5 + 3) % 16).toString(16)).join('');
  expect(await found(`${line(hex)}\n`, path)).toEqual([]);
});

test('a password that everyone knows is none better with signs for letters', async () => {
  const line = (word: string): string => `users = [ { user: "admin", pass: "${word}" } ]\n`;
  expect(await found(line('s3cr3t!'), 'server_test.go')).toEqual(await found(line('secret'), 'server_test.go'));
  expect(await found(line('gr4nd-Pi4no!'), 'server_test.go')).toEqual(['generic-password-assignment possible']);
});

test('a module of tests at the end of what it tests', async () => {
  const line = `    let password = "${randomText(9)}/?7{${randomText(9)}}2";\n`;
  const tests = '#[cfg(test)]\n#[allow(clippy::all)]\nmod tests {\n';
  const place = async (text: string, path = 'src/url.rs'): Promise<boolean> =>
    (await engine.detect(viewOf(text, path))).some(({ reasons }) =>
      reasons.some(({ evidence }) => evidence === 'place-test'),
    );
  expect(await place(`${tests}${line}}\n`)).toBe(true);
  expect(await place(`fn connect() {\n${line}}\n${tests}}\n`)).toBe(false);
  expect(await place(`// #[cfg(test)] is for the end\n${line}`)).toBe(false);
  expect(await place(`${tests}${line}}\n`, 'src/url.ts')).toBe(false);
});

test('a key that is shorter than it says never blocks', async () => {
  // DER of 1,189 bytes, of which 48 are there.
  const body = `MIIEpQIBAAKCAQEA${randomText(48)}`;
  const key = (end: string): string => `key = "${['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' ')}\\n${body}${end}"\n`;
  const whole = ['\\n-----END', 'RSA PRIVATE KEY-----'].join(' ');
  for (const end of [whole, `...${whole}`]) {
    for (const match of await engine.detect(viewOf(key(end), 'src/push.ts'))) {
      expect(match.confidence).toBe('possible');
      expect(match.reasons.map(({ evidence }) => evidence)).toContain('key-part');
    }
  }
});

test('what a script that makes certificates sets', async () => {
  const line = `keytool -noprompt -keystore kafka.jks -storepass ${['marz', 'ipan'].join('')}\n`;
  expect(await found(line, 'secrets/create-certs.sh')).toEqual(['java-keystore-password possible']);
  expect(await found(line, 'deploy/start.sh')).toEqual(['java-keystore-password likely']);
});

test('two words in code block nothing', async () => {
  expect(await found('if (diff < 7) token = "nextWeek";\n', 'format.js')).toEqual([
    'generic-api-key-assignment possible',
  ]);
});

test.each(['項目に0より大きいsortorderは使えませんでした', '画面には少なくとも1つのheadlineを置いてください'])(
  'a sentence of a script without blanks never blocks, whatever numbers stand in it: %s',
  async (value) => {
    expect(await blocking(`      "pass": "${value}",\n`, 'locales/ja.json')).toEqual([]);
  },
);

test('a few letters of such a script in a password are no sentence', async () => {
  const [before, behind] = ['Tg7', 'kQ2xZv9'];
  expect(await blocking(`password: "${before}猫犬${behind}"\n`, 'deploy.yaml')).toHaveLength(1);
});

test('a key in hexadecimal digits is not taken for keys beaten at random, whatever chance makes of it', async () => {
  const keys = Array.from({ length: 200 }, () =>
    Buffer.from(Buffer.from(randomText(16)).map((byte, at) => byte * 31 + at * 7)),
  );
  for (const key of keys) {
    const assigned = await engine.detect(viewOf(`SHOP_API_KEY=${key.toString('hex')}\n`, '.env'));
    const [match] = assigned.filter(({ ruleId }) => ruleId === 'generic-api-key-assignment');
    expect(match).toBeDefined();
  }
  const beaten = ['lsdajfh', '923874', 'kjsdhf'].join('');
  const [match] = await engine.detect(viewOf(`SHOP_API_KEY=${beaten}\n`, 'deploy.sh'));
  expect(match?.reasons.map(({ evidence }) => evidence)).toContain('value-mashed');
});
