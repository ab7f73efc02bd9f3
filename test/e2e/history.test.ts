import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FindingRecord } from '../../src/reporters/record.ts';
import { runCli, scan, stripeKey, type ScanResult } from '../support/cli.ts';
import { EVIL_ATTRIBUTES, plantPrograms } from '../support/hostile.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';

const RULE = 'stripe-live-secret-key';

function planted(key: string): string {
  return `stripe_key = "${key}"\n`;
}

/** Findings of the planted keys. */
function keys({ findings }: ScanResult): FindingRecord[] {
  return findings.filter(({ rule }) => rule === RULE);
}

function paths(result: ScanResult): string[] {
  return keys(result).map(({ path }) => path);
}

function skips({ summary }: ScanResult): Record<string, number> {
  return Object.fromEntries(summary?.skipped.map(({ reason, count }) => [reason, count]) ?? []);
}

function history(repo: TemporaryRepository, ...args: string[]): ScanResult {
  return scan(repo, ['--history', ...args]);
}

/** The one finding of a planted key. */
function only(result: ScanResult): FindingRecord {
  const [finding, ...others] = keys(result);
  if (finding === undefined || others.length > 0) throw new Error(`${others.length + 1} findings: ${result.err}`);
  return finding;
}

/** All objects in one pack, as deltas to each other, as in a fresh clone. */
function pack(repo: TemporaryRepository): void {
  repo.git('repack', '-adfq', '--depth=50');
}

/** Lines that are alike but for their number: enough that versions become deltas. */
function filler(lines: number): string {
  return Array.from({ length: lines }, (_, line) => `line ${line} says nothing of interest at all\n`).join('');
}

