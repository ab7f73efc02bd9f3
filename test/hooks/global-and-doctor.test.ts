import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Check, examine } from '../../src/hooks/doctor.ts';
import { frameworkCall } from '../../src/hooks/framework.ts';
import { findGlobal, installGlobal, uninstallGlobal } from '../../src/hooks/global.ts';
import { detectManager, managerNamed } from '../../src/hooks/index.ts';
import { HOOK_NAMES } from '../../src/hooks/manager.ts';
import { openSite } from '../../src/hooks/site.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { type StubProgram, stubProgram } from '../support/stub-program.ts';

let repo: TemporaryRepository;
let program: StubProgram;
beforeEach(() => {
  repo = temporaryRepository();
  program = stubProgram(repo);
  // What starts git here reads this process's variables.
  for (const name of ['HOME', 'XDG_CONFIG_HOME', 'GIT_CONFIG_NOSYSTEM']) vi.stubEnv(name, repo.env[name]);
});
afterEach(() => {
  vi.unstubAllEnvs();
  repo.remove();
});

const options = () => ({ hooks: HOOK_NAMES, program });
const found = () => findGlobal(repo.root, repo.env, repo.home);
function commit(env: NodeJS.ProcessEnv = {}): number | null {
  repo.write('a', `${Math.random()}`);
  repo.git('add', '-A');
  return spawnSync('git', ['commit', '-q', '-m', 'x'], { cwd: repo.root, env: { ...repo.env, ...env } }).status;
}
function script(path: string, body: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

describe('global hooks', () => {
  test('scan in every repository and still run its own hooks', async () => {
    script(join(repo.root, '.git/hooks/pre-commit'), `touch '${repo.home}/own'`);
    script(join(repo.root, '.git/hooks/post-commit'), `touch '${repo.home}/post'`);
    await installGlobal(repo.root, await found(), options());
    expect(commit()).toBe(0);
    expect(program.calls().map(({ args }) => args[1])).toEqual(['--staged', '--commit-message=.git/COMMIT_EDITMSG']);
    expect(existsSync(join(repo.home, 'own'))).toBe(true);
    expect(existsSync(join(repo.home, 'post'))).toBe(true);
  });

  test('leave the work to the hook of the repository where that is ours', async () => {
    await managerNamed('git').install(await openSite(repo.root), options());
    await installGlobal(repo.root, await found(), options());
    expect(commit()).toBe(0);
    expect(program.calls()).toHaveLength(2);
  });

  test('never run a keepmum that the repository brings along', async () => {
    await installGlobal(repo.root, await found(), options());
    rmSync(program.entry);
    const foreign = stubProgram(repo, join(repo.root, 'node_modules', 'keepmum', 'dist'));
    expect(commit({ PATH: '/usr/bin:/bin' })).not.toBe(0);
    expect(foreign.calls()).toEqual([]);
  });

  test('go again without a trace', async () => {
    await installGlobal(repo.root, await found(), options());
    expect(repo.git('config', '--global', 'core.hooksPath').trim()).toBe(join(repo.home, '.config/keepmum/hooks'));
    await uninstallGlobal(repo.root, await found());
    expect(repo.git('config', '--global', '--default', 'none', 'core.hooksPath').trim()).toBe('none');
    expect(existsSync(join(repo.home, '.config/keepmum/hooks'))).toBe(false);
  });

  test('go into the folder that is configured already, and chain what is there', async () => {
    const dir = join(repo.home, 'my-hooks');
    script(join(dir, 'pre-commit'), `touch '${repo.home}/mine'`);
    repo.git('config', '--global', 'core.hooksPath', dir);
    await installGlobal(repo.root, await found(), options());
    expect(commit()).toBe(0);
    expect(program.calls()).toHaveLength(2);
    expect(existsSync(join(repo.home, 'mine'))).toBe(true);
    await uninstallGlobal(repo.root, await found());
    expect(readdirSync(dir)).toEqual(['pre-commit']);
    expect(repo.git('config', '--global', 'core.hooksPath').trim()).toBe(dir);
  });
});

describe('doctor', () => {
  async function checks(env: NodeJS.ProcessEnv = {}): Promise<readonly Check[]> {
    const site = await openSite(repo.root);
    const patient = {
      cwd: repo.root,
      env: { ...repo.env, ...env },
      site,
      global: await found(),
      engine: 're2',
      version: '1',
    };
    return examine({ ...patient, ...detectManager(site) }, options());
  }
  const level = (list: readonly Check[], name: string): string | undefined =>
    list.find((check) => check.name === name)?.level;
  /** A stub that finds anything with a live key in the staged text. */
  function seeing(): void {
    writeFileSync(
      program.entry,
      `import { execFileSync } from 'node:child_process';
       process.exitCode = execFileSync('git', ['diff', '--cached'], { encoding: 'utf8' }).includes('sk_' + 'live_') ? 1 : 0;`,
    );
  }

  test('all well, and nothing stays behind', async () => {
    seeing();
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('keepmum-doctor-'));
    await managerNamed('git').install(await openSite(repo.root), options());
    const before = left();
    const list = await checks();
    expect(list.filter((check) => check.level !== 'ok')).toEqual([]);
    expect(level(list, 'dry run')).toBe('ok');
    expect(left()).toEqual(before);
  });

  test('a keepmum that finds nothing, or stops everything, is told', async () => {
    expect(level(await checks(), 'dry run')).toBe('fail');
    program.endWith(1);
    const list = await checks();
    expect(list.find(({ name }) => name === 'dry run')?.text).toContain('a harmless commit was stopped');
  });

  test('missing, foreign, not executable, gone, shadowed, bypassed', async () => {
    expect(level(await checks(), 'pre-commit')).toBe('fail');
    expect(level(await checks(), 'pre-push')).toBe('warn');
    script(join(repo.root, '.git/hooks/pre-commit'), 'exit 0');
    expect((await checks()).find(({ name }) => name === 'pre-commit')).toMatchObject({
      level: 'fail',
      text: expect.stringContaining('not keepmum'),
    });
    await managerNamed('git').install(await openSite(repo.root), options());
    chmodSync(join(repo.root, '.git/hooks/commit-msg'), 0o644);
    expect((await checks()).find(({ name }) => name === 'commit-msg')).toMatchObject({
      level: 'fail',
      text: expect.stringContaining('not executable'),
    });
    expect(level(await checks({ KEEPMUM_SKIP: '1' }), 'bypass')).toBe('fail');
    await installGlobal(repo.root, await found(), options());
    repo.git('config', 'core.hooksPath', join(repo.home, 'elsewhere'));
    const shadows = (await checks()).filter(({ name }) => name === 'shadow').map(({ text }) => text);
    expect(shadows).toHaveLength(2);
    expect(shadows[0]).toContain('hides the global hooks');
    expect(shadows[1]).toContain('hides commit-msg');
    repo.git('config', '--unset', 'core.hooksPath');
    rmSync(program.entry);
    expect((await checks()).find(({ name }) => name === 'pre-commit')).toMatchObject({
      level: 'fail',
      text: expect.stringContaining('is gone'),
    });
  });
});

