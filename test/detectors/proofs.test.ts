import { spawnSync } from 'node:child_process';
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { crc16, crc24, crc32, digitsOf, hex32 } from '../../src/detectors/proofs/crc.ts';
import { PROOFS, proofNamed } from '../../src/detectors/proofs/index.ts';
import { marvinState } from '../../src/detectors/proofs/marvin.ts';
import type { Proof, ProofResult } from '../../src/detectors/proofs/proof.ts';
import { TemplateExpander } from '../../src/rules/template.ts';

function named(name: string): Proof {
  const proof = proofNamed(name);
  if (proof === undefined) throw new Error(`no proof ${name}`);
  return proof;
}

function check(name: string, secret: string): ProofResult {
  return named(name).check(secret);
}

/** Names of the evidence in a result that weighs anything. */
function weighty(result: ProofResult): string[] {
  return (result.evidence ?? []).filter(({ weight }) => weight !== 0).map(({ evidence }) => evidence);
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = `${BASE62}+/`;

function letterOf(alphabet: string): fc.Arbitrary<string> {
  return fc.constantFrom(...Array.from(alphabet));
}

test('each proof has its own name, a title and a source', () => {
  expect(new Set(PROOFS.map(({ name }) => name)).size).toBe(PROOFS.length);
  for (const { name, title, source } of PROOFS) {
    expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(title.length).toBeGreaterThan(10);
    expect(source).toMatch(/^https:\/\//);
  }
});

test('the schema of rules offers every proof, and no other', () => {
  const schema = readFileSync(new URL('../../patterns/rule.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(schema)).toHaveProperty(
    '$defs.ownRule.properties.proof.properties.name.enum',
    PROOFS.map(({ name }) => name).toSorted(),
  );
});

describe('published check values', () => {
  test('CRC', () => {
    expect(hex32(crc32('hello'))).toBe('3610a686');
    expect(digitsOf(crc32('hello')).padStart(6, '0')).toBe('0zNvy2');
    expect(hex32(crc32('123456789'))).toBe('cbf43926');
    expect(crc24(Buffer.from('123456789'))).toBe(0x21cf02);
    expect(crc16(Buffer.from('123456789'))).toBe(0x31c3);
  });

  test('Marvin32', () => {
    const [p0, p1] = marvinState(Buffer.alloc(0), 0x001bdbcc, 0x004fb61a);
    expect(hex32(p1) + hex32(p0)).toBe('30ed35c100cd3c7d');
  });
});

/** A token with a checksum at its end: bodies of one letter have the published checksum. */
interface Vector {
  readonly proof: string;
  readonly head: (body: string) => string;
  readonly body: readonly [letter: string, length: number];
  /** Characters that bodies are made of. */
  readonly alphabet?: string;
  readonly checksum: string;
}

const VECTORS: readonly Vector[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_'].map((prefix): Vector => ({
    proof: 'github-crc32',
    head: (b) => prefix + b,
    body: ['a', 30],
    checksum: '1yLcDB',
  })),
  { proof: 'github-crc32', head: (b) => `ghr_${b}`, body: ['a', 70], checksum: '0nOcHz' },
  { proof: 'npm-crc32', head: (b) => `npm_${b}`, body: ['a', 30], checksum: '1yLcDB' },
  ...['cfk_', 'cfut_', 'cfat_'].map((prefix): Vector => ({
    proof: 'cloudflare-crc32',
    head: (b) => prefix + b,
    body: ['a', 40],
    checksum: 'c95b8a25',
  })),
  { proof: 'gitlab-routable', head: (b) => `glpat-${b}.01.10`, body: ['a', 36], checksum: '1puzvos' },
  { proof: 'gitlab-routable', head: (b) => `glpat-${b}.10`, body: ['a', 36], checksum: '0e8zr92' },
  { proof: 'grafana-crc32', head: (b) => `glsa_${b}_`, body: ['a', 32], checksum: 'b1a40a94' },
  ...['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'].map((prefix): Vector => ({
    proof: 'vercel-crc32',
    head: (b) => prefix + b,
    body: ['a', 50],
    checksum: '1JZOsH',
  })),
  { proof: 'atlassian-crc32', head: (b) => `ATATT3xFfGF0${b}=`, body: ['a', 171], checksum: 'FEB3CD96' },
  { proof: 'deno-crc32', head: (b) => `ddp_${b}`, body: ['a', 30], checksum: '4JR4oP' },
  { proof: 'apify-crc32', head: (b) => `apify_api_${b}`, body: ['a', 30], checksum: '3BEoow' },
  { proof: 'polar-crc32', head: (b) => `polar_oat_${b}`, body: ['a', 37], checksum: '2sN54l' },
  { proof: 'salad-crc32', head: (b) => `salad_cloud_me_${b}`, body: ['a', 43], checksum: '4SHDYg' },
  { proof: 'zuplo-crc32', head: (b) => `zpka_${b}_`, body: ['a', 32], checksum: 'cab11777' },
  { proof: 'confluent-crc32', head: (b) => `cflt${b}`, body: ['a', 54], checksum: 'KWHF2g' },
  { proof: 'supabase-sha256', head: (b) => `sb_secret_${b}_`, body: ['a', 22], checksum: 'HpTnZZqG' },
  { proof: 'entra-secret', head: (b) => `aaa8Q~${b}`, body: ['a', 31], checksum: 'b-e' },
  { proof: 'azure-marvin', head: (b) => `${b}+ASt`, body: ['A', 76], alphabet: BASE64, checksum: 'vmNvzw==' },
  {
    proof: 'azure-cask',
    head: (b) => `${b.slice(0, 52)}JQQJ99BA${b.slice(52)}AZDO`,
    body: ['A', 68],
    checksum: '4IOp',
  },
];