describe.each(['loose', 'packed'] as const)('objects that are %s', (form) => {
  const settle = (repo: TemporaryRepository): void => {
    if (form === 'packed') pack(repo);
  };

  test('a secret that was taken out again, with who brought it, when and where', () => {
    const repo = repository();
    const key = stripeKey();
    repo.write('a/config.py', filler(40));
    repo.commit('before');
    repo.write('a/config.py', filler(20) + planted(key) + filler(20));
    const brought = repo.commit('brings it');
    repo.write('a/config.py', `first\n${filler(20)}${planted(key)}${filler(20)}`);
    repo.commit('moves it');
    repo.write('a/config.py', filler(41));
    repo.commit('takes it out');
    settle(repo);
    expect(scan(repo, []).findings).toEqual([]);
    const result = history(repo);
    expect(result).toMatchObject({ code: 1, err: '' });
    expect(only(result)).toMatchObject({
      path: 'a/config.py',
      line: 21,
      commit: brought,
      history: {
        author: { name: 'A. Uthor', email: 'author@example.invalid' },
        date: '2026-01-02T03:04:05+00:00',
        inHead: false,
        versions: 2,
        commits: 2,
        paths: ['a/config.py'],
      },
    });
    expect(result.out).not.toContain(key);
    expect(result.summary).toMatchObject({ source: 'history', incomplete: false, skipped: [] });
  });

  test('still in HEAD, in a version that came later', () => {
    const repo = repository();
    const key = stripeKey();
    repo.write('config.py', filler(30) + planted(key));
    const first = repo.commit('brings it');
    repo.write('config.py', `more\n${filler(30)}${planted(key)}`);
    repo.commit('changes the file');
    settle(repo);
    expect(only(history(repo))).toMatchObject({ commit: first, line: 31, history: { inHead: true, versions: 2 } });
  });

  test('one finding for each path; the same blob under several paths, and a renamed file', () => {
    const repo = repository();
    const key = stripeKey();
    repo.write('one.py', planted(key));
    repo.write('two.py', planted(key));
    const first = repo.commit('two of them');
    repo.git('mv', 'one.py', 'three.py');
    const second = repo.commit('renamed');
    settle(repo);
    const found = keys(history(repo));
    expect(found.map(({ path, commit }) => [path, commit])).toEqual([
      ['one.py', first],
      ['three.py', second],
      ['two.py', first],
    ]);
    for (const { history: told } of found) expect(told?.paths).toEqual(['one.py', 'three.py', 'two.py']);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(found.map(({ history: told }) => told?.inHead)).toEqual([false, true, true]);
  });

  test('what a merge brings that neither side has, and a path that changes its type', () => {
    const repo = repository();
    const [evil, typed] = [stripeKey(), stripeKey()];
    repo.write('a.py', 'one\n');
    symlinkSync('a.py', join(repo.root, 'link.py'));
    repo.commit('base');
    repo.git('checkout', '-q', '-b', 'side');
    repo.write('a.py', 'side\n');
    repo.commit('side');
    repo.git('checkout', '-q', 'main');
    repo.write('a.py', 'main\n');
    repo.commit('main');
    repo.git('merge', '-q', '--no-commit', '-s', 'ours', 'side');
    repo.write('a.py', planted(evil));
    rmSync(join(repo.root, 'link.py'));
    repo.write('link.py', planted(typed));
    const merge = repo.commit('merge');
    repo.write('a.py', 'clean\n');
    rmSync(join(repo.root, 'link.py'));
    repo.commit('cleaned');
    settle(repo);
    const found = keys(history(repo));
    expect(found.map(({ path, commit }) => [path, commit])).toEqual([
      ['a.py', merge],
      ['link.py', merge],
    ]);
    expect(skips(history(repo))).toEqual({ symlink: 1 });
  });

  test('stashes, an older stash, and what only a reflog leads to', () => {
    const repo = repository();
    const [older, newer, untracked, amended] = [stripeKey(), stripeKey(), stripeKey(), stripeKey()];
    repo.write('a.py', 'one\n');
    repo.commit('base');
    repo.write('a.py', planted(older));
    repo.git('stash', '-q');
    repo.write('a.py', planted(newer));
    repo.write('new.py', planted(untracked));
    repo.git('stash', '-q', '--include-untracked');
    repo.write('b.py', planted(amended));
    repo.commit('to be amended');
    repo.write('b.py', 'two\n');
    repo.git('add', '-A');
    repo.git('commit', '-q', '--amend', '-m', 'amended');
    settle(repo);
    expect(paths(history(repo))).toEqual(['a.py', 'a.py', 'b.py', 'new.py']);
    expect(paths(history(repo, '--branch', 'main'))).toEqual([]);
  });

  test('messages of commits and tags', () => {
    const repo = repository();
    const [message, tag, nested] = [stripeKey(), stripeKey(), stripeKey()];
    repo.write('a.py', 'one\n');
    const commit = repo.commit(`Subject\n\nThe key is ${message}, sorry.`);
    repo.git('tag', '-a', 'v1', '-m', `Release\n\nstripe_key = ${tag}`);
    repo.git('tag', '-a', 'v2', '-m', `stripe_key = ${nested}`, 'v1');
    repo.git('tag', '-d', 'v1');
    settle(repo);
    const found = keys(history(repo));
    expect(found.map(({ path, line }) => [path, line])).toEqual([
      ['COMMIT_EDITMSG', 3],
      ['refs/tags/v2', 1],
      ['refs/tags/v2', 3],
    ]);
    expect(found[0]).toMatchObject({ commit, history: { inHead: true } });
    expect(found[1]?.commit).toBeNull();
  });

  test('a tag of a file and of a folder', () => {
    const repo = repository();
    const [file, folder] = [stripeKey(), stripeKey()];
    repo.write('a.py', 'one\n');
    repo.commit('base');
    const blob = repo
      .gitWith(['hash-object', '-w', '--stdin'], { input: planted(file) })
      .toString()
      .trim();
    repo.git('tag', 'file', blob);
    const inner = repo
      .gitWith(['hash-object', '-w', '--stdin'], { input: planted(folder) })
      .toString()
      .trim();
    const tree = repo.gitWith(['mktree'], { input: `100644 blob ${inner}\tin/../x.py\n`.replace('in/../', '') });
    repo.git('tag', '-a', '-m', 'a folder', 'folder', tree.toString().trim());
    settle(repo);
    const result = history(repo);
    expect(result).toMatchObject({ code: 1, err: '' });
    expect(paths(result)).toEqual(['refs/tags/file', 'x.py']);
  });
});

