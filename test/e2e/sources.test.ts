import { chmodSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, PACKAGE, runCli, scan, stripeKey, type CliResult, type ScanResult } from '../support/cli.ts';
import { nodesUnderTest, TEST_NODE } from '../support/nodes.ts';
import { repository } from '../support/repositories.ts';

const KEY = stripeKey();
const PLANTED = `stripe_key = "${KEY}"`;
const RULE = 'stripe-live-secret-key';
const NONE = '0'.repeat(40);

/** Where the planted key was found: `path:line`, and the commit where there is one. */
function places({ findings, out }: ScanResult): string[] {
  expect(out).not.toContain(KEY);
  return findings
    .filter(({ rule }) => rule === RULE)
    .map(({ path, line, commit }) => `${path}:${line}${commit === null ? '' : ` ${commit}`}`)
    .toSorted();
}

function expectClear(result: CliResult, words: RegExp): void {
  expect(result).toMatchObject({ code: 2, out: '' });
  expect(result.err).toMatch(words);
  expect(result.err).toMatch(/^keepmum: [^\n]+\n(?: {2}fix: [^\n]+\n)?$/);
}

describe('--range', () => {
  test('what the second end has and the first has not', () => {
    const repo = repository();
    repo.write('a.py', 'one\n');
    const first = repo.commit('first');
    repo.write('a.py', `one\n${PLANTED}\n`);
    const second = repo.commit('second');
    repo.write('b.py', 'clean\n');
    const third = repo.commit('third');
    const leaking = scan(repo, ['--range', `${first}..${second}`]);
    expect(places(leaking)).toEqual([`a.py:2 ${second}`]);
    expect(leaking).toMatchObject({ code: 1, err: '', summary: { source: 'range', files: 1, lines: 1 } });
    expect(leaking.summary?.notices).toEqual([]);
    const clean = scan(repo, ['--range', `${second}..${third}`]);
    expect(clean).toMatchObject({ code: 0, findings: [], summary: { files: 1, lines: 1 } });
    for (const range of [
      'HEAD~2..HEAD',
      'HEAD~2..',
      'HEAD~2...HEAD',
      'HEAD~2',
      `${NONE}..HEAD`,
      `${NONE}..${first}~0`,
    ]) {
      expect([range, scan(repo, ['--range', range]).code]).toEqual([range, range.includes(first) ? 0 : 1]);
    }
    expect(scan(repo, ['--range', 'HEAD..HEAD'])).toMatchObject({ code: 0, summary: { files: 0, notices: [] } });
    // What lies between the ends is not examined, and that is said.
    for (const range of [`${first}..${third}`, `${first}...${third}`]) {
      expect(scan(repo, ['--range', range]).summary?.notices).toEqual([
        expect.stringMatching(/^2 commits were compared/),
      ]);
    }
    expect(scan(repo, ['--range', `${NONE}..${third}`]).summary?.notices).toEqual([
      expect.stringMatching(/^3 commits/),
    ]);
    expect(places(scan(repo, ['--range', 'HEAD~2..HEAD'], { cwd: join(repo.root, '.git') }))).toEqual([
      `a.py:2 ${third}`,
    ]);
  });

  test('E20, E21: a merge resolution and a change of type in history', () => {
    const repo = repository();
    symlinkSync('target', join(repo.root, 'link'));
    repo.write('a.py', 'base\n');
    const base = repo.commit('base');
    repo.git('checkout', '-q', '-b', 'other');
    repo.write('a.py', 'theirs\n');
    repo.commit('theirs');
    repo.git('checkout', '-q', 'main');
    repo.write('a.py', 'ours\n');
    const ours = repo.commit('ours');
    spawnSync('git', ['merge', 'other'], { cwd: repo.root, env: repo.env });
    repo.write('a.py', `ours\n${PLANTED}\n`);
    const merge = repo.commit('merge');
    unlinkSync(join(repo.root, 'link'));
    repo.write('link', `${PLANTED}\n`);
    const typed = repo.commit('type change');
    expect(places(scan(repo, ['--range', `${ours}..${typed}`]))).toEqual([`a.py:2 ${typed}`, `link:1 ${typed}`]);
    const push = scan(repo, ['--push', 'origin'], { input: `refs/heads/x ${typed} refs/heads/x ${base}\n` });
    expect(places(push)).toEqual([`a.py:2 ${merge}`, `link:1 ${typed}`]);
  });

  test('a pre-receive hook of a bare repository, where the objects are in quarantine', () => {
    const repo = repository();
    repo.write('a.py', 'one\n');
    repo.commit('first');
    const remote = join(repo.home, 'remote.git');
    repo.git('init', '-q', '--bare', remote);
    repo.git('push', '-q', remote, 'main');
    const hook = join(remote, 'hooks', 'pre-receive');
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(
      hook,
      `#!/bin/sh\nwhile read -r old new ref; do '${TEST_NODE}' '${CLI}' scan --range "$old..$new" || exit 1; done\n`,
    );
    chmodSync(hook, 0o755);
    const push = (): { status: number | null; stderr: string } =>
      spawnSync('git', ['push', '-q', remote, 'main'], { cwd: repo.root, env: repo.env, encoding: 'utf8' });
    repo.write('b.py', 'two\n');
    repo.commit('second');
    expect(push()).toMatchObject({ status: 0 });
    repo.write('b.py', `two\n${PLANTED}\n`);
    repo.commit('third');
    const refused = push();
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('b.py:2');
    expect(refused.stderr).not.toContain(KEY);
  });

  test('ends that name no commit, or no common ancestor', () => {
    const repo = repository();
    repo.write('a.py', 'one\n');
    repo.commit('first');
    repo.git('checkout', '-q', '--orphan', 'apart');
    repo.commit('apart');
    for (const range of ['nowhere..HEAD', 'HEAD..nowhere', '--output=x..HEAD', '..nowhere', 'HEAD:a.py..HEAD']) {
      expectClear(runCli(repo, ['scan', `--range=${range}`]), /names no commit here/);
    }
    expectClear(runCli(repo, ['scan', '--range', 'main...apart']), /no common ancestor/);
    expectClear(
      runCli(repo, ['scan', '--range', 'a..b'], {
        cwd: repo.home,
        env: { GIT_CEILING_DIRECTORIES: dirname(repo.home) },
      }),
      /not a git repository/,
    );
  });
});

