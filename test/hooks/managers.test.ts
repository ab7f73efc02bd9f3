import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { detectManager, managerNamed } from '../../src/hooks/index.ts';
import { HOOK_NAMES, type ManagerName, type Outcome } from '../../src/hooks/manager.ts';
import { openSite } from '../../src/hooks/site.ts';
import { lefthookProgram, preCommitFramework } from '../support/hook-managers.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { type StubProgram, stubProgram } from '../support/stub-program.ts';
import { snapshot } from '../support/tree.ts';

const MODULES = new URL('../../node_modules', import.meta.url).pathname;
const framework = preCommitFramework();
const lefthook = lefthookProgram();

let repo: TemporaryRepository;
let program: StubProgram;
beforeEach(() => {
  repo = temporaryRepository();
  // Where a project has it: the committed script knows no other place.
  program = stubProgram(repo, join(repo.root, 'node_modules', 'keepmum', 'dist'));
  writeFileSync(join(repo.root, '.git', 'info', 'exclude'), 'node_modules\n');
});
afterEach(() => {
  repo.remove();
});

async function install(name: ManagerName): Promise<Outcome> {
  return managerNamed(name).install(await openSite(repo.root), { hooks: HOOK_NAMES, program });
}
async function uninstall(name: ManagerName): Promise<Outcome> {
  return managerNamed(name).uninstall(await openSite(repo.root), { hooks: HOOK_NAMES, program });
}
async function states(name: ManagerName): Promise<string[]> {
  const site = await openSite(repo.root);
  return managerNamed(name)
    .status(site, { hooks: HOOK_NAMES, program })
    .map(({ state }) => state);
}
function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { code: number | null; text: string } {
  const path = [
    'bin' in framework ? framework.bin : '',
    'bin' in lefthook ? lefthook.bin : '',
    join(MODULES, '.bin'),
    process.env['PATH'] ?? '',
  ].join(delimiter);
  const result = spawnSync(command, args, {
    cwd: repo.root,
    env: { ...repo.env, PATH: path, ...env },
    encoding: 'utf8',
  });
  return { code: result.status, text: result.stdout + result.stderr };
}
/** Commits, merges and pushes; each is seen by keepmum, and each is stopped when keepmum says so. */
async function lifeWithHooks(seen: (hook: string) => readonly string[]): Promise<void> {
  const remote = join(repo.home, 'remote.git');
  repo.git('init', '-q', '--bare', remote);
  repo.git('remote', 'add', 'origin', remote);
  repo.write('a', 'x\n');
  repo.git('add', '-A');
  program.endWith(1);
  const stopped = run('git', ['commit', '-m', 'one']);
  expect(stopped.code).not.toBe(0);
  expect(stopped.text).toContain('secrets were found');
  program.endWith(2);
  expect(run('git', ['commit', '-m', 'one']).text).toContain('the check could not be done');
  program.endWith(0);
  expect(run('git', ['commit', '-m', 'one'])).toMatchObject({ code: 0 });
  repo.git('checkout', '-q', '-b', 'other');
  repo.write('b', 'x\n');
  repo.commit('other');
  repo.git('checkout', '-q', 'main');
  repo.write('c', 'x\n');
  repo.commit('main');
  const before = program.calls().length;
  program.endWith(1);
  expect(run('git', ['merge', '--no-edit', 'other']).code).not.toBe(0);
  // The framework adds the files that it picked.
  const merge = seen('pre-merge-commit');
  expect(
    program
      .calls()
      .slice(before)
      .map(({ args }) => args.slice(0, merge.length)),
  ).toEqual([merge]);
  repo.git('merge', '--abort');
  expect(run('git', ['push', '-q', 'origin', 'main']).code).not.toBe(0);
  program.endWith(0);
  const pushed = run('git', ['push', '-q', 'origin', 'main']);
  expect(pushed).toMatchObject({ code: 0 });
  expect(program.calls().at(-1)?.args).toEqual(seen('pre-push'));
}
const direct = (hook: string): readonly string[] =>
  hook === 'pre-push' ? ['scan', '--push=origin'] : ['scan', '--staged'];

describe('husky', () => {
  beforeEach(() => {
    run('husky', []);
  });

  test('commits, merges and pushes', async () => {
    expect(detectManager(await openSite(repo.root)).manager.name).toBe('husky');
    await install('husky');
    expect(await states('husky')).toEqual(['ours', 'ours', 'ours', 'ours']);
    await lifeWithHooks(direct);
    expect(program.calls().at(-1)?.stdin).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/);
  });

  test('what is there stays, runs, and comes back byte for byte', async () => {
    repo.write('.husky/pre-commit', `echo first >>'${repo.home}/log'`);
    repo.write('.husky/pre-push', `cat >'${repo.home}/refs'\n`);
    const before = snapshot(repo.root);
    await install('husky');
    const installed = snapshot(repo.root);
    expect((await install('husky')).changes.every(({ action }) => action === 'unchanged')).toBe(true);
    expect(snapshot(repo.root)).toEqual(installed);
    await lifeWithHooks(direct);
    expect(readFileSync(join(repo.home, 'log'), 'utf8')).toMatch(/^(first\n)+$/);
    expect(readFileSync(join(repo.home, 'refs'), 'utf8')).toBe(program.calls().at(-1)?.stdin);
    await uninstall('husky');
    const inHusky = (tree: Record<string, string>): [string, string][] =>
      Object.entries(tree).filter(([path]) => /^\.(husky|keepmum)/.test(path));
    expect(inHusky(snapshot(repo.root))).toEqual(inHusky(before));
  });

  test('nothing of this machine is in what is committed', async () => {
    await install('husky');
    for (const file of ['.keepmum/hook.sh', ...HOOK_NAMES.map((hook) => `.husky/${hook}`)]) {
      const text = readFileSync(join(repo.root, file), 'utf8');
      expect(text).not.toContain(repo.root);
      expect(text).not.toContain(repo.home);
    }
  });
});