test('unreachable commits and blobs, when asked for', () => {
  const repo = repository();
  const [dropped, staged] = [stripeKey(), stripeKey()];
  repo.write('a.py', 'one\n');
  repo.commit('base');
  repo.write('a.py', planted(dropped));
  const lost = repo.commit('dropped');
  repo.git('reset', '-q', '--hard', 'HEAD~1');
  repo.write('b.py', planted(staged));
  repo.git('add', 'b.py');
  const blob = repo.git('rev-parse', ':b.py').trim();
  repo.git('rm', '-q', '--cached', 'b.py');
  repo.git('reflog', 'expire', '--expire=now', '--all');
  expect(history(repo)).toMatchObject({ code: 0, findings: [] });
  const found = keys(history(repo, '--unreachable'));
  expect(found.map(({ path, commit }) => [path, commit])).toEqual([
    [`.git/lost-found/other/${blob}`, null],
    ['a.py', lost],
  ]);
});

test('a range is read commit by commit, and dates are those of commits', () => {
  const repo = repository();
  const [before, within] = [stripeKey(), stripeKey()];
  const at = (day: string): void => {
    repo.env['GIT_COMMITTER_DATE'] = `${day}T00:00:00Z`;
  };
  at('2026-02-01');
  repo.write('a.py', planted(before));
  repo.commit('before');
  at('2026-02-02');
  repo.write('a.py', 'clean\n');
  const from = repo.commit('cleaned');
  at('2026-02-03');
  repo.write('b.py', planted(within));
  repo.commit('brings');
  at('2026-02-04');
  repo.write('b.py', 'clean\n');
  repo.commit('takes out');
  expect(paths(scan(repo, ['--range', `${from}..HEAD`]))).toEqual([]);
  expect(paths(history(repo, '--range', `${from}..HEAD`))).toEqual(['b.py']);
  expect(paths(history(repo, '--since', '2026-02-03'))).toEqual(['b.py']);
  expect(paths(history(repo, '--since', '2026-02-01'))).toEqual(['a.py', 'b.py']);
  expect(paths(history(repo, '--since', '100 years'))).toEqual(['a.py', 'b.py']);
  for (const [args, words] of [
    [['--since', 'yesterday-ish'], /--since: "yesterday-ish" is no date/],
    [['--range', 'nowhere..HEAD'], /--range "nowhere\.\.HEAD": "nowhere" names no commit here/],
    [['--branch=--all'], /--branch "--all": "--all" names no commit here/],
    [['--branch', 'main', '--range', 'HEAD'], /both say which commits/],
    [['--branch', 'main', '--unreachable'], /unreachable/],
    [['a.py'], /paths go with a scan of the working tree only/],
    [['--staged'], /several were named/],
  ] as const) {
    const result = history(repo, ...args);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toMatch(words);
  }
});