describe.each(VECTORS)('$proof of $checksum', ({ proof: name, head, body: [letter, length], alphabet, checksum }) => {
  const proof = named(name);
  const vector = head(letter.repeat(length));

  test('has the published checksum', () => {
    expect(proof.complete?.(vector)).toBe(checksum);
    expect(proof.check(vector + checksum).verdict).toBe('pass');
  });

  test('passes on what it completes, and not after any change of one character of the checksum', () => {
    const bodies = fc.string({
      unit: letterOf(alphabet ?? BASE62),
      minLength: length,
      maxLength: length,
    });
    fc.assert(
      fc.property(bodies, fc.nat(), letterOf(`${BASE64}-_=`), (body, place, letterThen) => {
        const text = head(body);
        const end = proof.complete?.(text) ?? '';
        expect(proof.check(text + end).verdict).toBe('pass');
        const at = place % end.length;
        fc.pre(end[at] !== letterThen);
        expect(proof.check(text + end.slice(0, at) + letterThen + end.slice(at + 1)).verdict).not.toBe('pass');
      }),
    );
  });

  test('fails on the checksum of another body', () => {
    const other = head((letter === 'a' ? 'b' : 'B').repeat(length));
    expect(proof.check(other + checksum).verdict).toBe('fail');
  });
});

test('every proof that can complete has a vector', () => {
  const covered = new Set(VECTORS.map(({ proof }) => proof));
  expect(PROOFS.filter((proof) => proof.complete !== undefined && !covered.has(proof.name))).toEqual([]);
});

describe('forms without a checksum are not held against their siblings', () => {
  test.each([
    ['github-crc32', `github_pat_${'a'.repeat(22)}_${'a'.repeat(59)}`],
    ['github-crc32', `ghs_123456_eyJ${'a'.repeat(80)}`],
    ['gitlab-routable', `glpat-${'a'.repeat(20)}`],
    ['cloudflare-crc32', `cfast_${'a'.repeat(48)}`],
    ['entra-secret', `aaa7Q~${'a'.repeat(31)}`],
    ['azure-marvin', `${'a'.repeat(86)}==`],
    ['azure-marvin', `${'a'.repeat(43)}=`],
    ['sentry-token', `sntryu_${'a'.repeat(64)}`],
    ['discord-token', `mfa.${'a'.repeat(84)}`],
    ['clerk-key', `sk_live_${'a'.repeat(42)}`],
    ['elastic-api-key', `${'a'.repeat(20)}:${'b'.repeat(22)}`],
  ])('%s %s', (name, token) => {
    expect(check(name, token)).toEqual({ verdict: 'none' });
  });
});

describe('Azure keys tell service and role', () => {
  const layouts: readonly (readonly [signature: string, offset: number, fact: string])[] = [
    ['+ASt', 76, 'Azure Storage key, role: account'],
    ['ACDb', 76, 'Azure Cosmos DB key, role: read-write'],
    ['APIM', 76, 'Azure API Management key, role: tenant'],
    ['+ABa', 76, 'Azure Batch key, role: account'],
    ['+AMC', 76, 'Azure Machine Learning (classic) key, role: service'],
    ['+ASb', 33, 'Azure Service Bus key, role: system'],
    ['+AEh', 33, 'Azure Event Hubs key, role: system'],
    ['+ARm', 33, 'Azure Relay key, role: system'],
    ['AZEG', 33, 'Azure Event Grid key, role: send and receive'],
    ['AIoT', 33, 'Azure IoT key, role: hub'],
    ['AzCa', 33, 'Azure Cache for Redis key, role: access'],
    ['+ACR', 42, 'Azure Container Registry key, role: access'],
    ['AzSe', 42, 'Azure AI Search key, role: admin'],
    ['AzFu', 44, 'Azure Functions key, role: master'],
  ];
  test.each(layouts)('%s at %d', (signature, offset, text) => {
    const proof = named('azure-marvin');
    const head = 'a'.repeat(offset) + signature;
    const key = head + (proof.complete?.(head) ?? '');
    const result = proof.check(key);
    expect(result.verdict).toBe('pass');
    expect(result.evidence?.map((one) => one.text)).toEqual([text]);
    // One bit of the random part.
    expect(proof.check(`b${key.slice(1)}`).verdict).toBe('fail');
  });

  test('the month of issue stands in keys of the second generation', () => {
    const head = `${'A'.repeat(52)}JQQJ99BC${'A'.repeat(12)}AAABACOG`;
    const key = head + (named('azure-cask').complete?.(head) ?? '');
    expect(check('azure-cask', key).evidence?.[0]?.text).toBe('Azure AI services key, issued 2025-03');
  });

  test('the longer form of the second generation has two digits more', () => {
    const head = `${'A'.repeat(52)}JQQJ99BC${'A'.repeat(12)}AAABACOG`;
    const short = head + (named('azure-cask').complete?.(head) ?? '');
    const letters = Array.from(BASE62);
    const long = letters.flatMap((one) => letters.map((other) => `${short}${one}${other}==`));
    expect(long.filter((key) => check('azure-cask', key).verdict === 'pass')).toHaveLength(1);
  });

  test('a token of Azure DevOps in the old form hides its checksum among its bytes', () => {
    const seeds = { user: 0xe0b9692d, application: 0x1019f92e };
    for (const [kind, seed] of Object.entries(seeds)) {
      const random = Buffer.alloc(28, 7);
      const stored = Buffer.alloc(4);
      stored.writeUInt32BE((crc32(random) ^ seed) >>> 0);
      const bytes = [...random];
      [2, 7, 8, 22].forEach((at, index) => bytes.splice(at, 0, stored[index] ?? 0));
      const token = base32(Buffer.from(bytes)).slice(0, 52);
      const result = check('azure-devops-pat-legacy', token.toLowerCase());
      expect(result.verdict).toBe('pass');
      expect(result.evidence?.[0]?.text).toContain(kind);
      expect(
        check(
          'azure-devops-pat-legacy',
          token.replace(/^./, (c) => (c === 'B' ? 'C' : 'B')),
        ).verdict,
      ).toBe('fail');
    }
  });
});

