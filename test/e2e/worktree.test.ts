import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, runCli, scan, stripeKey, type CliOptions, type CliResult, type ScanResult } from '../support/cli.ts';
import { EVIL_ATTRIBUTES, plantPrograms } from '../support/hostile.ts';
import { TEST_NODE } from '../support/nodes.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';
import { snapshot } from '../support/tree.ts';

const KEY = stripeKey();
const PLANTED = `stripe_key = "${KEY}"`;
const UNIX = process.platform !== 'win32';

/** A folder beside the repository that is in none. */
function plainFolder(repo: TemporaryRepository): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = join(repo.home, 'plain');
  mkdirSync(cwd, { recursive: true });
  return { cwd, env: { GIT_CEILING_DIRECTORIES: repo.home } };
}

/** Where the planted key was found. */
function paths({ findings }: ScanResult): string[] {
  return findings
    .filter(({ rule }) => rule === 'stripe-live-secret-key')
    .map((finding) => finding.path)
    .toSorted();
}

function skips({ summary }: ScanResult): Record<string, number> {
  return Object.fromEntries(summary?.skipped.map(({ reason, count }) => [reason, count]) ?? []);
}

function expectClear(result: CliResult, words: RegExp): void {
  expect(result).toMatchObject({ code: 2, out: '' });
  expect(result.err).toMatch(words);
  expect(result.err).toMatch(/^keepmum: [^\n]+\n(?: {2}fix: [^\n]+\n)?$/);
}

/** A tracked, an untracked and an ignored file with the secret. */
function populate(repo: TemporaryRepository): void {
  repo.write('.gitignore', 'ignored/\n*.log\n');
  repo.write('tracked.py', `${PLANTED}\n`);
  repo.write('sub/deep.py', `${PLANTED}\n`);
  repo.commit('base');
  repo.write('untracked.py', `${PLANTED}\n`);
  repo.write('ignored/a.py', `${PLANTED}\n`);
  repo.write('x.log', `${PLANTED}\n`);
}

test('tracked and untracked files; ignored ones are left out and counted; nothing changes', () => {
  const repo = repository();
  populate(repo);
  const before = {
    tree: snapshot(repo.root),
    index: statSync(join(repo.root, '.git/index'), { bigint: true }).mtimeNs,
  };
  const result = scan(repo, []);
  expect(result).toMatchObject({ code: 1, err: '' });
  expect(paths(result)).toEqual(['sub/deep.py', 'tracked.py', 'untracked.py']);
  expect(skips(result)).toEqual({ ignored: 2 });
  expect(result.summary).toMatchObject({ source: 'worktree', files: 4, lines: 5, incomplete: false });
  expect(result.out).not.toContain(KEY);
  expect({
    tree: snapshot(repo.root),
    index: statSync(join(repo.root, '.git/index'), { bigint: true }).mtimeNs,
  }).toEqual(before);
  expect(runCli(repo, ['scan']).out).toMatch(/2 × ignored by git \((?:ignored\/, x\.log|x\.log, ignored\/)\)/);
});

test('what is clean is clean, and counted', () => {
  const repo = repository();
  repo.write('a.txt', 'one\ntwo\n');
  repo.commit('base');
  repo.write('b.txt', 'three');
  const result = scan(repo, []);
  expect(result).toMatchObject({ code: 0, err: '', findings: [] });
  expect(result.summary).toMatchObject({ files: 2, lines: 3, bytes: 13, skipped: [] });
});

test('paths: files, folders, an ignored one by name, outside, from a sub-directory, behind --', () => {
  const repo = repository();
  populate(repo);
  repo.write('-dash.py', `${PLANTED}\n`);
  repo.write('[id]/*.py', `${PLANTED}\n`);
  expect(paths(scan(repo, ['sub', 'tracked.py']))).toEqual(['sub/deep.py', 'tracked.py']);
  expect(paths(scan(repo, ['.'], { cwd: join(repo.root, 'sub') }))).toEqual(['sub/deep.py']);
  expect(paths(scan(repo, ['../tracked.py'], { cwd: join(repo.root, 'sub') }))).toEqual(['tracked.py']);
  expect(paths(scan(repo, [], { cwd: join(repo.root, 'sub') }))).toContain('tracked.py');
  expect(paths(scan(repo, ['ignored']))).toEqual(['ignored/a.py']);
  expect(paths(scan(repo, ['x.log']))).toEqual(['x.log']);
  expect(paths(scan(repo, ['--', '-dash.py']))).toEqual(['-dash.py']);
  expect(paths(scan(repo, ['[id]/*.py']))).toEqual(['[id]/*.py']);
  const { cwd, env } = plainFolder(repo);
  writeFileSync(join(cwd, 'o.py'), `${PLANTED}\n`);
  expect(paths(scan(repo, [cwd], { env }))).toEqual([expect.stringMatching(/\/plain\/o\.py$/)]);
  expectClear(runCli(repo, ['scan', 'missing.py']), /missing\.py/);
});