test('suppressions: a comment in the old text, an allow-listed path, a baseline', () => {
  const repo = repository();
  const [commented, later, allowed, excepted] = [stripeKey(), stripeKey(), stripeKey(), stripeKey()];
  repo.write('commented.py', planted(commented).replace('\n', ' # keepmum:allow an example\n'));
  repo.write('later.py', planted(later));
  repo.write('vendor/allowed.py', planted(allowed));
  repo.write('excepted.py', planted(excepted));
  const first = repo.commit('base');
  repo.write('later.py', planted(later).replace('\n', ' # keepmum:allow an example\n'));
  repo.write('.keepmum.yaml', 'allow:\n  paths: ["vendor/**"]\n');
  repo.commit('a comment');
  const fingerprint = keys(history(repo)).find(({ path }) => path === 'excepted.py')?.fingerprint ?? '';
  const allow = ['allow', fingerprint, '--reason', 'test', '--owner', 'me', '--expires', '2999-01-01'];
  expect(runCli(repo, allow)).toMatchObject({ code: 0 });
  const result = history(repo, '--show-suppressed');
  expect(keys(result).map(({ path, commit, suppressedBy }) => [path, commit, suppressedBy?.by])).toEqual([
    ['commented.py', first, 'inline-comment'],
    ['excepted.py', first, 'exception'],
    // One of its versions has no comment.
    ['later.py', first, undefined],
  ]);
  expect(skips(result)).toEqual({ 'allow-listed': 1 });
  expect(result.summary).toMatchObject({ suppressed: 2, findings: 1 });
});

test('a blob is read where one of its paths is not allow-listed', () => {
  const repo = repository();
  const key = stripeKey();
  repo.write('.keepmum.yaml', 'allow:\n  paths: ["vendor/**"]\n');
  repo.write('vendor/a.py', planted(key));
  repo.write('src/a.py', planted(key));
  repo.commit('base');
  expect(paths(history(repo))).toEqual(['src/a.py']);
});

test('repositories with SHA-256, bare ones, and ones without a commit', () => {
  const repo = repository({ objectFormat: 'sha256' });
  expect(history(repo)).toMatchObject({ code: 0, findings: [] });
  const key = stripeKey();
  for (const text of [filler(50), filler(50) + planted(key), filler(51)]) {
    repo.write('a.py', text);
    repo.commit('more');
  }
  pack(repo);
  expect(only(history(repo))).toMatchObject({ path: 'a.py', line: 51 });
  const bare = join(repo.home, 'bare.git');
  repo.git('clone', '-q', '--bare', repo.root, bare);
  expect(paths(scan(repo, ['--history'], { cwd: bare }))).toEqual(['a.py']);
});

test('a shallow clone, and one that lacks objects, are not complete', () => {
  const repo = repository();
  const key = stripeKey();
  repo.write('big.bin', filler(500));
  repo.write('a.py', planted(key));
  repo.commit('base');
  repo.write('big.bin', filler(501));
  repo.commit('more');
  repo.git('config', 'uploadpack.allowFilter', 'true');
  const clone = (name: string, ...args: string[]): string => {
    const to = join(repo.home, name);
    repo.git('clone', '-q', ...args, `file://${repo.root}`, to);
    return to;
  };
  const shallow = scan(repo, ['--history'], { cwd: clone('shallow', '--depth=1') });
  expect(shallow).toMatchObject({ code: 1, summary: { incomplete: true } });
  expect(skips(shallow)).toEqual({ shallow: 1 });
  const partial = clone('partial', '--filter=blob:limit=1k');
  rmSync(join(repo.root, '.git', 'HEAD'));
  const some = scan(repo, ['--history'], { cwd: partial });
  expect(some).toMatchObject({ code: 1, summary: { incomplete: true } });
  expect(skips(some)).toEqual({ 'not-fetched': 1 });
  expect(paths(some)).toEqual(['a.py']);
});

test('a clone without trees is read as far as it goes', () => {
  const repo = repository();
  const key = stripeKey();
  repo.write('a/a.py', 'one\n');
  repo.commit('base');
  repo.write('a/a.py', planted(key));
  repo.commit('more');
  repo.git('config', 'uploadpack.allowFilter', 'true');
  const treeless = join(repo.home, 'treeless');
  repo.git('clone', '-q', '--filter=tree:0', `file://${repo.root}`, treeless);
  rmSync(join(repo.root, '.git', 'HEAD'));
  const result = scan(repo, ['--history'], { cwd: treeless });
  expect(result).toMatchObject({ code: 1, summary: { incomplete: true } });
  expect(skips(result)).toEqual({ 'broken-history': 1 });
  expect(keys(result)).toHaveLength(1);
});

