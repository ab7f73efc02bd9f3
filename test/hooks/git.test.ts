import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { git } from '../../src/hooks/git.ts';
import { HOOK_NAMES, type HookName, type Outcome } from '../../src/hooks/manager.ts';
import { openSite } from '../../src/hooks/site.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { type StubProgram, stubProgram } from '../support/stub-program.ts';
import { snapshot } from '../support/tree.ts';

let repo: TemporaryRepository;
let program: StubProgram;
beforeEach(() => {
  repo = temporaryRepository();
  program = stubProgram(repo);
});
afterEach(() => {
  repo.remove();
});

async function install(cwd = repo.root, hooks: readonly HookName[] = HOOK_NAMES): Promise<Outcome> {
  return git.install(await openSite(cwd), { hooks, program });
}
async function uninstall(cwd = repo.root): Promise<Outcome> {
  return git.uninstall(await openSite(cwd), { hooks: HOOK_NAMES, program });
}
async function states(): Promise<Record<string, string>> {
  const list = git.status(await openSite(repo.root), { hooks: HOOK_NAMES, program });
  return Object.fromEntries(list.map(({ hook, state }) => [hook, state]));
}
function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = repo.root,
): { code: number | null; err: string } {
  const result = spawnSync('git', args, { cwd, env: { ...repo.env, ...env }, encoding: 'utf8' });
  return { code: result.status, err: result.stderr };
}
function stage(path: string, content = 'x\n'): void {
  repo.write(path, content);
  repo.git('add', '-A');
}
function hookFile(name: string): string {
  return join(repo.root, '.git', 'hooks', name);
}
function script(path: string, body: string, mode = 0o755): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
}

describe('what each hook starts', () => {
  test('a commit: the staged scan, then the message', async () => {
    await install();
    stage('a');
    expect(run(['commit', '-q', '-m', 'one']).code).toBe(0);
    expect(program.calls().map(({ args }) => args)).toEqual([
      ['scan', '--staged'],
      ['scan', '--commit-message=.git/COMMIT_EDITMSG'],
    ]);
  });

  test('a clean merge: pre-merge-commit', async () => {
    stage('a');
    repo.commit('base');
    repo.git('checkout', '-q', '-b', 'other');
    stage('b');
    repo.commit('other');
    repo.git('checkout', '-q', 'main');
    stage('c');
    repo.commit('main');
    await install();
    program.endWith(1);
    const merge = run(['merge', '-q', '--no-edit', 'other']);
    expect(merge.code).not.toBe(0);
    expect(merge.err).toContain('the merge was stopped: secrets were found');
    expect(program.calls().map(({ args }) => args)).toEqual([['scan', '--staged']]);
  });

  test('a push: what git says about it comes on stdin, for us and for the chained hook', async () => {
    stage('a');
    const id = repo.commit('one');
    const remote = join(repo.home, 'remote.git');
    repo.git('init', '-q', '--bare', remote);
    repo.git('remote', 'add', 'up-stream', remote);
    script(hookFile('pre-push'), `cat >'${repo.home}/seen'; printf '%s|' "$@" >'${repo.home}/args'`);
    await install();
    expect(run(['push', '-q', 'up-stream', 'main']).code).toBe(0);
    const refs = `refs/heads/main ${id} refs/heads/main ${'0'.repeat(40)}\n`;
    expect(program.calls()).toMatchObject([{ args: ['scan', '--push=up-stream'], stdin: refs }]);
    expect(readFileSync(join(repo.home, 'seen'), 'utf8')).toBe(refs);
    expect(readFileSync(join(repo.home, 'args'), 'utf8')).toBe(`up-stream|${remote}|`);
  });

  test('a push that we stop never reaches the chained hook', async () => {
    stage('a');
    repo.commit('one');
    const remote = join(repo.home, 'remote.git');
    repo.git('init', '-q', '--bare', remote);
    script(hookFile('pre-push'), `touch '${repo.home}/ran'`);
    await install();
    program.endWith(1);
    const push = run(['push', '-q', remote, 'main']);
    expect(push.code).not.toBe(0);
    expect(push.err).toContain('the push was stopped');
    expect(existsSync(join(repo.home, 'ran'))).toBe(false);
  });

  test('without a chained hook a push is read as well', async () => {
    stage('a');
    repo.commit('one');
    const remote = join(repo.home, 'remote.git');
    repo.git('init', '-q', '--bare', remote);
    await install();
    expect(run(['push', '-q', remote, 'main']).code).toBe(0);
    expect(program.calls()[0]?.stdin).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/);
  });

  test('only the hooks asked for', async () => {
    await install(repo.root, ['commit-msg']);
    expect(await states()).toEqual({
      'pre-commit': 'none',
      'pre-merge-commit': 'none',
      'commit-msg': 'ours',
      'pre-push': 'none',
    });
  });
});