test('outside git: everything but .git', () => {
  const repo = repository();
  const { cwd, env } = plainFolder(repo);
  mkdirSync(join(cwd, 'b', '.git'), { recursive: true });
  for (const name of ['a.py', 'b/c.py', 'b/.git/config']) writeFileSync(join(cwd, name), `${PLANTED}\n`);
  const result = scan(repo, [], { cwd, env });
  expect(paths(result)).toEqual(['a.py', 'b/c.py']);
  expect(result).toMatchObject({ code: 1, summary: { files: 2 } });
});

test.runIf(UNIX)('links are not followed, FIFOs and sockets do not hang', async () => {
  const repo = repository();
  writeFileSync(join(repo.home, 'outside.py'), `${PLANTED}\n`);
  mkdirSync(join(repo.home, 'folder'));
  writeFileSync(join(repo.home, 'folder', 'x.py'), `${PLANTED}\n`);
  repo.write('sub/x.py', 'harmless\n');
  repo.commit('base');
  rmSync(join(repo.root, 'sub'), { recursive: true });
  symlinkSync(join(repo.home, 'folder'), join(repo.root, 'sub'));
  symlinkSync(join(repo.home, 'outside.py'), join(repo.root, 'link.py'));
  symlinkSync('.', join(repo.root, 'loop'));
  spawnSync('mkfifo', [join(repo.root, 'fifo')]);
  const server = spawn(TEST_NODE, ['-e', 'require("net").createServer().listen("socket", () => console.log("up"))'], {
    cwd: repo.root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => {
      server.stdout.once('data', resolve);
    });
    const inside = scan(repo, []);
    expect(inside).toMatchObject({ code: 0, findings: [] });
    expect(skips(inside)).toMatchObject({ symlink: 3 });
    // Git does not list these; named, or outside git, they are met.
    const named = scan(repo, ['fifo', 'socket', 'link.py']);
    expect(named).toMatchObject({ code: 0, findings: [] });
    expect(skips(named)).toEqual({ 'special-file': 2, symlink: 1 });
    rmSync(join(repo.root, '.git'), { recursive: true });
    const plain = scan(repo, [], { env: { GIT_CEILING_DIRECTORIES: dirname(repo.root) } });
    expect(plain).toMatchObject({ code: 0, findings: [] });
    expect(skips(plain)).toEqual({ 'special-file': 2, symlink: 3 });
  } finally {
    server.kill();
  }
});

test.runIf(UNIX && existsSync('/dev/zero'))('a device is not read', () => {
  const repo = repository();
  const result = scan(repo, ['/dev/zero']);
  expect(result).toMatchObject({ code: 0, findings: [] });
  expect(skips(result)).toEqual({ 'special-file': 1 });
});

test.runIf(UNIX)('an unreadable file and folder: counted, and exit 2 where all else is clean', () => {
  const repo = repository();
  repo.write('a.txt', 'a\n');
  repo.write('closed.py', `${PLANTED}\n`);
  repo.commit('base');
  chmodSync(join(repo.root, 'closed.py'), 0);
  const folder = plainFolder(repo);
  mkdirSync(join(folder.cwd, 'closed'));
  writeFileSync(join(folder.cwd, 'a.txt'), 'a\n');
  chmodSync(join(folder.cwd, 'closed'), 0);
  writeFileSync(join(repo.home, '.gitconfig'), '[safe]\n\tdirectory = *\n');
  // Root may read everything, so it becomes somebody else here.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  for (const path of [dirname(repo.root), repo.root, repo.home]) chmodSync(path, 0o755);
  // Who may not enter the folder of this checkout.
  const program = join(repo.home, 'keepmum');
  for (const part of ['dist', 'package.json']) {
    cpSync(join(dirname(CLI), '..', part), join(program, part), { recursive: true });
  }
  const run = (cwd: string, more: NodeJS.ProcessEnv = {}): CliResult => {
    const result = spawnSync(TEST_NODE, [join(program, 'dist', 'keepmum.js'), 'scan'], {
      cwd,
      env: { ...repo.env, ...more },
      encoding: 'utf8',
      ...nobody,
    });
    return { code: result.status, out: result.stdout, err: result.stderr };
  };
  try {
    expect(run(repo.root)).toMatchObject({
      code: 2,
      err: '',
      out: expect.stringMatching(
        /no findings in 1 file[^]*not examined: 1 × could not be read \(closed\.py\)/,
      ) as string,
    });
    expect(run(folder.cwd, folder.env)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/no findings in 1 file[^]*not examined: 1 × could not be read \(closed\)/) as string,
    });
    repo.write('found.py', `${PLANTED}\n`);
    expect(run(repo.root)).toMatchObject({
      code: 1,
      out: expect.stringContaining('not examined: 1 × could not be read') as string,
    });
  } finally {
    chmodSync(join(folder.cwd, 'closed'), 0o755);
  }
});