test('damaged objects are told, the others are read', () => {
  const repo = repository();
  const [lost, kept] = [stripeKey(), stripeKey()];
  repo.write('lost.py', planted(lost));
  repo.write('kept.py', planted(kept));
  repo.commit('base');
  const id = repo.git('rev-parse', 'HEAD:lost.py').trim();
  const file = join(repo.root, '.git', 'objects', id.slice(0, 2), id.slice(2));
  rmSync(file);
  writeFileSync(file, 'garbage');
  const result = history(repo);
  expect(paths(result)).toEqual(['kept.py']);
  expect(skips(result)).toEqual({ 'not-fetched': 1 });
  expect(result.summary?.incomplete).toBe(true);
});

test('what git was told to see differently is seen as it is', () => {
  const repo = repository();
  const [hidden, grafted] = [stripeKey(), stripeKey()];
  repo.write('a.py', planted(grafted));
  const first = repo.commit('first');
  repo.write('a.py', 'clean\n');
  repo.commit('second');
  repo.write('b.py', planted(hidden));
  const third = repo.commit('third');
  repo.write('b.py', 'clean\n');
  const fourth = repo.commit('fourth');
  repo.git('replace', `${third}:b.py`, `${fourth}:b.py`);
  writeFileSync(join(repo.root, '.git', 'info', 'grafts'), `${repo.git('rev-parse', 'HEAD~2').trim()}\n`);
  repo.git('reflog', 'expire', '--expire=now', '--all');
  const found = keys(history(repo));
  expect(found.map(({ path, commit }) => [path, commit])).toEqual([
    ['a.py', first],
    ['b.py', third],
  ]);
});

test('nothing of the repository runs, and its names reach the terminal tamed', () => {
  const repo = repository();
  const key = stripeKey();
  repo.write('.gitattributes', EVIL_ATTRIBUTES);
  const name = 'a\u001b[31m\n::error::b.py';
  repo.write(name, planted(key));
  repo.write(Buffer.from('latin\xe9.py', 'latin1'), planted(key));
  repo.env['GIT_AUTHOR_NAME'] = 'Eve \u001b[2J';
  repo.commit('base');
  const programs = plantPrograms(repo);
  const result = scan(repo, ['--history', '--unreachable'], { env: programs.env });
  expect(paths(result)).toEqual([name, String.raw`latin\xE9.py`]);
  expect(runCli(repo, ['scan', '--history'], { env: programs.env }).out).not.toMatch(
    new RegExp(`${String.fromCharCode(27)}|^\\s*::`, 'm'),
  );
  expect(programs.ran()).toEqual([]);
});