describe('exit codes and messages', () => {
  test.each([
    [1, 1, 'secrets were found'],
    [2, 2, 'the check could not be done'],
    [134, 2, 'the check could not be done'],
  ])('%i ends with %i', async (code, shown, message) => {
    await install();
    program.endWith(code);
    stage('a');
    const direct = spawnSync(hookFile('pre-commit'), [], { cwd: repo.root, env: repo.env, encoding: 'utf8' });
    expect(direct.status).toBe(shown);
    expect(direct.stderr).toContain(message);
    expect(direct.stderr).toContain('KEEPMUM_SKIP=1 git commit');
    expect(run(['commit', '-q', '-m', 'one']).code).not.toBe(0);
  });

  test('the bypass is announced', async () => {
    await install();
    program.endWith(1);
    stage('a');
    const commit = run(['commit', '-q', '-m', 'one'], { KEEPMUM_SKIP: '1' });
    expect(commit.code).toBe(0);
    expect(commit.err).toContain('the pre-commit check was SKIPPED');
    expect(program.calls()).toEqual([]);
  });

  test('a keepmum that is gone stops the commit', async () => {
    await install();
    rmSync(program.entry);
    stage('a');
    const commit = run(['commit', '-q', '-m', 'one'], { PATH: '/usr/bin:/bin' });
    expect(commit.code).not.toBe(0);
    expect(commit.err).toContain('the keepmum program was not found');
    expect(commit.err).toContain('fix: ');
    expect(await states()).toMatchObject({ 'pre-commit': 'broken' });
  });
});

describe('finding Node and keepmum', () => {
  test('with an empty environment, as programs with a window start git', async () => {
    await install();
    stage('a');
    const bare = { PATH: '/usr/bin:/bin', HOME: repo.home };
    const commit = spawnSync(
      '/usr/bin/env',
      [
        '-i',
        ...Object.entries(bare).map(([k, v]) => `${k}=${v}`),
        'git',
        '-c',
        'user.name=n',
        '-c',
        'user.email=e@example.invalid',
        'commit',
        '-q',
        '-m',
        'one',
      ],
      { cwd: repo.root, encoding: 'utf8' },
    );
    expect(commit.stderr).toBe('');
    expect(commit.status).toBe(0);
    expect(program.calls()).toHaveLength(2);
  });

  test('the newest Node of nvm, and its default', async () => {
    await install();
    const text = readFileSync(hookFile('pre-commit'), 'utf8').replace(/^keepmum_node=.*$/m, 'keepmum_node=');
    writeFileSync(hookFile('pre-commit'), text);
    const tools = join(repo.home, 'tools');
    mkdirSync(tools);
    symlinkSync(spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim(), join(tools, 'git'));
    for (const version of ['v9.0.0', 'v20.1.0', 'v22.2.0']) {
      script(
        join(repo.home, '.nvm/versions/node', version, 'bin/node'),
        `echo ${version} >>'${repo.home}/which'; exec '${process.execPath}' "$@"`,
      );
    }
    const go = (): void => {
      const done = spawnSync(hookFile('pre-commit'), [], {
        cwd: repo.root,
        env: { HOME: repo.home, PATH: tools },
        encoding: 'utf8',
      });
      expect(done.stderr).toBe('');
      expect(done.status).toBe(0);
    };
    go();
    mkdirSync(join(repo.home, '.nvm/alias'));
    writeFileSync(join(repo.home, '.nvm/alias/default'), '20\n');
    go();
    writeFileSync(join(repo.home, '.nvm/alias/default'), 'lts/*\n');
    go();
    expect(readFileSync(join(repo.home, 'which'), 'utf8').split('\n')).toEqual(['v22.2.0', 'v20.1.0', 'v22.2.0', '']);
  });

  test('the project’s own keepmum takes over, unless the repository brought it along', async () => {
    await install();
    rmSync(program.entry);
    const local = stubProgram(repo, join(repo.root, 'node_modules', 'keepmum', 'dist'));
    repo.write('.gitignore', 'node_modules\n');
    stage('a');
    expect(run(['commit', '-q', '-m', 'one'], { PATH: '/usr/bin:/bin' }).code).toBe(0);
    expect(local.calls()).toHaveLength(2);
    repo.git('add', '-f', 'node_modules');
    const commit = run(['commit', '-q', '-m', 'two'], { PATH: '/usr/bin:/bin' });
    expect(commit.code).not.toBe(0);
    expect(local.calls()).toHaveLength(2);
  });

  test('an old Node is named', async () => {
    await install();
    const old = join(repo.home, 'old-node');
    script(old, 'exit 1');
    writeFileSync(
      hookFile('pre-commit'),
      readFileSync(hookFile('pre-commit'), 'utf8').replace(/^keepmum_node=.*$/m, `keepmum_node='${old}'`),
    );
    const done = spawnSync(hookFile('pre-commit'), [], { cwd: repo.root, env: repo.env, encoding: 'utf8' });
    expect(done.status).toBe(2);
    expect(done.stderr).toContain('is too old or does not start');
  });
});

