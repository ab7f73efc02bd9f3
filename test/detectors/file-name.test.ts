import { expect, test } from 'vitest';
import patterns from '#patterns/index';
import { createEngine } from '../../src/engine/create.ts';
import { randomText } from '../support/cli.ts';
import { viewOf } from '../support/view.ts';

const engine = createEngine(patterns);

async function rules(path: string, text: string): Promise<string[]> {
  return (await engine.detect(viewOf(text, path))).map(({ ruleId }) => ruleId);
}

test.each(['.env', '.env.production', 'services/pay/.env', 'prod.env', '.envrc', '.dev.vars'])(
  'an environment file with values: %s',
  async (path) => {
    expect(await rules(path, `LOG_LEVEL=info\nDATABASE_PASSWORD=Q7${randomText(12)}\n`)).toContain(
      'committed-env-file',
    );
  },
);

const DEFAULT = 'changeme';

test.each([
  ['.env', 'LOG_LEVEL=info\nPORT=8080\n'],
  ['.env', '# nothing yet\n'],
  ['.env.example', 'DATABASE_PASSWORD=\nAPI_KEY=your-key-here\n'],
  ['.env.sample', `DATABASE_PASSWORD=${DEFAULT}\n`],
  ['env.md', 'DATABASE_PASSWORD=x\n'],
])('%s is no such file with %j', async (path, text) => {
  expect(await rules(path, text)).toEqual([]);
});

test.each(['', 'pwd', 'kEy', 'Foo', 'aUth'])(
  'a template is judged by what it holds: chance spells %j in it',
  async (word) => {
    const value = `q7${randomText(14)}b${word}k${randomText(14)}Zx4`;
    expect(await rules('.env.example', `API_KEY=${value}\n`)).toEqual(['generic-api-key-assignment']);
  },
);

test.each([
  '.netrc',
  'home/.pgpass',
  '.git-credentials',
  '.docker/config.json',
  'kubeconfig',
  'deploy_key',
  'server.key',
])('a credential by its name: %s', async (path) => {
  expect(await rules(path, 'something\n')).toContain('committed-credential-file');
});

test.each(['id_ed25519.pub', 'known_hosts', 'server.crt', 'netrc.md', 'docs/kubeconfig.md'])(
  'harmless by its name: %s',
  async (path) => {
    expect(await rules(path, 'something\n')).toEqual([]);
  },
);

test('an old file that changes is not reported for being there', async () => {
  const { chunk } = viewOf('machine example.net\n', '.netrc');
  const view = viewOf('', '.netrc');
  const old = new (view.constructor as new (from: typeof chunk) => typeof view)({
    ...chunk,
    whole: false,
    newFile: false,
  });
  expect(await engine.detect(old)).toEqual([]);
});