test('a submodule, a pointer of Git LFS and binary files are told once for each path', () => {
  const repo = repository();
  const key = stripeKey();
  const pointer = (size: number): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize ${size}\n`;
  for (const round of [1, 2]) {
    repo.write('large.psd', pointer(round));
    repo.write('image.png', Buffer.concat([Buffer.alloc(4000, round), Buffer.from(planted(key)), Buffer.alloc(200)]));
    repo.write('wide.txt', Buffer.from(`\ufeffround ${round}\n${planted(key)}`, 'utf16le'));
    repo.git('add', '-A');
    repo.git('update-index', '--add', '--cacheinfo', `160000,${String(round).repeat(40)},sub`);
    repo.git('commit', '-qm', 'more');
  }
  const result = history(repo);
  expect(skips(result)).toEqual({ submodule: 1, 'lfs-pointer': 1, binary: 1 });
  expect(paths(result)).toEqual(['image.png', 'wide.txt']);
  expect(keys(result).map(({ history: told }) => told?.versions)).toEqual([2, 2]);
});

test('archives are opened, old ones too', () => {
  const repo = repository();
  const [first, second] = [stripeKey(), stripeKey()];
  for (const key of [first, second]) {
    repo.write('inner/settings.py', planted(key));
    repo.gitWith(['hash-object', '-w', 'inner/settings.py'], {});
    spawnSync('tar', ['-czf', 'backup.tar.gz', 'inner'], { cwd: repo.root });
    rmSync(join(repo.root, 'inner'), { recursive: true });
    repo.commit('a backup');
  }
  const found = keys(history(repo));
  expect(found.map(({ path, line }) => [path, line])).toEqual([
    ['backup.tar.gz!/inner/settings.py', 1],
    ['backup.tar.gz!/inner/settings.py', 1],
  ]);
  expect(found.map(({ history: told }) => told?.inHead === true).toSorted((a, b) => Number(a) - Number(b))).toEqual([
    false,
    true,
  ]);
});

test('a blob that is too large is told, and the run is not complete', () => {
  const repo = repository();
  repo.write('huge.txt', 'x'.repeat((32 << 20) + 1));
  repo.commit('base');
  const result = history(repo);
  expect(skips(result)).toEqual({ 'too-large': 1 });
  expect(result).toMatchObject({ code: 2 });
});

test('threads find the same, in the same order', () => {
  const repo = repository();
  const secrets = Array.from({ length: 40 }, () => stripeKey());
  const parts: string[] = [];
  for (let commit = 0; commit < 90; commit++) {
    parts.push(
      `commit refs/heads/main\ncommitter C <c@example.invalid> ${1_700_000_000 + commit} +0000\ndata 2\nm\n\n`,
    );
    for (let file = 0; file < 120; file++) {
      const secret = file < 40 && commit % 7 === file % 7 ? planted(secrets[file] ?? '') : '';
      const text = `${filler(12)}${secret}file ${file} of ${commit}\n`;
      parts.push(`M 100644 inline d${file % 10}/f${file}.py\ndata ${text.length}\n${text}\n`);
    }
  }
  repo.gitWith(['fast-import', '--quiet'], { input: parts.join('') });
  pack(repo);
  const [one, two, three] = ['1', '2', '3'].map((threads) => scan(repo, ['--history', '--threads', threads]));
  expect(one).toMatchObject({ code: 1, err: '' });
  expect(keys(one as ScanResult)).toHaveLength(40);
  expect(two?.out).toBe(one?.out);
  expect(three?.out).toBe(one?.out);
  const { elapsed: _, ...summary } = one?.summary ?? {};
  expect(two?.summary).toMatchObject(summary);
  expect(summary).toMatchObject({ files: 90 * 120 + 90, incomplete: false });
});

test('different secrets that stood in one place come in one order, however git stores their versions', () => {
  const repo = repository();
  const secrets = Array.from({ length: 12 }, () => stripeKey());
  for (const [index, secret] of secrets.entries()) {
    repo.write('config.py', `${filler(60)}${planted(secret)}${filler(60)}${index}\n`);
    repo.commit(`version ${index}`);
  }
  const order = (): readonly string[] => keys(history(repo)).map(({ fingerprint }) => fingerprint);
  const loose = order();
  expect(new Set(loose).size).toBe(secrets.length);
  pack(repo);
  expect(order()).toEqual(loose);
});

test('every format tells of the commit', () => {
  const repo = repository();
  repo.write('a.py', planted(stripeKey()));
  const commit = repo.commit('base');
  const text = runCli(repo, ['scan', '--history']);
  expect(text.out).toContain(`in ${commit.slice(0, 12)}`);
  expect(text.out.replace(/\n\s+/g, ' ')).toContain(
    'brought 2026-01-02 by A. Uthor <author@example.invalid>; still in HEAD',
  );
  expect(text.out).toContain('in 2 versions of files and messages');
  for (const format of ['sarif', 'gitlab', 'csv', 'github', 'junit', 'markdown']) {
    const { out } = runCli(repo, ['scan', '--history', '--format', format]);
    expect(out).toContain(commit.slice(0, 12));
    expect(out).toMatch(/A\. Uthor/);
  }
});
