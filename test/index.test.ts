import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stripeKey } from './support/cli.ts';
import { temporaryRepository, type TemporaryRepository } from './support/repository.ts';

const PACKAGE = new URL('..', import.meta.url).pathname;
const TSC = join(PACKAGE, 'node_modules', 'typescript', 'bin', 'tsc');

/** A project that has `keepmum` in its `node_modules`: the built package, reached by its name. */
function project(): TemporaryRepository {
  const repo = temporaryRepository();
  onTestFinished(() => {
    repo.remove();
  });
  repo.write('package.json', '{"type":"module"}\n');
  repo.write('.gitignore', 'node_modules/\nmain.*\n');
  mkdirSync(join(repo.root, 'node_modules'));
  symlinkSync(PACKAGE, join(repo.root, 'node_modules', 'keepmum'));
  return repo;
}

function runNode(repo: TemporaryRepository, code: string): string {
  writeFileSync(join(repo.root, 'main.mjs'), code);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], {
    cwd: repo.root,
    env: repo.env,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The first code block of docs/library.md. */
function example(): string {
  const code = /```js\n([^]*?)```/.exec(readFileSync(join(PACKAGE, 'docs', 'library.md'), 'utf8'))?.[1];
  if (code === undefined) throw new Error('docs/library.md has no example');
  return code;
}

describe('the library', () => {
  test('the example of docs/library.md runs', () => {
    const repo = project();
    const key = stripeKey();
    repo.write('pay.ts', `const stripe = new Stripe('${key}');\n`);
    repo.git('add', 'pay.ts');
    const lines = runNode(repo, example()).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^pay\.ts:1 stripe-\S+ sk_l\S*\*+/);
    expect(lines[1]).toMatch(/^km1-/);
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain(key.slice(12, 30));
  });

  test('the example type-checks for a consumer at its strictest', () => {
    const repo = project();
    repo.write('main.ts', `${example()}\nconst rule: string | undefined = findings[0]?.rule;\nconsole.log(rule);\n`);
    const args = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noEmit'];
    const types = join(PACKAGE, 'node_modules', '@types');
    const { status, stdout } = spawnSync(
      process.execPath,
      [TSC, ...args, '--module', 'nodenext', '--target', 'es2023', '--typeRoots', types, '--types', 'node', 'main.ts'],
      { cwd: repo.root, encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('settings, thresholds, whole values and errors', () => {
    const repo = project();
    const key = stripeKey();
    repo.write('.keepmum.yaml', 'allow:\n  paths: [old/**]\n');
    repo.write('old/a.ts', `const a = '${key}';\n`);
    repo.write('broken.yaml', 'alow: 1\n');
    const stdout = runNode(
      repo,
      `import { ConfigError, createScanner, KeepmumError, stdinSource, worktreeSource } from 'keepmum';
      const key = ${JSON.stringify(key)};
      const scanner = await createScanner({ cwd: '.', showSecrets: true });
      const tree = await scanner.scanAll(worktreeSource({ cwd: scanner.root }));
      const text = () => stdinSource((async function* () { yield Buffer.from('stripe = "' + key + '"\\n'); })(), 'a.ini');
      const one = await scanner.scanAll(text());
      const plain = await createScanner({ cwd: '.', config: false, failOn: { confidence: 'proven' } });
      const other = await plain.scanAll(text());
      const error = await createScanner({ cwd: '.', config: 'broken.yaml' }).catch((caught) => caught);
      console.log(JSON.stringify({
        tree: [tree.findings.length, tree.summary.skipped.map(({ reason }) => reason)],
        one: [one.findings.length, one.findings[0].secret === key, scanner.blocks(one.findings[0]), one.summary.blocking],
        other: [other.findings.length, 'secret' in other.findings[0], plain.blocks(other.findings[0]), other.summary.blocking],
        error: [error instanceof ConfigError, error instanceof KeepmumError, error.code, error.message, error.fix],
      }));`,
    );
    expect(JSON.parse(stdout)).toEqual({
      tree: [0, expect.arrayContaining(['allow-listed', 'ignored'])],
      one: [1, true, true, 1],
      other: [1, false, false, 0],
      error: [true, true, 'config', expect.stringContaining('broken.yaml'), expect.stringContaining('allow')],
    });
  });
});
