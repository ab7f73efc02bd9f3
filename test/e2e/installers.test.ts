import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLI, PACKAGE, randomText, stripeKey } from '../support/cli.ts';
import { lefthookProgram, preCommitFramework } from '../support/hook-managers.ts';
import { TEST_NODE } from '../support/nodes.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { snapshot } from '../support/tree.ts';

const framework = preCommitFramework();
const lefthook = lefthookProgram();
const HOOK_TYPES = ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-push'];

function emptyRepository(): TemporaryRepository {
  const made = temporaryRepository();
  writeFileSync(join(made.root, '.git', 'info', 'exclude'), 'node_modules\n');
  return made;
}

let repo: TemporaryRepository;
beforeEach(() => {
  repo = emptyRepository();
});
afterEach(() => {
  repo.remove();
});

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = repo.root,
): { code: number | null; text: string } {
  const path = [
    'bin' in framework ? framework.bin : '',
    'bin' in lefthook ? lefthook.bin : '',
    join(PACKAGE, 'node_modules', '.bin'),
    process.env['PATH'] ?? '',
  ];
  const result = spawnSync(command, args, {
    cwd,
    env: { ...repo.env, PATH: path.filter((part) => part !== '').join(delimiter), ...env },
    encoding: 'utf8',
  });
  return { code: result.status, text: result.stdout + result.stderr };
}
function keepmum(...args: string[]): { code: number | null; text: string } {
  return run(TEST_NODE, [CLI, ...args]);
}
/** As a development dependency of the project, which is how the committed hooks find it. */
function addToProject(): void {
  mkdirSync(join(repo.root, 'node_modules'), { recursive: true });
  symlinkSync(PACKAGE, join(repo.root, 'node_modules', 'keepmum'));
}
interface Installer {
  readonly name: string;
  readonly missing?: string;
  prepare(): void;
}
const INSTALLERS: readonly Installer[] = [
  {
    name: 'git',
    prepare() {
      expect(keepmum('install')).toMatchObject({ code: 0 });
    },
  },
  {
    name: 'husky',
    prepare() {
      addToProject();
      expect(run('husky', []).code).toBe(0);
      expect(keepmum('install')).toMatchObject({ code: 0 });
    },
  },
  {
    name: 'lefthook',
    ...('missing' in lefthook && { missing: lefthook.missing }),
    prepare() {
      addToProject();
      repo.write('lefthook.yml', 'pre-commit:\n  commands:\n    other:\n      run: "true"\n');
      expect(keepmum('install')).toMatchObject({ code: 0 });
      expect(run('lefthook', ['install'])).toMatchObject({ code: 0 });
    },
  },
  {
    name: 'pre-commit',
    ...('missing' in framework && { missing: framework.missing }),
    prepare() {
      addToProject();
      repo.write('.pre-commit-config.yaml', 'repos: # none yet\n');
      expect(keepmum('install')).toMatchObject({ code: 0 });
      expect(run('pre-commit', ['install', ...HOOK_TYPES.flatMap((type) => ['--hook-type', type])]).code).toBe(0);
    },
  },
];

