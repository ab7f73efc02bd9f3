import { describe, expect, it } from 'vitest';
import { runCli, scan, stripeKey } from '../support/cli.ts';
import { repository } from '../support/repositories.ts';

const KEY = stripeKey();
const RULE = 'stripe-live-secret-key';
const TEXT = `the key of the shop is ${KEY} since May`;
const FILLER = Array.from({ length: 30 }, (_, index) => `line ${index + 1} of a file\n`).join('');

function each(written: (digits: string) => string): string {
  return [...Buffer.from(TEXT)].map((byte) => written(byte.toString(16))).join('');
}

const base64 = Buffer.from(TEXT).toString('base64');
const ENCODED: Readonly<Record<string, string>> = {
  Base64: base64,
  'Base64 without digits or signs before the key': `_${base64}`,
  'Base64 over lines': base64.match(/.{1,40}/g)?.join('\n') ?? '',
  UTF16: Buffer.from(TEXT, 'utf16le').toString('base64'),
  hexadecimal: Buffer.from(TEXT).toString('hex'),
  percent: each((digits) => `%${digits}`),
  escapes: each((digits) => String.raw`\u00${digits}`),
  bytes: each((digits) => String.raw`\x${digits}`),
  references: each((digits) => `&#x${digits};`),
};

describe('keepmum scan --staged finds what is encoded in new lines', () => {
  it.each(Object.entries(ENCODED))('%s', (_, encoded) => {
    const repo = repository();
    repo.write('notes.txt', FILLER);
    repo.commit('base');
    repo.write('notes.txt', `${FILLER}${encoded}\n${FILLER}`);
    repo.git('add', '-A');
    const { code, findings } = scan(repo, ['--staged']);
    expect(findings.map(({ rule }) => rule)).toEqual([RULE]);
    expect(findings[0]).toMatchObject({ path: 'notes.txt', line: expect.any(Number) });
    expect(code).toBe(1);
  });

  it('and nothing where the encoded text is old', () => {
    const repo = repository();
    repo.write('notes.txt', `${FILLER}${base64}\n`);
    repo.commit('base');
    repo.write('notes.txt', `${FILLER}${base64}\none more line\n`);
    repo.git('add', '-A');
    expect(scan(repo, ['--staged'])).toMatchObject({ code: 0, findings: [] });
  });
});

describe('no report shows', () => {
  it.each(['text', 'json', 'jsonl', 'sarif', 'junit', 'csv', 'gitlab', 'github', 'markdown'])('%s', (format) => {
    const repo = repository();
    for (const [name, encoded] of Object.entries(ENCODED))
      repo.write(`${name}.txt`, `a = "${encoded}"; b = "${encoded}"\n`);
    repo.write('data.yaml', `kind: Secret\ndata:\n  password: ${Buffer.from(KEY).toString('base64')}\n`);
    const { code, out, err } = runCli(repo, ['scan', '--format', format]);
    expect(code).toBe(1);
    const all = out + err;
    expect(all).not.toContain(KEY);
    // Whatever part of the encoded text is shown, the secret's is not in it.
    for (const encoded of Object.values(ENCODED)) {
      const middle = encoded.split('\n').map((line) => line.slice(-line.length / 2 - 8, -line.length / 2 + 8));
      for (const part of middle) expect(all).not.toContain(part);
    }
    expect(all).not.toContain(Buffer.from(KEY).toString('base64').slice(8, 24));
  });
});