/** RFC 4648 base32 without padding. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}

function half(count: number): string {
  return 'a'.repeat(count);
}

describe('fixed shapes', () => {
  test.each([
    ['openai-infix', `sk-${half(20)}T3BlbkFJ${half(20)}`, `sk-${half(20)}T3BlbkFJ${half(21)}`],
    ['openai-infix', `sk-proj-${half(74)}T3BlbkFJ${half(74)}`, `sk-proj-${half(74)}T3BlbkFJ${half(58)}`],
    ['openai-infix', `sk-svcacct-${half(58)}T3BlbkFJ${half(58)}`, `sk-svcacct-${half(124)}`],
    ['groq-infix', `gsk_${half(20)}WGdyb3FY${half(24)}`, `gsk_${half(52)}`],
    ['anthropic-suffix', `sk-ant-api03-${half(93)}AA`, `sk-ant-api03-${half(95)}`],
    ['anthropic-suffix', `sk-ant-admin01-${half(93)}AA`, `sk-ant-admin01-${half(92)}AA`],
    ['sendgrid-shape', `SG.${half(22)}.${half(43)}`, `SG.${half(21)}.${half(44)}`],
    ['heroku-base64', `HRKU-${half(60)}`, `HRKU-${half(59)}`],
    [
      'rapidapi-infix',
      `${half(10)}msh${half(15)}p1${half(5)}jsn${half(12)}`,
      `${half(10)}msh${half(15)}p2${half(5)}jsn${half(12)}`,
    ],
  ])('%s', (name, good, bad) => {
    expect(check(name, good).verdict).toBe('pass');
    expect(check(name, bad).verdict).toBe('fail');
    expect(check(name, `${good}a`).verdict).toBe('fail');
  });
});

/** Base64url of JSON. */
function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A signed token, put together at run time. */
function signed(claims: object, key = 'k'.repeat(40), header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('jwt', () => {
  test('tells whom it speaks for and when it ends', () => {
    const result = check('jwt', signed({ sub: 'u-17', iss: 'https://id.example', exp: 1_800_000_000, role: 'admin' }));
    expect(result).toMatchObject({ verdict: 'pass', account: 'u-17', expires: '2027-01-15T08:00:00Z' });
    expect(result.evidence?.map(({ text }) => text)).toEqual(['issuer: https://id.example', 'role: admin']);
    expect(check('jwt', signed({ iss: 'https://id.example' }))).toMatchObject({ account: 'https://id.example' });
  });

  test('an ended one passes too: proofs have no clock', () => {
    expect(check('jwt', signed({ exp: 1 }))).toMatchObject({ verdict: 'pass', expires: '1970-01-01T00:00:01Z' });
  });

  test.each([
    'secret',
    'your-256-bit-secret',
    'a-string-secret-at-least-256-bits-long',
    'super-secret-jwt-token-with-at-least-32-characters-long',
  ])('signed with the published %s: a sample', (key) => {
    const result = check('jwt', signed({ sub: '1234567890', iat: 1_516_239_022 }, key));
    expect(result.verdict).toBe('fail');
    expect(weighty(result)).toEqual(['value-published']);
  });

  test('encrypted: no leak by itself', () => {
    const jwe = [encoded({ alg: 'dir', enc: 'A256GCM' }), '', 'aaaa', 'bbbb', 'cccc'].join('.');
    expect(weighty(check('jwt', jwe))).toEqual(['value-ciphertext']);
    expect(check('jwt', jwe).verdict).toBe('fail');
  });

  test('alg none goes with an empty signature only', () => {
    const text = `${encoded({ alg: 'none' })}.${encoded({ sub: 'a' })}.`;
    expect(check('jwt', text)).toMatchObject({ verdict: 'none', account: 'a' });
    expect(weighty(check('jwt', text))).toEqual(['token-unsigned', 'token-toy']);
    expect(check('jwt', `${text}aaaa`).verdict).toBe('fail');
    expect(check('jwt', `${encoded({ alg: 'HS256' })}.${encoded({ sub: 'a' })}.`).verdict).toBe('fail');
  });

  test('a signature has the length that its algorithm gives', () => {
    const good = signed({ sub: 'a' });
    expect(check('jwt', good.slice(0, -4)).verdict).toBe('fail');
    const text = good.slice(0, good.lastIndexOf('.') + 1);
    expect(check('jwt', `${text}${'a'.repeat(42)}B`).verdict).toBe('pass');
    expect(check('jwt', `${text}${'a'.repeat(45)}`).verdict).toBe('fail');
    for (const size of [31, 33, 64]) {
      expect(check('jwt', text + Buffer.alloc(size, 1).toString('base64url')).verdict).toBe('fail');
    }
    const rsa = `${encoded({ alg: 'RS256' })}.${encoded({ sub: 'a' })}.`;
    expect(check('jwt', rsa + Buffer.alloc(256, 1).toString('base64url')).verdict).toBe('pass');
    expect(check('jwt', rsa + Buffer.alloc(64, 1).toString('base64url')).verdict).toBe('fail');
  });

  test.each([
    ['no algorithm', signed({ sub: 'a' }, 'k', { typ: 'JWT' })],
    ['claims are a list', signed([1])],
    ['two parts', signed({ sub: 'a' }).split('.').slice(0, 2).join('.')],
    ['text behind', `${signed({ sub: 'a' })} `],
    ['a source map', `${Buffer.from('{"version":3}').toString('base64')}.map.js`],
  ])('%s: none', (_, text) => {
    expect(check('jwt', text).verdict).toBe('fail');
  });

  test('what it decodes cannot steer a terminal and is short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (sub) => {
        const account = check('jwt', signed({ sub })).account ?? '';
        expect(account.length).toBeLessThanOrEqual(120);
        // oxlint-disable-next-line no-control-regex -- control characters are the point
        expect(account).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('supabase-jwt', () => {
  const claims = { iss: 'supabase', ref: 'abcdefghijklmnopqrst', role: 'service_role', exp: 2_000_000_000 };

  test('the service role is a secret of its project', () => {
    expect(check('supabase-jwt', signed(claims))).toMatchObject({ verdict: 'pass', account: claims.ref });
  });

  test('the anon role is public', () => {
    for (const name of ['supabase-jwt', 'jwt']) {
      const result = check(name, signed({ ...claims, role: 'anon' }));
      expect([result.verdict, weighty(result)]).toEqual(['fail', ['value-public']]);
    }
  });

  test('the local default is published', () => {
    const result = check('supabase-jwt', signed({ ...claims, iss: 'supabase-demo' }));
    expect([result.verdict, weighty(result)]).toEqual(['fail', ['value-published']]);
  });

  test('tokens of others are none', () => {
    expect(check('supabase-jwt', signed({ ...claims, iss: 'else' }))).toEqual({ verdict: 'fail' });
  });
});

describe('aws-access-key-id', () => {
  test('the published account stands in it, which is no proof of the rest', () => {
    const id = ['AKIA', 'RZPUZDIK', 'A'.repeat(8)].join('');
    expect(check('aws-access-key-id', id)).toEqual({ verdict: 'none', account: '123456789012' });
    expect(check('aws-access-key-id', id.replace('AKIA', 'ASIA')).account).toBe('123456789012');
  });

  test('older ones hold none', () => {
    for (const letter of 'IJ') {
      expect(check('aws-access-key-id', `AKIA${letter}${'8'.repeat(15)}`)).toEqual({ verdict: 'none' });
    }
  });

  test('an account number has at most 12 digits', () => {
    expect(check('aws-access-key-id', `AKIA${'7'.repeat(16)}`)).toEqual({ verdict: 'fail' });
  });
});

describe('tokens that hold JSON or text', () => {
  const tail = 'a'.repeat(43);

  test('sentry-token', () => {
    const claims = {
      iat: 1_700_000_000.5,
      url: 'https://sentry.example',
      region_url: 'https://eu.sentry.example',
      org: 'bills',
    };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64');
    for (const payload of [text, text.replace(/=+$/, '')]) {
      const result = check('sentry-token', `sntrys_${payload}_${tail}`);
      expect(result).toMatchObject({ verdict: 'pass', account: 'bills' });
      expect(result.evidence?.[0]?.text).toBe('issued 2023-11-14T22:13:20Z');
    }
    expect(check('sentry-token', `sntrys_${encoded({ iat: 1 })}_${tail}`).verdict).toBe('fail');
    expect(check('sentry-token', `sntrys_${text}_${tail}a`).verdict).toBe('fail');
  });

  test('grafana-legacy and grafana-cloud', () => {
    const key = 'a'.repeat(32);
    expect(check('grafana-legacy', encoded({ k: key, n: 'ci', id: 1 }))).toMatchObject({
      verdict: 'pass',
      account: 'ci',
    });
    expect(check('grafana-legacy', encoded({ k: key, n: 'ci' })).verdict).toBe('fail');
    expect(check('grafana-cloud', `glc_${encoded({ o: '12', n: 'ci', k: key })}`)).toMatchObject({ verdict: 'pass' });
    expect(check('grafana-cloud', encoded({ o: '12', n: 'ci', k: key })).verdict).toBe('fail');
  });

  test('discord-token', () => {
    const first = Buffer.from('175928847299117063').toString('base64url');
    const result = check('discord-token', `${first}.aaaaaa.${'b'.repeat(38)}`);
    expect(result).toMatchObject({ verdict: 'pass', account: '175928847299117063' });
    // Discord's documentation takes this id apart.
    expect(result.evidence?.[0]?.text).toContain('2016-04-30');
    expect(check('discord-token', `${'M'.repeat(24)}.aaaaaa.${'b'.repeat(38)}`).verdict).toBe('fail');
  });

  test('mapbox-token', () => {
    const payload = encoded({ u: 'bills', a: 'a'.repeat(25) });
    expect(check('mapbox-token', `sk.${payload}.${'a'.repeat(22)}`)).toMatchObject({
      verdict: 'pass',
      account: 'bills',
    });
    const open = check('mapbox-token', `pk.${payload}.${'a'.repeat(22)}`);
    expect([open.verdict, open.account, weighty(open)]).toEqual(['fail', 'bills', ['value-public']]);
    expect(check('mapbox-token', `sk.${encoded({ x: 1, y: 'aaaaaaaa' })}.${'a'.repeat(22)}`)).toEqual({
      verdict: 'fail',
    });
  });

  test('clerk-key', () => {
    const open = check('clerk-key', `pk_test_${Buffer.from('happy.clerk.example$').toString('base64')}`);
    expect([open.verdict, open.account, weighty(open)]).toEqual(['fail', 'happy.clerk.example', ['value-public']]);
    expect(check('clerk-key', `pk_live_${'a'.repeat(24)}`)).toEqual({ verdict: 'fail' });
  });

  test('docker-auth', () => {
    const pair = (text: string): ProofResult => check('docker-auth', Buffer.from(text).toString('base64'));
    expect(pair('ci:n7Gx-4f:Q2')).toEqual({ verdict: 'pass', account: 'ci' });
    expect(pair('AWS:eyJwYXlsb2FkIjoi').evidence?.[0]?.text).toContain('12 hours');
    expect(weighty(pair('user:password'))).toEqual(['value-placeholder']);
    expect(weighty(pair('user:<password>'))).toEqual(['value-placeholder']);
    for (const text of ['no colon', ':password', 'user:', 'us er:word', 'user:a\nb', 'user:\u0000']) {
      expect([text, pair(text)]).toEqual([text, { verdict: 'fail' }]);
    }
    expect(check('docker-auth', Buffer.from([0x75, 0x3a, 0xff, 0xfe]).toString('base64')).verdict).toBe('fail');
  });

  test('elastic-api-key', () => {
    const once = Buffer.from(`${'a'.repeat(20)}:${'b'.repeat(22)}`).toString('base64');
    expect(check('elastic-api-key', once)).toEqual({ verdict: 'pass', account: 'a'.repeat(20) });
    const twice = `essu_${Buffer.from(once).toString('base64')}`;
    expect(check('elastic-api-key', twice)).toEqual({ verdict: 'pass', account: 'a'.repeat(20) });
    expect(check('elastic-api-key', Buffer.from('user:password').toString('base64')).verdict).toBe('fail');
  });

  test('azure-sas', () => {
    const signature = encodeURIComponent(Buffer.alloc(32, 0xfb).toString('base64'));
    const query = `sv=2023-11-03&ss=b&srt=sco&sp=rwl&se=2027-01-01T00%3A00%3A00Z&sig=${signature}`;
    expect(check('azure-sas', query)).toMatchObject({ verdict: 'pass', expires: '2027-01-01T00:00:00Z' });
    expect(check('azure-sas', `?si=policy&sr=b&sv=2023-11-03&sig=${signature}`)).toEqual({ verdict: 'pass' });
    expect(check('azure-sas', query.replace('sp=rwl&', '')).verdict).toBe('fail');
    expect(check('azure-sas', query.slice(0, -8)).verdict).toBe('fail');
    expect(check('azure-sas', query.replace('2023-11-03', '%E0%A4')).verdict).toBe('fail');
  });
});

/** A field of a macaroon: type, length in seven-bit bytes, content. */
function field(type: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([type, ...size]), bytes]);
}

describe('pypi-macaroon', () => {
  const end = Buffer.from([0]);
  const macaroon = (
    caveats: readonly unknown[],
    host = ['pypi', 'org'].join('.'),
    signature = Buffer.alloc(32, 5),
  ): string =>
    `pypi-${Buffer.concat([
      Buffer.from([2]),
      field(1, host),
      field(2, 'b'.repeat(36)),
      end,
      ...caveats.flatMap((caveat) => [field(2, JSON.stringify(caveat)), end]),
      end,
      field(6, signature),
    ]).toString('base64url')}`;

  test('tells projects, user and end', () => {
    expect(check('pypi-macaroon', macaroon([[3, 'user-1']]))).toMatchObject({ verdict: 'pass', account: 'user-1' });
    const scoped = macaroon([
      [0, 1_900_000_000, 1_800_000_000],
      [1, ['bills', 'taxes']],
      [3, 'user-1'],
    ]);
    expect(check('pypi-macaroon', scoped)).toMatchObject({
      verdict: 'pass',
      account: 'bills, taxes',
      expires: '2030-03-17T17:46:40Z',
    });
    const old = macaroon([{ version: 1, permissions: { projects: ['p'.repeat(200)] } }]);
    expect(check('pypi-macaroon', old)).toMatchObject({ verdict: 'pass', account: 'p'.repeat(120) });
    expect(check('pypi-macaroon', macaroon([{ version: 1, permissions: 'user' }])).verdict).toBe('pass');
  });

  test('another host, a short signature, a cut end: none', () => {
    expect(check('pypi-macaroon', macaroon([], 'evil.org')).verdict).toBe('fail');
    expect(check('pypi-macaroon', macaroon([], undefined, Buffer.alloc(31))).verdict).toBe('fail');
    expect(check('pypi-macaroon', macaroon([]).slice(0, -4)).verdict).toBe('fail');
    const longer = Buffer.concat([Buffer.from(macaroon([]).slice(5), 'base64url'), Buffer.alloc(3)]);
    expect(check('pypi-macaroon', `pypi-${longer.toString('base64url')}`).verdict).toBe('fail');
  });
});

/** Text with the escaped line ends of JSON. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

describe('pem', () => {
  const PASSPHRASE = { cipher: 'aes-256-cbc', passphrase: 'pass' };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const keys: readonly (readonly [kind: string, text: string, fact: string])[] = [
    ['PKCS #1', rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), 'RSA, 1024 bits'],
    ['PKCS #8 RSA', rsa.export({ type: 'pkcs8', format: 'pem' }).toString(), 'RSA, 1024 bits'],
    ['SEC 1', p256.export({ type: 'sec1', format: 'pem' }).toString(), 'EC, P-256'],
    ['PKCS #8 EC', p256.export({ type: 'pkcs8', format: 'pem' }).toString(), 'EC, P-256'],
    ...['P-384', 'P-521', 'secp256k1'].map((namedCurve): readonly [string, string, string] => [
      namedCurve,
      generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
      `EC, ${namedCurve}`,
    ]),
    [
      'Ed25519',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'Ed25519',
    ],
    ['Ed448', generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'Ed448'],
    ['X25519', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'X25519'],
    ['X448', generateKeyPairSync('x448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'X448'],
    [
      'DSA',
      generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      'a private key',
    ],
    [
      'RSA-PSS',
      generateKeyPairSync('rsa-pss', { modulusLength: 1024 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      'RSA, 1024 bits',
    ],
  ];

  test.each(keys)('%s', (_, text, fact) => {
    for (const written of [text, escaped(text), text.replace(/\n/g, '\r\n'), escaped(text.replace(/\n/g, '\r\n'))]) {
      const result = check('pem', written);
      expect(result.verdict).toBe('pass');
      expect(result.evidence?.map((one) => one.text)).toEqual([fact]);
    }
  });

  test.each(keys)('%s: nothing cut or changed in its frame passes', (_, text) => {
    const label = /BEGIN ([A-Z ]+)/.exec(text)?.[1] ?? '';
    const body = text.replace(/-----[^-]+-----|\s/g, '');
    const block = (bytes: Uint8Array): string =>
      `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
    const bytes = Buffer.from(body, 'base64');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (size) => {
        expect(check('pem', block(bytes.subarray(0, size))).verdict).toBe('fail');
      }),
    );
    expect(check('pem', block(Buffer.concat([bytes, Buffer.from([0])]))).verdict).toBe('fail');
    expect(check('pem', text.replace(/END/, 'END X')).verdict).toBe('fail');
  });

  /** A block of hexadecimal text. */
  const block = (label: string, hex: string): string =>
    `-----BEGIN ${label}-----\n${Buffer.from(hex.replace(/ /g, ''), 'hex').toString('base64')}\n-----END ${label}-----\n`;
  const KEY = '04'.repeat(32);
  test.each([
    ['PRIVATE KEY', `302e 020100 3005 06032b6570 0422 0420 ${KEY}`, 'pass', 'Ed25519 as RFC 8410 has it'],
    [
      'PRIVATE KEY',
      `30812e 020100 3005 06032b6570 0422 0420 ${KEY}`,
      'fail',
      'a length that is not in its shortest form',
    ],
    ['PRIVATE KEY', `302e 020102 3005 06032b6570 0422 0420 ${KEY}`, 'fail', 'a version from the future'],
    ['PRIVATE KEY', `3030 020100 3005 06032b6570 0422 0420 ${KEY} 0500`, 'fail', 'an element that does not belong'],
    ['PRIVATE KEY', `3030 020100 3005 06032b6570 0422 0420 ${KEY} a000`, 'pass', 'attributes'],
    ['PRIVATE KEY', `302d 020100 3005 06032b6570 0421 041f ${KEY.slice(2)}`, 'fail', 'a key of 31 bytes'],
    ['EC PRIVATE KEY', `3025 020101 0420 ${KEY}`, 'pass', 'SEC 1 without a curve'],
    ['EC PRIVATE KEY', `3025 020100 0420 ${KEY}`, 'fail', 'SEC 1 of another version'],
    ['EC PRIVATE KEY', `3027 020101 0420 ${KEY} 0500`, 'fail', 'SEC 1 with what does not belong'],
    ['EC PRIVATE KEY', `3007 020101 0402 0404`, 'fail', 'a number of 16 bits'],
    ['DSA PRIVATE KEY', `3012 020100 020105 020107 020103 020102 020104`, 'pass', 'DSA'],
    ['DSA PRIVATE KEY', `3012 020100 020185 020107 020103 020102 020104`, 'fail', 'a negative number'],
    ['DSA PRIVATE KEY', `3013 020100 02020005 020107 020103 020102 020104`, 'fail', 'a number with a zero in front'],
    ['RSA PRIVATE KEY', `301b 020100 ${'020105'.repeat(8)}`, 'fail', 'a modulus of three bits'],
  ])('%s %s: %s (%s)', (label, hex, verdict) => {
    expect(check('pem', block(label, hex)).verdict).toBe(verdict);
  });

  test('a passphrase hides what could be checked', () => {
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      const text = rsa.export({ type, format: 'pem', ...PASSPHRASE }).toString();
      expect(check('pem', text)).toEqual({ verdict: 'none' });
    }
  });

  test('bodies of placeholders and public parts are none', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const open = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(check('pem', open).verdict).toBe('fail');
    expect(check('pem', open.replaceAll('PUBLIC', 'PRIVATE')).verdict).toBe('fail');
    for (const body of ['MII', 'MIIEpAIBAAKCAQEA'.repeat(4), 'AAAA'.repeat(40), '']) {
      const text = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\n`;
      expect(check('pem', text).verdict).toBe('fail');
    }
  });

  test('random bytes are no key', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 400 }),
        fc.constantFrom('RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY', 'PRIVATE KEY'),
        (bytes, label) => {
          const text = `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
          expect(check('pem', text).verdict).toBe('fail');
        },
      ),
    );
  });

  test('gcp-service-account: the whole file, with its key', () => {
    const file = {
      type: 'service_account',
      project_id: 'bills-1',
      private_key_id: 'ab'.repeat(20),
      private_key: rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
      client_email: 'ci@bills-1.iam.gserviceaccount.com',
    };
    const text = JSON.stringify(file, null, 2);
    for (const written of [text, Buffer.from(text).toString('base64')]) {
      expect(check('gcp-service-account', written)).toMatchObject({ verdict: 'pass', account: file.client_email });
    }
    for (const change of [
      { type: 'authorized_user' },
      { private_key_id: 'short' },
      { private_key: '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n' },
      { client_email: 'ci@bills-1.iam.gserviceaccount.com.example' },
    ]) {
      expect(check('gcp-service-account', JSON.stringify({ ...file, ...change })).verdict).toBe('fail');
    }
  });
});

