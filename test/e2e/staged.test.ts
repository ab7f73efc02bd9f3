import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli, scan, stripeKey, type CliOptions, type CliResult, type ScanResult } from '../support/cli.ts';
import { EVIL_ATTRIBUTES, plantPrograms } from '../support/hostile.ts';
import { nodesUnderTest } from '../support/nodes.ts';
import { preparedCases, repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';
import { NAMED_STAGED_CASES } from '../support/staged-cases.ts';
import { snapshot } from '../support/tree.ts';

const KEY = stripeKey();
const PLANTED = `stripe_key = "${KEY}"`;
const RULE = 'stripe-live-secret-key';
const NODES = nodesUnderTest();
const PRESENT = NODES.filter(({ missing }) => missing === undefined);

/** How all cases are run: by which Node, and with which variables that would have git show something else. */
const WAYS = [
  { node: PRESENT[0], title: '', env: {} },
  {
    node: PRESENT.at(-1),
    title: 'GIT_EXTERNAL_DIFF=true: ',
    env: { GIT_EXTERNAL_DIFF: 'true', GIT_DIFF_OPTS: '--unified=0' },
  },
];

const prepare = preparedCases(PLANTED);
/** The index as it lies on disk, its times and its place included. */
function indexState(repo: TemporaryRepository): unknown {
  const file = join(repo.root, '.git', 'index');
  const { mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true });
  return { mtimeNs, ctimeNs, ino, bytes: readFileSync(file, 'latin1') };
}

function stage(repo: TemporaryRepository, path = 'pay.py', text = `${PLANTED}\n`): void {
  repo.write(path, text);
  repo.git('add', '-A');
}

/** One line that says what failed, and one that says what to do. */
function expectClear(result: CliResult, words: RegExp): void {
  expect(result).toMatchObject({ code: 2, out: '' });
  expect(result.err).toMatch(words);
  expect(result.err).toMatch(/^keepmum: [^\n]+\n(?: {2}fix: [^\n]+\n)?$/);
}

function expectFound({ code, findings, summary, out, err }: ScanResult, path?: string): void {
  expect(err).toBe('');
  expect(findings.map((finding) => finding.rule)).toContain(RULE);
  if (path !== undefined) expect(findings.map((finding) => finding.path)).toContain(path);
  expect(code).toBe(1);
  expect(out).not.toContain(KEY);
  // A pass over nothing would be worth nothing.
  expect(summary?.files).toBeGreaterThan(0);
  expect(summary?.lines).toBeGreaterThan(0);
  expect(summary?.bytes).toBeGreaterThan(0);
}

function expectQuiet({ code, findings, summary, err }: ScanResult): void {
  expect(err).toBe('');
  expect(findings).toEqual([]);
  expect(summary).toBeDefined();
  expect(code).toBe(0);
}