for (const installer of INSTALLERS) {
  const { missing } = installer;
  describe.skipIf(missing !== undefined)(
    `${installer.name}${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    () => {
      // Installed once; each test has a copy.
      let installed: TemporaryRepository;
      beforeAll(() => {
        repo = emptyRepository();
        installer.prepare();
        repo.commit('hooks');
        installed = repo;
      });
      afterAll(() => {
        installed.remove();
      });
      beforeEach(() => {
        for (const part of ['root', 'home'] as const)
          cpSync(installed[part], repo[part], { recursive: true, verbatimSymlinks: true });
      });

      test('a secret stops the commit and is not shown', () => {
        const key = stripeKey();
        const password = randomText(20);
        const cases: readonly (readonly [path: string, text: string, secret: string])[] = [
          ['pay.py', `stripe.api_key = "${key}"\n`, key],
          ['db.py', `URL = "postgres://billing:${password}@db.corp-internal.net:5432/billing"\n`, password],
          ['.env', `DATABASE_PASSWORD=${password}\n`, password],
        ];
        for (const [path, text, secret] of cases) {
          const head = repo.git('rev-parse', 'HEAD');
          repo.write(path, text);
          repo.git('add', '-A');
          const commit = run('git', ['commit', '-m', 'change']);
          expect(commit.code).not.toBe(0);
          expect(commit.text).toContain('secrets were found');
          expect(commit.text).toContain(path);
          expect(commit.text).not.toContain(secret);
          expect(repo.git('rev-parse', 'HEAD')).toBe(head);
          repo.git('reset', '-q', '--hard');
        }
      });

      test('what is clean passes', () => {
        repo.write('main.py', 'print("hello")\n');
        repo.write('.env.example', 'DATABASE_PASSWORD=\nSTRIPE_KEY=your-key-here\n');
        repo.git('add', '-A');
        expect(run('git', ['commit', '-m', 'clean'])).toMatchObject({ code: 0 });
        expect(repo.git('log', '-1', '--format=%s').trim()).toBe('clean');
      });

      test('a secret in the message stops the commit', () => {
        const key = stripeKey();
        repo.write('a', 'x\n');
        repo.git('add', '-A');
        const commit = run('git', ['commit', '-m', `use ${key}`]);
        expect(commit.code).not.toBe(0);
        expect(commit.text).not.toContain(key);
      });

      test('a clean merge that brings a secret in is stopped', () => {
        repo.git('checkout', '-q', '-b', 'other');
        repo.write('pay.py', `key = "${stripeKey()}"\n`);
        repo.commit('other');
        repo.git('checkout', '-q', 'main');
        repo.write('b', 'x\n');
        repo.commit('main');
        expect(run('git', ['merge', '--no-edit', 'other']).code).not.toBe(0);
      });

      test('a push of a secret that was committed without hooks is stopped', () => {
        const remote = join(repo.home, 'remote.git');
        repo.git('init', '-q', '--bare', remote);
        repo.git('remote', 'add', 'origin', remote);
        expect(run('git', ['push', '-q', 'origin', 'main'])).toMatchObject({ code: 0 });
        const key = stripeKey();
        repo.write('pay.py', `key = "${key}"\n`);
        repo.commit('sneaked past');
        repo.git('rm', '-q', 'pay.py');
        repo.commit('and removed');
        const push = run('git', ['push', '-q', 'origin', 'main']);
        expect(push.code).not.toBe(0);
        expect(push.text).not.toContain(key);
        expect(run('git', ['push', '-q', 'origin', 'main'], { KEEPMUM_SKIP: '1' }).code).toBe(0);
      });

      test('from a sub-directory, and without the PATH of a terminal', () => {
        repo.write('sub/pay.py', `key = "${stripeKey()}"\n`);
        repo.git('add', '-A');
        expect(run('git', ['commit', '-m', 'x'], {}, join(repo.root, 'sub')).code).not.toBe(0);
        // Whatever the hook manager can start there: never a commit.
        expect(run('git', ['commit', '-m', 'x'], { PATH: '/usr/bin:/bin' }).code).not.toBe(0);
      });

      test('doctor is content, and tells when not', () => {
        const well = keepmum('doctor');
        expect(well.text).toContain('a made-up secret was stopped');
        expect(well).toMatchObject({ code: 0 });
        expect(well.text).not.toMatch(/_live_[A-Za-z0-9]{8}/);
        const modules = join(repo.root, 'node_modules', 'keepmum');
        if (existsSync(modules)) rmSync(join(repo.root, '.keepmum'), { recursive: true });
        else rmSync(join(repo.root, '.git', 'hooks', 'pre-commit'));
        expect(keepmum('doctor')).toMatchObject({ code: 1 });
      });
    },
  );
}

test('install and uninstall leave a repository as it was', () => {
  const before = snapshot(repo.root);
  expect(keepmum('install', 'git').code).toBe(0);
  expect(snapshot(repo.root)).not.toEqual(before);
  expect(keepmum('uninstall').code).toBe(0);
  expect(snapshot(repo.root)).toEqual(before);
});

test('outside a repository, and with a wrong hook name, the exit code is 2', () => {
  expect(run(TEST_NODE, [CLI, 'install'], { GIT_CEILING_DIRECTORIES: repo.home }, repo.home)).toMatchObject({
    code: 2,
  });
  expect(keepmum('install', '--hooks', 'pre-comit')).toMatchObject({ code: 2 });
});

test.skipIf('missing' in framework)(
  `pre-commit run --all-files looks at every file${'missing' in framework ? ` (skipped: ${framework.missing})` : ''}`,
  () => {
    addToProject();
    repo.write('.pre-commit-config.yaml', 'repos:\n');
    expect(keepmum('install').code).toBe(0);
    repo.write('old.py', `key = "${stripeKey()}"\n`);
    repo.commit('old');
    expect(run('pre-commit', ['run', 'keepmum']).code).toBe(0);
    expect(run('pre-commit', ['run', 'keepmum', '--all-files']).code).not.toBe(0);
    expect(run('pre-commit', ['run', 'keepmum', '--files', 'old.py']).code).not.toBe(0);
    const first = repo.git('rev-parse', 'HEAD').trim();
    repo.write('new.py', 'x\n');
    repo.commit('new');
    expect(run('pre-commit', ['run', 'keepmum', '--from-ref', first, '--to-ref', 'HEAD']).code).toBe(0);
  },
);