describe('what the pre-commit framework asks for', () => {
  const call = (hook: (typeof HOOK_NAMES)[number], files: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    frameworkCall(hook, files, repo.root, env);

  test('a commit, and a run by hand', async () => {
    repo.write('old', 'x');
    repo.commit('old');
    repo.write('new é', 'x');
    repo.git('add', '-A');
    const staged = { args: ['scan', '--staged'] };
    expect(await call('pre-commit', ['old', 'new é'], { GIT_INDEX_FILE: '.git/index' })).toEqual(staged);
    expect(await call('pre-commit', ['new é'])).toEqual(staged);
    expect(await call('pre-commit', [])).toEqual(staged);
    expect(await call('pre-commit', ['old', 'new é'])).toEqual({ args: ['scan', '--', 'old', 'new é'] });
    // A part of what is staged was chosen: --files, whose files are looked at whole.
    repo.write('old', 'y');
    repo.write('third', 'x');
    repo.commit('third');
    repo.write('old', 'z');
    repo.write('new é', 'z');
    repo.git('add', '-A');
    expect(await call('pre-commit', ['old', 'new é'])).toEqual(staged);
    expect(await call('pre-commit', ['old'])).toEqual({ args: ['scan', '--', 'old'] });
    // All there is is staged too: --all-files, or no less.
    repo.write('third', 'z');
    repo.git('add', '-A');
    expect(await call('pre-commit', ['new é', 'old', 'third'])).toEqual({
      args: ['scan', '--', 'new é', 'old', 'third'],
    });
    expect(await call('pre-commit', ['x'], { PRE_COMMIT_FROM_REF: 'a', PRE_COMMIT_TO_REF: 'b' })).toEqual({
      args: ['scan', '--range=a..b'],
    });
  });

  test('a message, and a push', async () => {
    repo.write('old', 'x');
    const one = repo.commit('old');
    const two = repo.commit('newer');
    expect(await call('commit-msg', ['.git/MSG'])).toEqual({ args: ['scan', '--commit-message=.git/MSG'] });
    const push = {
      PRE_COMMIT_REMOTE_NAME: 'origin',
      PRE_COMMIT_LOCAL_BRANCH: 'refs/heads/main',
      PRE_COMMIT_REMOTE_BRANCH: 'refs/heads/x',
    };
    expect(await call('pre-push', [], push)).toEqual({
      args: ['scan', '--push=origin'],
      stdin: `refs/heads/main ${two} refs/heads/x ${'0'.repeat(40)}\n`,
    });
    expect(await call('pre-push', [], { ...push, PRE_COMMIT_FROM_REF: one, PRE_COMMIT_TO_REF: two })).toEqual({
      args: ['scan', '--push=origin'],
      stdin: `refs/heads/main ${two} refs/heads/x ${one}\n`,
    });
  });
});