test('a submodule and a nested repository are named, and not entered', () => {
  const repo = repository();
  repo.write('a.txt', 'a\n');
  repo.commit('base');
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.root, 'module');
  repo.write('module/pay.py', `${PLANTED}\n`);
  repo.gitWith(['init', '-q', 'nested'], {});
  repo.write('nested/pay.py', `${PLANTED}\n`);
  const result = scan(repo, []);
  expect(result).toMatchObject({ code: 0, findings: [] });
  expect(result.summary?.skipped).toMatchObject([{ reason: 'submodule', count: 2, incomplete: false }]);
  expect(paths(scan(repo, [], { cwd: join(repo.root, 'module') }))).toEqual(['pay.py']);
  expect(paths(scan(repo, [], { cwd: join(repo.root, 'nested') }))).toEqual(['pay.py']);
});

test('a huge line, a huge file, deep folders, wide and binary text', () => {
  const repo = repository();
  repo.write('line.js', `${'var a=1;'.repeat(1_000_000)}${PLANTED}`);
  repo.write('dump.sql', `${'insert into t values (1);\n'.repeat(500_000)}${PLANTED}\n`);
  repo.write(`${'deep/'.repeat(300)}a.py`, `${PLANTED}\n`);
  repo.write('wide.txt', Buffer.from(`\ufeff${PLANTED}\n`, 'utf16le'));
  repo.write('wide-be.txt', Buffer.from(`first\n${PLANTED}\n`, 'utf16le').swap16());
  repo.write('a.bin', Buffer.concat([Buffer.alloc(900, 1), Buffer.from(PLANTED), Buffer.alloc(900)]));
  const result = scan(repo, []);
  expect(result).toMatchObject({ code: 1, err: '' });
  expect(paths(result)).toEqual([
    'a.bin',
    `${'deep/'.repeat(300)}a.py`,
    'dump.sql',
    'line.js',
    'wide-be.txt',
    'wide.txt',
  ]);
  expect(result.findings.find(({ path }) => path === 'dump.sql')?.line).toBe(500_001);
  expect(result.findings.find(({ path }) => path === 'line.js')?.column).toBe(8_000_000 + PLANTED.indexOf(KEY) + 1);
  expect(skips(result)).toEqual({ binary: 1 });
});

test.runIf(process.platform === 'linux')(
  'names with escapes, line ends, marks of direction, and bytes that are no UTF-8',
  () => {
    const repo = repository();
    const name = 'a\u001b]0;owned\u0007\u001b[2J\u202e\nb.py';
    repo.write(name, `${PLANTED}\n`);
    repo.write(Buffer.from('caf\u00e9.py', 'latin1'), `${PLANTED}\n`);
    symlinkSync('x', join(repo.root, 'link\u001b[31m\n'));
    expect(paths(scan(repo, []))).toEqual([name, 'caf\\xE9.py']);
    const { out } = runCli(repo, ['scan']);
    expect(out).toContain('link');
    // oxlint-disable-next-line no-control-regex -- control characters are the point
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    for (const line of out.split('\n')) expect(line).not.toMatch(/^b\.py/);
  },
);

test('a bare repository has no tree to scan: an error that says what to use', () => {
  const repo = repository({ bare: true });
  expectClear(runCli(repo, ['scan']), /bare repository[^]*--range/);
});