const folder = mkdtempSync(join(tmpdir(), 'keepmum-proofs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function has(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).error === undefined;
}

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const done = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

function opensshBlock(content: Buffer): string {
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${content.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

describe('openssh-key', () => {
  const made = new TemplateExpander('openssh').expand('${pem:OPENSSH PRIVATE KEY}');

  test('a made-up key of the right structure', () => {
    expect(check('openssh-key', made)).toMatchObject({ verdict: 'pass', account: 'dev@example.org' });
    expect(check('openssh-key', escaped(made)).verdict).toBe('pass');
  });

  test('nothing cut passes, nor check numbers that differ', () => {
    const bytes = Buffer.from(made.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(check('openssh-key', opensshBlock(bytes)).verdict).toBe('pass');
    for (let size = 0; size < bytes.length; size++) {
      expect(check('openssh-key', opensshBlock(bytes.subarray(0, size))).verdict).toBe('fail');
    }
    // The check numbers stand before the second "ssh-ed25519" and its length.
    const at = bytes.lastIndexOf('ssh-ed25519') - 8;
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(check('openssh-key', opensshBlock(changed)).verdict).toBe('fail');
    const padded = Buffer.from(bytes);
    padded[padded.length - 1] = 9;
    expect(check('openssh-key', opensshBlock(padded)).verdict).toBe('fail');
  });

  test.runIf(has('ssh-keygen', '-?'))('keys of ssh-keygen', () => {
    for (const type of ['ed25519', 'rsa', 'ecdsa']) {
      const path = join(folder, `plain-${type}`);
      run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', `me@${type}`, '-f', path]);
      expect(check('openssh-key', readFileSync(path, 'utf8'))).toMatchObject({
        verdict: 'pass',
        account: `me@${type}`,
      });
      const guarded = join(folder, `guarded-${type}`);
      run('ssh-keygen', ['-q', '-t', type, '-N', 'pass phrase', '-f', guarded]);
      expect(check('openssh-key', readFileSync(guarded, 'utf8'))).toEqual({ verdict: 'none' });
    }
  });
});

/** One packet with the old header. */
const packet = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x81 | (tag << 2), content.length >> 8, content.length & 255]), content]);
const number = (bits: number): Buffer => {
  const bytes = Buffer.alloc(Math.ceil(bits / 8), 0x5a);
  bytes[0] = 1 << ((bits - 1) % 8);
  return Buffer.concat([Buffer.from([bits >> 8, bits & 255]), bytes]);
};
/** An RSA key, version 4; `protection` is the octet that says how the secret part is kept. */
const secretKey = (protection: number): Buffer =>
  packet(
    5,
    Buffer.concat([
      Buffer.from([4, 1, 2, 3, 4, 1]),
      number(1024),
      number(17),
      Buffer.from([protection]),
      number(1023),
      number(512),
    ]),
  );