describe('--push', () => {
  test('every commit that the remote lacks, also one that a later commit undoes', () => {
    const repo = repository();
    repo.write('a.py', 'one\n');
    const first = repo.commit('first');
    repo.write('a.py', `one\n${PLANTED}\n`);
    const second = repo.commit('second');
    repo.write('a.py', 'one\n');
    const third = repo.commit('third');
    const push = (line: string): ScanResult => scan(repo, ['--push', 'origin'], { input: line });
    expect(places(push(`refs/heads/main ${third} refs/heads/main ${first}\n`))).toEqual([`a.py:2 ${second}`]);
    expect(push(`refs/heads/main ${third} refs/heads/main ${second}\n`)).toMatchObject({ code: 0, findings: [] });
    expect(places(push(`refs/heads/new ${third} refs/heads/new ${NONE}\n`))).toEqual([`a.py:2 ${second}`]);
    // A deleted branch, nothing at all, and a remote that is at a commit this clone does not know.
    expect(push(`(delete) ${NONE} refs/heads/main ${first}\n`)).toMatchObject({ code: 0, summary: { files: 0 } });
    expect(push('')).toMatchObject({ code: 0, summary: { files: 0 } });
    expect(push(`refs/heads/main ${third} refs/heads/main ${'12'.repeat(20)}\n`).code).toBe(1);
    expectClear(
      runCli(repo, ['scan', '--push', 'origin'], { input: 'what is this\n' }),
      /a line of the push cannot be read/,
    );
    expect(runCli(repo, ['scan', '--push', 'origin'], { input: `x ${'12'.repeat(20)} y ${NONE}\n` })).toMatchObject({
      code: 2,
    });
  });

  test('an annotated tag, a tag of a file, a rename, UTF-16 and a path that is not UTF-8', () => {
    const repo = repository();
    repo.write('a.py', 'one\n'.repeat(20));
    const first = repo.commit('first');
    repo.git('mv', 'a.py', 'moved.py');
    repo.write('moved.py', `${'one\n'.repeat(20)}${PLANTED}\n`);
    repo.write('wide.txt', Buffer.from(`\ufeff${PLANTED}\n`, 'utf16le'));
    if (process.platform === 'linux') repo.write(Buffer.from('caf\u00e9.py', 'latin1'), `${PLANTED}\n`);
    const second = repo.commit('second');
    repo.git('tag', '-a', '-m', 'x', 'v1');
    const tag = repo.git('rev-parse', 'v1').trim();
    const result = scan(repo, ['--push', 'origin'], {
      input: `refs/tags/v1 ${tag} refs/tags/v1 ${NONE}\nrefs/heads/main ${first} refs/heads/main ${NONE}\n`,
    });
    expect(places(result)).toEqual([
      ...(process.platform === 'linux' ? [`caf\\xE9.py:1 ${second}`] : []),
      `moved.py:21 ${second}`,
      `wide.txt:1 ${second}`,
    ]);
    // What no commit brings along.
    const blob = repo.git('rev-parse', 'HEAD:wide.txt').trim();
    repo.git('tag', '-a', '-m', 'a file', 'file', blob);
    const tree = repo.git('rev-parse', 'HEAD^{tree}').trim();
    const input = `refs/tags/file ${repo.git('rev-parse', 'file').trim()} refs/tags/file ${NONE}\nrefs/x/tree ${tree} refs/x/tree ${NONE}\n`;
    expect(places(scan(repo, ['--push', 'origin'], { input }))).toEqual([
      ...(process.platform === 'linux' ? ['caf\\xE9.py:1'] : []),
      'moved.py:21',
      'refs/tags/file:1',
      'wide.txt:1',
    ]);
  });
});