test('the repository that the variables of git name, a linked working tree, SHA-256, no HEAD', () => {
  const repo = repository();
  repo.write('a.py', `${PLANTED}\n`);
  expect(paths(scan(repo, []))).toEqual(['a.py']);
  repo.commit('base');
  const variables = { GIT_DIR: join(repo.root, '.git'), GIT_WORK_TREE: repo.root, GIT_PREFIX: 'sub/' };
  expect(paths(scan(repo, [], { cwd: repo.home, env: variables }))).toEqual(['a.py']);
  // Another index: there nothing is tracked, and all of it is still read.
  expect(paths(scan(repo, [], { env: { GIT_INDEX_FILE: join(repo.home, 'no-index') } }))).toEqual(['a.py']);

  const linked = join(repo.home, 'linked');
  repo.git('worktree', 'add', '-q', linked);
  writeFileSync(join(linked, 'b.py'), `${PLANTED}\n`);
  expect(paths(scan(repo, [], { cwd: linked }))).toEqual(['a.py', 'b.py']);

  const sha256 = repository({ objectFormat: 'sha256' });
  sha256.write('a.py', `${PLANTED}\n`);
  sha256.commit('base');
  expect(paths(scan(sha256, []))).toEqual(['a.py']);
});

test('a sparse checkout and a partial clone: what is on disk is read, nothing is fetched', () => {
  const repo = repository();
  repo.write('near/a.py', `${PLANTED}\n`);
  repo.write('far/b.py', `${PLANTED}\n`);
  repo.commit('base');
  repo.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(repo.home, 'clone');
  repo.git('clone', '-q', '--filter=blob:none', '--sparse', `file://${repo.root}`, clone);
  repo.gitWith(['sparse-checkout', 'set', 'near'], { cwd: clone });
  const before = snapshot(join(clone, '.git'));
  const result = scan(repo, [], { cwd: clone });
  expect(result).toMatchObject({ code: 1, err: '' });
  expect(paths(result)).toEqual(['near/a.py']);
  expect(snapshot(join(clone, '.git'))).toEqual(before);
});

test.each([[['scan']], [['scan', '--staged']], [['scan', '--range', 'HEAD~1..HEAD']]])(
  '%s in a folder that belongs to somebody else: one clear error',
  (args) => {
    const repo = repository();
    repo.commit('base');
    repo.write('a.py', `${PLANTED}\n`);
    repo.commit('more');
    expectClear(
      runCli(repo, args, { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } }),
      /belongs to another user[^]*safe\.directory/,
    );
  },
);

test('git is missing, the index is damaged, the settings of git are damaged: one clear error each', () => {
  const repo = repository();
  repo.write('a.py', `${PLANTED}\n`);
  repo.commit('base');
  expectClear(runCli(repo, ['scan'], { env: { PATH: repo.home } }), /git was not found on PATH/);
  const index = join(repo.root, '.git', 'index');
  const good = readFileSync(index);
  writeFileSync(index, 'no index at all, but long enough to be taken for one');
  expectClear(runCli(repo, ['scan']), /cannot read its index/);
  writeFileSync(index, good);
  writeFileSync(join(repo.root, '.git', 'config'), '[core\n');
  expectClear(runCli(repo, ['scan']), /cannot read its settings/);
});

test('no program that the repository or the environment names is run, whatever is scanned', () => {
  const repo = repository();
  repo.write('a.env', 'a\n');
  repo.commit('base');
  repo.write('a.env', `a\n${PLANTED}\n`);
  repo.write('wide.txt', Buffer.from(`\ufeff${PLANTED}\n`, 'utf16le'));
  repo.write('.gitattributes', EVIL_ATTRIBUTES);
  const from = repo.git('rev-parse', 'HEAD').trim();
  const to = repo.commit('leaks');
  repo.write('untracked.py', `${PLANTED}\n`);
  const patch = repo.git('diff', from, to);
  const programs = plantPrograms(repo);
  const before = snapshot(repo.root);
  const check = (args: readonly string[], expected: readonly string[], options: CliOptions = {}): void => {
    const result = scan(repo, args, { ...options, env: programs.env });
    expect({ args, paths: paths(result), err: result.err }).toEqual({ args, paths: expected, err: '' });
    expect({ args, ran: programs.ran() }).toEqual({ args, ran: [] });
  };
  check([], ['a.env', 'untracked.py', 'wide.txt']);
  check(['untracked.py'], ['untracked.py']);
  check(['--range', `${from}..${to}`], ['a.env', 'wide.txt']);
  check(['--push', 'origin'], ['a.env', 'wide.txt'], { input: `refs/heads/x ${to} refs/heads/x ${from}\n` });
  check(['--patch', '-'], ['a.env'], { input: patch });
  check(['--stdin', '--path', 'x.py'], ['x.py'], { input: PLANTED });
  runCli(repo, ['doctor'], { env: programs.env });
  expect(programs.ran()).toEqual([]);
  expect(snapshot(repo.root)).toEqual(before);
});