const user = packet(13, Buffer.from('A B <a@b.example>'));
const armor = (bytes: Buffer, checksum: number | undefined = crc24(bytes)): string => {
  const sum = Buffer.from([checksum >> 16, (checksum >> 8) & 255, checksum & 255]).toString('base64');
  return [
    '-----BEGIN PGP PRIVATE KEY BLOCK-----',
    'Version: 1',
    '',
    ...(bytes.toString('base64').match(/.{1,64}/g) ?? []),
    `=${sum}`,
    '-----END PGP PRIVATE KEY BLOCK-----',
    '',
  ].join('\n');
};

describe('pgp-armor', () => {
  test('an open key with its checksum, or without one', () => {
    const text = armor(Buffer.concat([secretKey(0), user]));
    expect(check('pgp-armor', text)).toMatchObject({ verdict: 'pass', account: 'A B <a@b.example>' });
    expect(check('pgp-armor', text.replace(/^=.{4}$/m, '')).verdict).toBe('pass');
  });

  test('any other checksum fails', () => {
    const bytes = Buffer.concat([secretKey(0), user]);
    const right = crc24(bytes);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (sum) => {
        fc.pre(sum !== right);
        expect(check('pgp-armor', armor(bytes, sum)).verdict).toBe('fail');
      }),
    );
  });

  test('a passphrase weighs against it', () => {
    const result = check('pgp-armor', armor(Buffer.concat([secretKey(254), user])));
    expect([result.verdict, result.account, weighty(result)]).toEqual(['none', 'A B <a@b.example>', ['key-encrypted']]);
  });

  test('what holds no secret key fails', () => {
    expect(check('pgp-armor', armor(user)).verdict).toBe('fail');
    expect(check('pgp-armor', armor(secretKey(0).subarray(0, -1))).verdict).toBe('fail');
    expect(check('pgp-armor', armor(Buffer.from('text'))).verdict).toBe('fail');
  });

  test.runIf(has('gpg', '--version'))('keys of gpg', () => {
    const home = mkdtempSync(join(folder, 'g'));
    const gpg = (passphrase: string, ...args: string[]): string =>
      run('gpg', ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', passphrase, ...args], {
        GNUPGHOME: home,
      });
    try {
      for (const [algorithm, passphrase, verdict] of [
        ['ed25519', '', 'pass'],
        ['rsa1024', '', 'pass'],
        ['future-default', 'pass', 'none'],
      ] as const) {
        const name = `${algorithm}@keepmum.example`;
        gpg(passphrase, '--quick-gen-key', name, algorithm, 'default', 'never');
        const text = gpg(passphrase, '--armor', '--export-secret-keys', name);
        expect(check('pgp-armor', text)).toMatchObject({ verdict, account: name });
      }
    } finally {
      spawnSync('gpgconf', ['--kill', 'gpg-agent'], { env: { ...process.env, GNUPGHOME: home } });
    }
  });
});