describe('hooks that are there', () => {
  test('run first, and their word counts', async () => {
    script(hookFile('pre-commit'), `echo ran >>'${repo.home}/log'; exit $(cat '${repo.home}/code')`);
    writeFileSync(join(repo.home, 'code'), '0');
    await install();
    stage('a');
    expect(run(['commit', '-q', '-m', 'one']).code).toBe(0);
    expect(program.calls()).toHaveLength(2);
    writeFileSync(join(repo.home, 'code'), '7');
    stage('b');
    expect(run(['commit', '-q', '-m', 'two']).code).not.toBe(0);
    expect(program.calls()).toHaveLength(2);
    expect(readFileSync(join(repo.home, 'log'), 'utf8')).toBe('ran\nran\n');
  });

  test('get the arguments', async () => {
    script(hookFile('commit-msg'), `printf '%s|' "$@" >'${repo.home}/args'`);
    await install();
    stage('a');
    run(['commit', '-q', '-m', 'one']);
    expect(readFileSync(join(repo.home, 'args'), 'utf8')).toBe('.git/COMMIT_EDITMSG|');
  });

  test('a second install changes nothing', async () => {
    script(hookFile('pre-commit'), 'exit 0', 0o750);
    await install();
    const before = snapshot(repo.root);
    const { changes } = await install();
    expect(changes.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(snapshot(repo.root)).toEqual(before);
  });

  test('a stale hook is refreshed and keeps what it chains', async () => {
    script(hookFile('pre-commit'), `touch '${repo.home}/ran'`);
    await install();
    writeFileSync(
      hookFile('pre-commit'),
      readFileSync(hookFile('pre-commit'), 'utf8').replace('Last, because', 'Once, because'),
    );
    expect(await states()).toMatchObject({ 'pre-commit': 'stale' });
    await install();
    expect(await states()).toMatchObject({ 'pre-commit': 'ours' });
    stage('a');
    run(['commit', '-q', '-m', 'one']);
    expect(existsSync(join(repo.home, 'ran'))).toBe(true);
  });

  test('uninstall puts everything back, byte for byte and with its mode', async () => {
    script(hookFile('pre-commit'), 'exit 0', 0o750);
    script(hookFile('pre-push'), 'exit 0', 0o644);
    script(join(repo.root, 'scripts', 'msg'), 'exit 0');
    symlinkSync('../../scripts/msg', hookFile('commit-msg'));
    const before = snapshot(repo.root);
    await install();
    expect(snapshot(repo.root)).not.toEqual(before);
    await uninstall();
    expect(snapshot(repo.root)).toEqual(before);
  });

  test('a hooks folder that install made goes again', async () => {
    rmSync(join(repo.root, '.git', 'hooks'), { recursive: true });
    const before = snapshot(repo.root);
    await install();
    await uninstall();
    expect(snapshot(repo.root)).toEqual(before);
  });

  test('two foreign hooks are too many', async () => {
    script(hookFile('pre-commit'), 'exit 0');
    await install();
    script(hookFile('pre-commit'), 'exit 3');
    const before = snapshot(repo.root);
    await expect(install()).rejects.toThrow(/is not ours/);
    expect(snapshot(repo.root)).toEqual(before);
  });
});

describe('where git looks', () => {
  test('core.hooksPath outside the repository', async () => {
    const dir = join(repo.home, 'my hooks');
    repo.git('config', 'core.hooksPath', dir);
    await install();
    expect(existsSync(join(dir, 'pre-commit'))).toBe(true);
    stage('a');
    expect(run(['commit', '-q', '-m', 'one']).code).toBe(0);
    expect(program.calls()).toHaveLength(2);
  });

  test('a hooks folder in the working tree gets no path of this machine', async () => {
    repo.git('config', 'core.hooksPath', '.githooks');
    await install();
    const text = readFileSync(join(repo.root, '.githooks', 'pre-commit'), 'utf8');
    expect(text).not.toContain(repo.home);
    expect(text).toMatch(/^keepmum_node=\nkeepmum_entry=$/m);
    expect(await states()).toMatchObject({ 'pre-commit': 'ours' });
  });

  test('husky’s folder is husky’s', async () => {
    repo.git('config', 'core.hooksPath', '.husky/_');
    await expect(install()).rejects.toMatchObject({ code: 'hook', fix: 'run `keepmum install husky`' });
  });

  test('a linked worktree, a sub-directory and a submodule', async () => {
    stage('sub/a');
    repo.commit('base');
    await install(join(repo.root, 'sub'));
    const tree = join(repo.home, 'work tree');
    repo.git('worktree', 'add', '-q', tree, '-b', 'other');
    writeFileSync(join(tree, 'b'), 'x');
    repo.gitWith(['add', '-A'], { cwd: tree });
    expect(run(['commit', '-q', '-m', 'w'], {}, tree).code).toBe(0);
    expect(program.calls().map(({ cwd }) => cwd)).toEqual([tree, tree]);
    stage('sub/c');
    expect(run(['commit', '-q', '-m', 's'], {}, join(repo.root, 'sub')).code).toBe(0);
    expect(program.calls()).toHaveLength(4);

    repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.root, 'module');
    const module = join(repo.root, 'module');
    await install(module);
    writeFileSync(join(module, 'd'), 'x');
    repo.gitWith(['add', '-A'], { cwd: module });
    expect(run(['commit', '-q', '-m', 'm'], {}, module).code).toBe(0);
    expect(program.calls().at(-1)?.cwd).toBe(module);
  });
});

const SHELLS = [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix'], ['ksh'], ['zsh', '--emulate', 'sh']].filter(
  ([shell = '', ...args]) => spawnSync(shell, [...args, '-c', 'exit 0']).status === 0,
);

test.each(SHELLS)('the scripts are plain sh, for %s', async (shell, ...args) => {
  const folder = new URL('../../hooks/', import.meta.url).pathname;
  for (const name of ['scan.sh', 'git.sh', 'shared.sh', 'husky.sh', 'husky-pre-push.sh']) {
    expect(spawnSync(shell, [...args, '-n', join(folder, name)], { encoding: 'utf8' }).stderr).toBe('');
  }
  await install();
  program.endWith(1);
  const { status, stderr } = spawnSync(shell, [...args, hookFile('pre-commit')], {
    cwd: repo.root,
    env: repo.env,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^keepmum: the commit was stopped: secrets were found/);
  expect(program.calls()).toMatchObject([{ args: ['scan', '--staged'] }]);
});