const LEFTHOOK = `# ours
pre-commit:
  parallel: true   # quick
  commands:
    # the linter
    lint:
      run: "true"
commit-msg:
  jobs:
    - run: "true"
post-merge: {}
`;

describe.skipIf('missing' in lefthook)('lefthook', () => {
  test('commits, merges and pushes', async () => {
    repo.write('lefthook.yml', LEFTHOOK);
    expect(detectManager(await openSite(repo.root)).manager.name).toBe('lefthook');
    await install('lefthook');
    expect(run('lefthook', ['install'])).toMatchObject({ code: 0 });
    expect(await states('lefthook')).toEqual(['ours', 'ours', 'ours', 'ours']);
    await lifeWithHooks(direct);
    expect(program.calls().at(-1)?.stdin).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/);
  });

  test.each([
    ['comments and order', LEFTHOOK],
    ['CRLF', LEFTHOOK.replaceAll('\n', '\r\n')],
    ['no newline at the end', LEFTHOOK.trimEnd()],
    ['an empty hook', 'pre-commit:\ncommit-msg:\n'],
    ['nothing but a comment', '# later\n'],
    ['deep indentation', 'pre-push:\n      commands:\n            x:\n                run: "true"\n'],
    ['not ASCII', '# é ✓\npre-commit:\n  commands:\n    "ü":\n      run: "true"\n'],
  ])('%s: uninstall gives the file back byte for byte', async (_name, text) => {
    repo.write('lefthook.yml', text);
    const before = snapshot(repo.root);
    await install('lefthook');
    const installed = snapshot(repo.root);
    expect(installed).not.toEqual(before);
    await install('lefthook');
    expect(snapshot(repo.root)).toEqual(installed);
    await uninstall('lefthook');
    expect(snapshot(repo.root)).toEqual(before);
  });

  test.each([
    ['lefthook.yml', 'pre-commit: { commands: { a: { run: "true" } } }\n'],
    ['lefthook.yml', 'pre-commit: [\n'],
    ['lefthook.toml', '[pre-commit]\n'],
  ])('%s that cannot be edited is left alone', async (name, text) => {
    repo.write(name, text);
    const before = snapshot(repo.root);
    await expect(install('lefthook')).rejects.toMatchObject({ code: 'hook' });
    expect(snapshot(repo.root)).toEqual(before);
  });

  test('a link is not followed', async () => {
    writeFileSync(join(repo.home, 'outside.yml'), LEFTHOOK);
    symlinkSync(join(repo.home, 'outside.yml'), join(repo.root, 'lefthook.yml'));
    await expect(install('lefthook')).rejects.toMatchObject({ code: 'hook' });
    expect(readFileSync(join(repo.home, 'outside.yml'), 'utf8')).toBe(LEFTHOOK);
  });

  test('a folder that leads out of the repository is not written to', async () => {
    repo.write('lefthook.yml', LEFTHOOK);
    mkdirSync(join(repo.home, 'outside'));
    symlinkSync(join(repo.home, 'outside'), join(repo.root, '.keepmum'));
    await expect(install('lefthook')).rejects.toMatchObject({ code: 'hook' });
    expect(existsSync(join(repo.home, 'outside', 'hook.sh'))).toBe(false);
  });

  test('plain git refuses hooks that lefthook owns', async () => {
    repo.write('lefthook.yml', LEFTHOOK);
    run('lefthook', ['install']);
    await expect(install('git')).rejects.toMatchObject({ fix: 'run `keepmum install lefthook`' });
  });
});

const PRE_COMMIT = `# ours
repos:
# local things
- repo: local
  hooks:
  - id: fine
    name: fine
    language: system
    entry: "true"
    stages: [pre-commit]
`;

describe('the pre-commit framework', () => {
  test.each([
    ['comments', PRE_COMMIT],
    ['CRLF', PRE_COMMIT.replaceAll('\n', '\r\n')],
    ['no newline at the end', PRE_COMMIT.trimEnd()],
    ['empty', 'repos:\n'],
  ])('%s: uninstall gives the file back byte for byte', async (_name, text) => {
    repo.write('.pre-commit-config.yaml', text);
    const before = snapshot(repo.root);
    await install('pre-commit');
    const installed = snapshot(repo.root);
    await install('pre-commit');
    expect(snapshot(repo.root)).toEqual(installed);
    await uninstall('pre-commit');
    expect(snapshot(repo.root)).toEqual(before);
  });

  test.skipIf('missing' in framework)(
    `commits, merges and pushes${'missing' in framework ? ` (skipped: ${framework.missing})` : ''}`,
    async () => {
      repo.write('.pre-commit-config.yaml', PRE_COMMIT);
      expect(detectManager(await openSite(repo.root)).manager.name).toBe('pre-commit');
      await install('pre-commit');
      const types = HOOK_NAMES.flatMap((hook) => ['--hook-type', hook]);
      expect(run('pre-commit', ['install', ...types])).toMatchObject({ code: 0 });
      expect(await states('pre-commit')).toEqual(['ours', 'ours', 'ours', 'ours']);
      repo.git('add', '-A');
      await lifeWithHooks((hook) => ['hook', hook, '--']);
    },
  );
});