/** As puttygen writes it; the MAC is over the fields, each with its length in front. */
const puttyFile = (version: 2 | 3, encryption = 'none', comment = 'me@here'): string => {
  const open = Buffer.alloc(60, 3).toString('base64');
  const hidden = Buffer.alloc(36, 4).toString('base64');
  const fields = ['ssh-ed25519', encryption, comment, Buffer.from(open, 'base64'), Buffer.from(hidden, 'base64')];
  const data = Buffer.concat(
    fields.flatMap((value) => {
      const bytes = Buffer.from(value);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(bytes.length);
      return [size, bytes];
    }),
  );
  const key = createHash('sha1').update('putty-private-key-file-mac-key').digest();
  const mac = version === 3 ? createHmac('sha256', '') : createHmac('sha1', key);
  return [
    `PuTTY-User-Key-File-${version}: ssh-ed25519`,
    `Encryption: ${encryption}`,
    `Comment: ${comment}`,
    'Public-Lines: 2',
    open.slice(0, 64),
    open.slice(64),
    'Private-Lines: 1',
    hidden,
    `Private-MAC: ${mac.update(data).digest('hex')}`,
    '',
  ].join('\n');
};

describe('putty-key', () => {
  test.each([2, 3] as const)('version %d: the MAC is a checksum', (version) => {
    const text = puttyFile(version);
    expect(check('putty-key', text)).toMatchObject({ verdict: 'pass', account: 'me@here' });
    expect(check('putty-key', text.replace(/\n/g, '\r\n')).verdict).toBe('pass');
    expect(check('putty-key', text.replace('me@here', 'me@there')).verdict).toBe('fail');
    const digits = /Private-MAC: (.*)/.exec(text)?.[1] ?? '';
    fc.assert(
      fc.property(fc.nat(digits.length - 1), letterOf('0123456789abcdef'), (at, digit) => {
        fc.pre(digits[at] !== digit);
        const changed = digits.slice(0, at) + digit + digits.slice(at + 1);
        expect(check('putty-key', text.replace(digits, changed)).verdict).toBe('fail');
      }),
    );
  });

  test('a passphrase hides what could be checked', () => {
    expect(check('putty-key', puttyFile(3, 'aes256-cbc'))).toEqual({ verdict: 'none' });
  });

  test.runIf(has('puttygen', '--version') && has('ssh-keygen', '-?'))('keys of puttygen', () => {
    const source = join(folder, 'to-putty');
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me@putty', '-f', source]);
    for (const version of ['2', '3']) {
      const path = join(folder, `v${version}.ppk`);
      run('puttygen', [source, '-O', 'private', '--ppk-param', `version=${version}`, '-o', path]);
      expect(check('putty-key', readFileSync(path, 'utf8'))).toMatchObject({ verdict: 'pass', account: 'me@putty' });
    }
  });
});