describe('--patch', () => {
  test('a file and standard input, of git and of diff -u', () => {
    const repo = repository();
    repo.write('a.py', 'one\ntwo\n');
    repo.commit('first');
    repo.write('a.py', `one\n${PLANTED}\ntwo\n`);
    const patch = repo.git('diff');
    writeFileSync(join(repo.home, 'x.diff'), patch);
    const plain = `--- a.py\t2026-01-01\n+++ a.py\t2026-01-02\n@@ -1 +1,2 @@\n one\n+${PLANTED}\n`;
    for (const [args, input] of [
      [['--patch', join(repo.home, 'x.diff')], ''],
      [['--patch', '-'], patch],
      [['--patch', '-'], plain],
    ] as const) {
      const result = scan(repo, args, { input });
      expect(places(result)).toEqual(['a.py:2']);
      expect(result).toMatchObject({ code: 1, err: '', summary: { source: 'patch', files: 1, lines: 1 } });
    }
    expect(scan(repo, ['--patch', '-'], { input: patch.replace(/^\+stripe.*$/m, '+harmless') })).toMatchObject({
      code: 0,
      summary: { files: 1, lines: 1 },
    });
  });

  test('what is no patch, or only a part of one, is an error', () => {
    const repo = repository();
    for (const input of [
      'hello\n',
      `--- a/x\n+++ b/x\n@@ -1 +1,5 @@\n+${PLANTED}\n`,
      'diff --cc x\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n++x\n',
    ]) {
      const result = runCli(repo, ['scan', '--patch', '-'], { input });
      expect([input, result.code]).toEqual([input, 2]);
      expect(result.err).toMatch(/^keepmum: [^\n]+\n(?: {2}fix: [^\n]+\n)?$/m);
      expect(result.err + result.out).not.toContain(KEY);
    }
    expectClear(runCli(repo, ['scan', '--patch', 'missing.diff']), /missing\.diff/);
  });

  test('files of which the patch shows no text are named; the run is clean only if no text can hide there', () => {
    const repo = repository();
    repo.write('old.bin', Buffer.alloc(9));
    repo.commit('base');
    repo.git('rm', '-q', 'old.bin');
    const patch = (name: string): ScanResult => {
      repo.write(name, Buffer.from(PLANTED.split('').join('\0')));
      repo.git('add', '-A');
      return scan(repo, ['--patch', '-'], { input: repo.git('diff', '--cached') });
    };
    const picture = patch('é.png');
    expect(picture).toMatchObject({
      code: 0,
      summary: { skipped: [{ reason: 'not-shown', count: 1, paths: ['é.png'] }] },
    });
    const hidden = patch('prod.env');
    expect(hidden).toMatchObject({
      code: 2,
      summary: { incomplete: true, skipped: [{ reason: 'not-shown', count: 2 }] },
    });
  });
});

