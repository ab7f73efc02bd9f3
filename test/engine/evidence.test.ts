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

test.each(['dist/app.min.js', 'vendor/pay/client.js', 'package-lock.json'])(
  'a shape that nothing else has counts in a file full of random values: %s',
  async (path) => {
    const key = ['sk', 'live', `51${randomText(97)}`].join('_');
    expect(await found(`x="${key}"\n`, path)).toEqual(['stripe-live-secret-key likely']);
  },
);