describe('every proof is total', () => {
  /** What each proof is made to read, to be damaged. */
  const STARTS = [
    '',
    'ghp_',
    'glpat-',
    'sk-ant-api03-',
    'pypi-',
    'sntrys_',
    'glc_',
    'essu_',
    'AKIA',
    'pk_live_',
    'sk.',
    'pk.',
    '-----BEGIN RSA PRIVATE KEY-----\n',
    '-----BEGIN OPENSSH PRIVATE KEY-----\n',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n',
    'PuTTY-User-Key-File-3: ssh-rsa\n',
    '{"type":"service_account","private_key":',
    'sv=2023-11-03&sig=',
    'eyJhbGciOiJub25lIn0.',
  ];
  const ENDS = [
    '',
    '\n-----END RSA PRIVATE KEY-----',
    '\n-----END OPENSSH PRIVATE KEY-----',
    '\n-----END PGP PRIVATE KEY BLOCK-----',
    '==',
    '.',
    '}',
  ];
  const middles = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc.json(),
  );
  const texts = fc
    .tuple(
      fc.constantFrom(...STARTS),
      fc.array(middles, { maxLength: 3 }),
      fc.constantFrom('', '.', '\n', '_', ':'),
      fc.constantFrom(...ENDS),
    )
    .map(([start, parts, between, end]) => start + parts.join(between) + end);

  test.each(PROOFS.map((proof) => ({ name: proof.name, proof })))('$name: arbitrary text', ({ proof }) => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = proof.check(text);
        expect(['pass', 'fail', 'none']).toContain(result.verdict);
        for (const value of [result.account, result.expires, ...(result.evidence ?? []).map((one) => one.text)]) {
          expect(value ?? '').not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
        proof.complete?.(text);
      }),
      { numRuns: 300 },
    );
  });

  const FILLS = ['a', 'A', '=', '-', '.', '\n', '[', '{"a":', '-----END RSA PRIVATE KEY-----\n', 'a=b&', '%', '\\n'];
  const long = FILLS.flatMap((fill) => [
    fill.repeat((1 << 20) / fill.length),
    ...STARTS.map((start) => start + fill.repeat((1 << 14) / fill.length)),
  ]);

  test.each(PROOFS.map((proof) => ({ name: proof.name, proof })))('$name: long runs of anything', ({ proof }) => {
    for (const text of long) expect(['fail', 'none']).toContain(proof.check(text).verdict);
  });
});