describe('--stdin and --commit-message', () => {
  test('one text under a name', () => {
    const repo = repository();
    for (const input of [`one\n${PLANTED}`, Buffer.from(`\ufeffone\r\n${PLANTED}\r\n`, 'utf16le')]) {
      const result = scan(repo, ['--stdin', '--path', 'config/x.env'], { input });
      expect(places(result)).toEqual(['config/x.env:2']);
      expect(result).toMatchObject({ code: 1, err: '', summary: { source: 'stdin', files: 1, lines: 2 } });
    }
    // What a dash means everywhere; never the whole tree instead.
    expect(scan(repo, ['-'], { input: 'one\n' })).toMatchObject({ summary: { source: 'stdin', lines: 1 } });
    expect(scan(repo, ['--stdin'], { input: 'one\n' })).toMatchObject({ code: 0, summary: { files: 1, lines: 1 } });
    expect(scan(repo, ['--stdin'], { input: '' })).toMatchObject({ code: 0, summary: { files: 0 } });
  });

  test('a message as git will keep it', () => {
    const repo = repository();
    const file = join(repo.home, 'COMMIT_EDITMSG');
    const message = (text: string): ScanResult => {
      writeFileSync(file, text);
      return scan(repo, ['--commit-message', file]);
    };
    const found = message(`subject\n\nuse ${KEY}\n`);
    expect(places(found)).toEqual(['COMMIT_EDITMSG:3']);
    expect(found).toMatchObject({ code: 1, summary: { source: 'commit-message', files: 1 } });
    expect(
      message(`subject\n# ${KEY}\n# ------------------------ >8 ------------------------\n+${KEY}\n`),
    ).toMatchObject({
      code: 0,
      findings: [],
      summary: { files: 1 },
    });
    rmSync(file);
    expectClear(runCli(repo, ['scan', '--commit-message', file]), /commit message file cannot be read/);
  });

  test('one scan reads one thing', () => {
    const repo = repository();
    expectClear(runCli(repo, ['scan', '--staged', '--stdin']), /one scan reads one thing/);
    expectClear(runCli(repo, ['scan', '--staged', 'a.py']), /paths go with a scan of the working tree only/);
  });
});

describe.each(nodesUnderTest().map((node) => ({ ...node })))('the pattern engine on $name', ({ path, missing }) => {
  test.skipIf(missing !== undefined)('native or ported, chosen without a word, with the same findings', () => {
    const repo = repository();
    repo.write('a.py', `${PLANTED}\n`);
    repo.git('add', '-A');
    const own = scan(repo, ['--staged'], { node: path });
    const ported = scan(repo, ['--staged'], { node: path, env: { KEEPMUM_REGEX: 're2js' } });
    expect(places(own)).toEqual(['a.py:1']);
    expect(own).toMatchObject({ code: 1, err: '' });
    expect(ported.findings).toEqual(own.findings);
    const native = spawnSync(path, ['-e', "new (require('re2'))('a')"], { cwd: PACKAGE }).status === 0;
    expect(runCli(repo, ['doctor'], { node: path }).out).toMatch(native ? /patterns +re2\n/ : /patterns +re2js /);
  });
});