for (const node of NODES)
  describe.skipIf(node.missing !== undefined)(node.name, () => {
    const staged = (repo: TemporaryRepository, args: readonly string[] = [], options: CliOptions = {}): ScanResult =>
      scan(repo, ['--staged', ...args], { node: node.path, ...options });
    const commandLine = (repo: TemporaryRepository, args: readonly string[], options: CliOptions = {}) =>
      runCli(repo, args, { node: node.path, ...options });

    describe('cases, parts 1 and 3', () => {
      // What the variables do depends on git, not on Node: the last Node has them, the first has not.
      it.each(
        WAYS.filter((way) => way.node === node).flatMap(({ title, env }) =>
          NAMED_STAGED_CASES.map(([name, item]) => [`${title}${name}`, item, env] as const),
        ),
      )('%s', (_title, item, env) => {
        const repo = prepare(item);
        const before = { tree: snapshot(repo.root), index: indexState(repo) };
        const result = staged(repo, [], { cwd: join(repo.root, item.cwd ?? ''), env });
        if (item.expects === 'found') expectFound(result, item.path);
        else expectQuiet(result);
        expect({ tree: snapshot(repo.root), index: indexState(repo) }).toEqual(before);
      });
    });

    describe('cases that need more than an index', () => {
      it('E12: the index and the repository that the variables of git name', () => {
        const repo = repository();
        repo.write('a.txt', 'a\n');
        repo.commit('base');
        const index = join(repo.root, '.git', 'next-index-1.lock');
        repo.write('a.txt', `a\n${PLANTED}\n`);
        repo.gitWith(['read-tree', 'HEAD'], { env: { GIT_INDEX_FILE: index } });
        repo.gitWith(['add', 'a.txt'], { env: { GIT_INDEX_FILE: index } });
        expectQuiet(staged(repo));
        expectFound(staged(repo, [], { env: { GIT_INDEX_FILE: index } }), 'a.txt');
        const relative = { GIT_INDEX_FILE: '.git/next-index-1.lock', GIT_PREFIX: 'sub/' };
        expectFound(staged(repo, [], { env: relative }), 'a.txt');
        const away = { GIT_DIR: join(repo.root, '.git'), GIT_WORK_TREE: repo.root, GIT_INDEX_FILE: index };
        expectFound(staged(repo, [], { cwd: repo.home, env: away }), 'a.txt');
      });

      it('E18: no HEAD in a SHA-256 repository', () => {
        const repo = repository({ objectFormat: 'sha256' });
        stage(repo);
        expectFound(staged(repo), 'pay.py');
      });

      it('E19: a submodule is counted as not examined', () => {
        const repo = repository();
        repo.git('update-index', '--add', '--cacheinfo', `160000,${'1234567890'.repeat(4)},module`);
        const result = staged(repo);
        expectQuiet(result);
        expect(result.summary?.skipped).toMatchObject([{ reason: 'submodule', count: 1, paths: ['module'] }]);
      });

      it('LFS: the oid of a pointer is not scanned, a text that only begins like one is', () => {
        const repo = repository();
        const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab12'.repeat(16)}\nsize 12345\n`;
        stage(repo, 'large.bin', pointer);
        const quiet = staged(repo);
        expectQuiet(quiet);
        expect(quiet.summary?.skipped).toMatchObject([{ reason: 'lfs-pointer', count: 1 }]);
        stage(repo, 'fake.bin', `${pointer}${PLANTED}\n`);
        expectFound(staged(repo), 'fake.bin');
      });

      it('deletions: what is taken out does not block, and is said to be in history still', () => {
        const repo = repository();
        const lines = Array.from({ length: 30 }, (_, at) => `line ${at}\n`);
        repo.write('pay.py', lines.join('').replace('line 20\n', `${PLANTED}\n`));
        repo.write('gone.py', `${PLANTED.replace(KEY, stripeKey())}\n`);
        repo.write('kept.py', 'a\n');
        repo.commit('base');
        const hint = /earlier commits still hold it/;
        const noticesOf = (result: ScanResult): readonly string[] => {
          expectQuiet(result);
          expect(result.out).not.toContain(KEY);
          return result.summary?.notices ?? [];
        };

        repo.write('pay.py', lines.join(''));
        repo.git('add', '-A');
        expect(noticesOf(staged(repo))).toEqual([
          expect.stringMatching(/^what is taken out of pay\.py held a secret,/),
        ]);
        // In the words of the hook too.
        expect(commandLine(repo, ['scan', '--staged']).out).toMatch(hint);
        repo.git('rm', '-q', 'gone.py');
        expect(noticesOf(staged(repo))).toEqual([expect.stringMatching(/\(and 1 more\)/)]);
        repo.git('reset', '-q', '--hard');

        repo.git('rm', '-q', 'gone.py', 'kept.py');
        expect(noticesOf(staged(repo))).toContainEqual(expect.stringMatching(hint));
        repo.git('reset', '-q', '--hard');

        // It is still there, on another line.
        repo.write('pay.py', `${lines.join('')}${PLANTED}\n`);
        repo.git('add', '-A');
        const moved = staged(repo);
        expectFound(moved, 'pay.py');
        expect(moved.summary?.notices).toEqual([]);
      });

      it('binary: the summary says that only printable runs were examined', () => {
        const repo = repository();
        repo.write('a.bin', Buffer.concat([Buffer.alloc(500), Buffer.from(PLANTED), Buffer.alloc(500, 7)]));
        repo.git('add', '-A');
        const result = staged(repo);
        expectFound(result, 'a.bin');
        expect(result.summary?.skipped).toMatchObject([{ reason: 'binary', count: 1, paths: ['a.bin'] }]);
      });

      it('attributes: a commit that hides secret-like files says so', () => {
        const repo = repository();
        stage(repo, '.gitattributes', '*.env -diff\n');
        expect(staged(repo).summary?.notices).toEqual([expect.stringContaining('.gitattributes:1 sets "-diff"')]);
      });

      it('amend: what is in HEAD already, and what is added', () => {
        const repo = repository();
        stage(repo);
        repo.commit('first');
        expectQuiet(staged(repo));
        expectFound(staged(repo, ['--amend']), 'pay.py');
        repo.write('b.txt', 'b\n');
        repo.commit('second');
        expectQuiet(staged(repo, ['--amend']));
      });

      it('whole files: an old secret in a file that changes', () => {
        const repo = repository();
        stage(repo, 'a.txt', `${PLANTED}\n${'x\n'.repeat(30)}`);
        repo.commit('base');
        stage(repo, 'a.txt', `${PLANTED}\n${'x\n'.repeat(30)}more\n`);
        expectQuiet(staged(repo));
        expectFound(staged(repo, ['--whole-files']), 'a.txt');
      });

      it('a linked working tree, a submodule and a nested repository each have their own index', () => {
        const repo = repository();
        repo.write('a.txt', 'a\n');
        repo.commit('base');
        const linked = join(repo.home, 'linked');
        repo.git('worktree', 'add', '-q', linked);
        writeFileSync(join(linked, 'pay.py'), `${PLANTED}\n`);
        repo.gitWith(['add', '-A'], { cwd: linked });
        expectQuiet(staged(repo));
        expectFound(staged(repo, [], { cwd: linked }), 'pay.py');

        repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repo.root, 'module');
        const module = join(repo.root, 'module');
        writeFileSync(join(module, 'pay.py'), `${PLANTED}\n`);
        repo.gitWith(['add', '-A'], { cwd: module });
        expectFound(staged(repo, [], { cwd: module }), 'pay.py');
        expectQuiet(staged(repo));

        const nested = join(repo.root, 'nested');
        mkdirSync(nested);
        repo.gitWith(['init', '-q'], { cwd: nested });
        writeFileSync(join(nested, 'pay.py'), `${PLANTED}\n`);
        repo.gitWith(['add', '-A'], { cwd: nested });
        expectFound(staged(repo, [], { cwd: nested }), 'pay.py');
      });

      it('core.worktree elsewhere', () => {
        const repo = repository();
        const tree = join(repo.home, 'tree');
        mkdirSync(tree);
        repo.git('config', 'core.worktree', tree);
        writeFileSync(join(tree, 'pay.py'), `${PLANTED}\n`);
        repo.gitWith(['add', '-A'], { cwd: tree, env: { GIT_DIR: join(repo.root, '.git') } });
        expectFound(staged(repo), 'pay.py');
      });

      it('a partial clone fetches nothing and says what it lacks', () => {
        const repo = repository();
        repo.write('a.txt', 'old\n');
        repo.write('b.txt', 'b\n');
        repo.commit('base');
        repo.git('config', 'uploadpack.allowFilter', 'true');
        const clone = join(repo.home, 'clone');
        repo.git('clone', '-q', '--no-checkout', '--filter=blob:none', `file://${repo.root}`, clone);
        repo.gitWith(['read-tree', 'HEAD'], { cwd: clone });
        const id = repo.git('rev-parse', 'HEAD:b.txt').trim();
        repo.gitWith(['update-index', '--add', '--cacheinfo', `100644,${id},copy.txt`], { cwd: clone });
        const objects = snapshot(join(clone, '.git', 'objects'));
        const lacking = staged(repo, [], { cwd: clone });
        expect(lacking).toMatchObject({ code: 2, findings: [] });
        expect(lacking.summary).toMatchObject({
          incomplete: true,
          skipped: [{ reason: 'not-fetched', paths: ['copy.txt'] }],
        });
        expect(snapshot(join(clone, '.git', 'objects'))).toEqual(objects);
      });
    });

    describe('vacuous passes and errors', () => {
      it('nothing staged: said, and clean', () => {
        const repo = repository();
        expect(commandLine(repo, ['scan', '--staged'])).toMatchObject({
          code: 0,
          err: '',
          out: expect.stringMatching(/no findings[^]*nothing is staged/) as string,
        });
        repo.write('a.txt', 'a\n');
        repo.commit('base');
        expect(commandLine(repo, ['scan', '--staged']).out).toContain('nothing is staged');
        stage(repo, 'b.txt', 'b\n');
        expect(commandLine(repo, ['scan', '--staged']).out).not.toContain('nothing is staged');
      });

      it('the summary counts files, lines and bytes', () => {
        const repo = repository();
        repo.write('a.txt', 'one\ntwo\n');
        repo.write('b/c.txt', 'three\n');
        repo.git('add', '-A');
        expect(staged(repo).summary).toMatchObject({ source: 'staged', files: 2, lines: 3, bytes: 14, findings: 0 });
        expect(commandLine(repo, ['scan', '--staged']).out).toMatch(/no findings in 2 [^]*3 lines, 14 B/);
      });

      it.skipIf(process.platform === 'win32')(
        'a git that shows the list but not the text is an error, not a pass',
        () => {
          const repo = repository();
          stage(repo);
          const bin = join(repo.home, 'bin');
          mkdirSync(bin);
          const real = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();
          const env = { PATH: `${bin}${delimiter}${repo.env['PATH'] ?? ''}` };
          for (const bytes of [0, 60, 130]) {
            writeFileSync(
              join(bin, 'git'),
              `#!/bin/sh\ncase " $* " in *" diff "*|*" cat-file "*) '${real}' "$@" | head -c ${bytes} ;; *) exec '${real}' "$@" ;; esac\n`,
            );
            chmodSync(join(bin, 'git'), 0o755);
            const { code, out, err } = commandLine(repo, ['scan', '--staged'], { env });
            expect([bytes, code]).toEqual([bytes, bytes === 0 ? 0 : 2]);
            expect(out + err).toMatch(bytes === 0 ? /nothing is staged/ : /keepmum: |not examined/);
          }
        },
      );

      it('not a repository, a bare one, no git, a corrupt index, a missing object: exit 2 and one clear line', () => {
        const repo = repository();
        const call = (options: CliOptions = {}): ReturnType<typeof runCli> =>
          commandLine(repo, ['scan', '--staged'], options);
        expectClear(
          call({ cwd: repo.home, env: { GIT_CEILING_DIRECTORIES: dirname(repo.home) } }),
          /not a git repository/,
        );
        expectClear(commandLine(repository({ bare: true }), ['scan', '--staged']), /bare repository/);
        expectClear(call({ env: { PATH: repo.home } }), /git was not found on PATH/);
        stage(repo);
        const index = join(repo.root, '.git', 'index');
        const good = readFileSync(index);
        writeFileSync(index, 'no index at all, but long enough to be taken for one');
        expectClear(call(), /index/i);
        writeFileSync(index, good);
        truncateSync(index, 10);
        expectClear(call(), /index/i);
        writeFileSync(index, good);
        expect(call().code).toBe(1);
        const id = repo.git('rev-parse', ':pay.py').trim();
        rmSync(join(repo.root, 'pay.py'));
        const object = join(repo.root, '.git', 'objects', id.slice(0, 2), id.slice(2));
        chmodSync(object, 0o644);
        writeFileSync(object, 'broken');
        expect(call()).toMatchObject({
          code: 2,
          err: '',
          out: expect.stringMatching(/not examined: 1 × object that is not in this clone[^]*\(pay\.py\)/) as string,
        });
      });

      it('settings with a byte order mark and CRLF are read', () => {
        const repo = repository();
        stage(repo);
        repo.write('.keepmum.yaml', `\ufeffdisable:\r\n  - ${RULE}\r\n`);
        repo.git('add', '-A');
        const result = staged(repo);
        expect(result.findings.map((finding) => finding.rule)).not.toContain(RULE);
        expect(result.err).toBe('');
      });
    });

    describe('attacks', () => {
      it('no program that the repository or the environment names is run', () => {
        const repo = repository();
        repo.write('a.env', 'a\n');
        repo.write('b.txt', 'b\n');
        repo.commit('base');
        repo.write('a.env', `a\n${PLANTED}\n`);
        repo.write('b.txt', Buffer.from(`\ufeff${PLANTED}\n`, 'utf16le'));
        repo.write('.gitattributes', EVIL_ATTRIBUTES);
        repo.git('add', '-A');
        // An object that is not here, so that git would like to fetch it.
        repo.git('update-index', '--add', '--cacheinfo', `100644,${'0123456789'.repeat(4)},lost.txt`);
        const programs = plantPrograms(repo);
        const before = { tree: snapshot(repo.root), index: indexState(repo) };
        const result = staged(repo, [], { env: programs.env });
        expect(result.findings.map((finding) => finding.path).toSorted()).toEqual(['a.env', 'b.txt']);
        expect(result.code).toBe(1);
        expect(result.summary?.skipped).toMatchObject([{ reason: 'not-fetched', paths: ['lost.txt'] }]);
        expect(programs.ran()).toEqual([]);
        expect({ tree: snapshot(repo.root), index: indexState(repo) }).toEqual(before);
        // The other way round: git itself would have run them.
        spawnSync('git', ['status'], { cwd: repo.root, env: { ...repo.env, ...programs.env }, input: '' });
        expect(programs.ran()).not.toEqual([]);
      });

      it('names of files cannot steer a terminal', () => {
        const repo = repository();
        const name = 'a\u001b]0;owned\u0007\u001b[2J\u202e\nb.py';
        stage(repo, name);
        expectFound(staged(repo), name);
        const { out } = commandLine(repo, ['scan', '--staged', '--color']);
        // oxlint-disable-next-line no-control-regex -- control characters are the point
        expect(out.replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(
          // oxlint-disable-next-line no-control-regex -- control characters are the point
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
        );
      });
    });

    describe('which hooks fire, part 2', () => {
      let repo: TemporaryRepository;
      beforeEach(() => {
        repo = repository();
        expect(commandLine(repo, ['install', 'git'])).toMatchObject({ code: 0 });
      });
      const git = (
        args: readonly string[],
        options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
      ) => {
        const { cwd = repo.root, input = '', env } = options;
        const result = spawnSync('git', args, { cwd, input, env: { ...repo.env, ...env }, encoding: 'utf8' });
        return { code: result.status, text: result.stdout + result.stderr };
      };
      const head = (cwd = repo.root): string => git(['rev-parse', '--verify', '-q', 'HEAD'], { cwd }).text;
      const expectBlocked = (args: readonly string[], path: string, cwd = repo.root): void => {
        const before = head(cwd);
        const { code, text } = git(args, { cwd });
        expect(text).toContain('secrets were found');
        expect(text).toContain(path);
        expect(text).not.toContain(KEY);
        expect(code).not.toBe(0);
        expect(head(cwd)).toBe(before);
      };
      const expectCommitted = (args: readonly string[], options: { input?: string } = {}): void => {
        const before = head();
        expect(git(args, options)).toMatchObject({ code: 0 });
        expect(head()).not.toBe(before);
      };
      const expectPushBlocked = (path: string): void => {
        const remote = join(repo.home, 'remote.git');
        repo.git('init', '-q', '--bare', remote);
        const { code, text } = git(['push', '-q', remote, 'HEAD:refs/heads/x']);
        expect(text).toContain('the push was stopped: secrets were found');
        expect(text).toContain(path);
        expect(text).not.toContain(KEY);
        expect(code).not.toBe(0);
      };
      /** A branch `other` with the secret in `pay.py`, made without hooks; the work goes on at `main`. */
      const otherBranch = (base = 'base\n', ours?: string): void => {
        repo.write('pay.py', base);
        repo.commit('base');
        repo.git('checkout', '-q', '-b', 'other');
        repo.write('pay.py', `${base}${PLANTED}\n`);
        repo.commit('other');
        repo.git('checkout', '-q', 'main');
        if (ours === undefined) repo.write('b.txt', 'b\n');
        else repo.write('pay.py', `${base}${ours}\n`);
        repo.commit('main');
      };

      it('the first commit', () => {
        stage(repo);
        expectBlocked(['commit', '-m', 'x'], 'pay.py');
      });

      // When a hook is run is up to git; what it starts has each case on each Node in hook.test.ts.
      if (node !== NODES[0]) return;

      it('git commit, and --no-verify that skips it', () => {
        repo.commit('base');
        stage(repo);
        expectBlocked(['commit', '-m', 'x'], 'pay.py');
        expectCommitted(['commit', '-q', '--no-verify', '-m', 'x']);
        expectPushBlocked('pay.py');
      });

      it('git commit --amend', () => {
        repo.commit('base');
        stage(repo);
        expectBlocked(['commit', '--amend', '-m', 'x'], 'pay.py');
      });

      it('git commit -a', () => {
        repo.write('pay.py', 'x\n');
        repo.commit('base');
        repo.write('pay.py', `x\n${PLANTED}\n`);
        expectBlocked(['commit', '-a', '-m', 'x'], 'pay.py');
        repo.write('pay.py', 'y\n');
        expectCommitted(['commit', '-q', '-a', '-m', 'x']);
      });

      it('git commit -- path takes that path and no other', () => {
        repo.write('pay.py', 'x\n');
        repo.write('b.txt', 'x\n');
        repo.commit('base');
        repo.write('pay.py', `x\n${PLANTED}\n`);
        repo.write('b.txt', 'y\n');
        expectBlocked(['commit', '-m', 'x', '--', 'pay.py'], 'pay.py');
        repo.git('add', 'pay.py');
        expectCommitted(['commit', '-q', '-m', 'x', '--', 'b.txt']);
      });

      it('from a sub-directory', () => {
        repo.write('sub/x.txt', 'x\n');
        repo.commit('base');
        stage(repo, 'top.py');
        expectBlocked(['commit', '-m', 'x'], 'top.py', join(repo.root, 'sub'));
        repo.git('reset', '-q', '--hard');
        stage(repo, 'sub/pay.py');
        expectBlocked(['commit', '-m', 'x'], 'sub/pay.py', join(repo.root, 'sub'));
      });

      it('in a linked working tree', () => {
        repo.commit('base');
        const tree = join(repo.home, 'linked');
        repo.git('worktree', 'add', '-q', tree, '-b', 'linked');
        writeFileSync(join(tree, 'pay.py'), `${PLANTED}\n`);
        repo.gitWith(['add', '-A'], { cwd: tree });
        expectBlocked(['commit', '-m', 'x'], 'pay.py', tree);
      });

      it('a merge without conflicts: pre-merge-commit; and the git commit that could follow', () => {
        otherBranch();
        expectBlocked(['merge', '--no-edit', 'other'], 'pay.py');
        expectBlocked(['commit', '--no-edit'], 'pay.py');
      });

      it('a merge with conflicts: content of a parent passes, new content does not', () => {
        otherBranch('base\n', 'ours');
        expect(git(['merge', '--no-edit', 'other']).code).toBe(1);
        stage(repo, 'pay.py', `base\nours\n${PLANTED}\nanother_${PLANTED.replace('"5', '"')}\n${PLANTED}0\n`);
        repo.write('new.py', `${PLANTED}\n`);
        repo.git('add', '-A');
        expectBlocked(['commit', '--no-edit'], 'new.py');
        repo.git('rm', '-q', '-f', 'new.py');
        stage(repo, 'pay.py', `base\nours\n${PLANTED}\n`);
        expectCommitted(['commit', '-q', '--no-edit']);
      });

      it('cherry-pick and rebase that stop on a conflict', () => {
        otherBranch('base\n', 'ours');
        expect(git(['cherry-pick', 'other']).code).toBe(1);
        stage(repo, 'pay.py', `base\nours\n${PLANTED}\n`);
        expectBlocked(['-c', 'core.editor=true', 'cherry-pick', '--continue'], 'pay.py');
        repo.git('cherry-pick', '--abort');
      });

      it.each([
        ['cherry-pick without conflict', ['cherry-pick', 'other']],
        ['rebase without conflict', ['rebase', '-q', '--onto', 'main', 'other~1', 'other']],
        ['a fast-forward', ['merge', '-q', '--ff-only', 'ahead']],
      ] as const)('%s: no hook of a commit, so the push is what stops it', (_title, args) => {
        otherBranch();
        repo.git('branch', 'ahead');
        repo.git('checkout', '-q', 'ahead');
        repo.git('cherry-pick', 'other');
        repo.git('checkout', '-q', 'main');
        expectCommitted(args);
        expectPushBlocked('pay.py');
      });

      it('revert, am and rebase --continue: likewise', () => {
        stage(repo);
        repo.commit('leaked');
        repo.git('rm', '-q', 'pay.py');
        repo.commit('removed');
        expectCommitted(['revert', '--no-edit', 'HEAD']);
        expectPushBlocked('pay.py');

        otherBranchIn(repo);
        const patch = repo.git('format-patch', '--stdout', '-1', 'other');
        expectCommitted(['am', '-q'], { input: patch });
        expectPushBlocked('am.py');
      });

      it('stash is nobody’s business', () => {
        repo.commit('base');
        stage(repo);
        expect(git(['stash', '-q'])).toMatchObject({ code: 0 });
      });
    });
  });

/** A branch `other` with the secret in `am.py`. */
function otherBranchIn(repo: TemporaryRepository): void {
  repo.git('checkout', '-q', '-b', 'other');
  repo.write('am.py', `${PLANTED}\n`);
  repo.commit('other');
  repo.git('checkout', '-q', 'main');
}
