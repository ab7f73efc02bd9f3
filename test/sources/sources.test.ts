import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { GitError, SourceError } from '../../src/core/errors.ts';
import {
  commitMessageSource,
  patchSource,
  pushSource,
  rangeSource,
  stagedSource,
  stdinSource,
  worktreeSource,
} from '../../src/sources/index.ts';
import { newLinesOf, readSource } from '../support/read-source.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';

const PLANTED = 'token = planted-text-0123456789';
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function repository(): TemporaryRepository {
  const repo = temporaryRepository();
  cleanups.push(repo.remove);
  return repo;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'keepmum-test-'));
  cleanups.push(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

async function* stream(text: string | Buffer, step = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

describe('range', () => {
  it('A..B, A...B, an open end and the zero id', async () => {
    const repo = repository();
    repo.write('a.txt', 'one\n');
    const first = repo.commit('first');
    repo.git('checkout', '-q', '-b', 'side');
    repo.write('b.txt', `${PLANTED}\n`);
    const side = repo.commit('side');
    repo.git('checkout', '-q', 'main');
    repo.write('c.txt', 'three\n');
    repo.commit('main');
    const read = async (range: string): Promise<string[]> => {
      const { chunks } = await readSource(rangeSource({ cwd: repo.root, range }));
      return chunks.map((chunk) => `${chunk.origin.path} ${chunk.origin.commit?.slice(0, 7)}`);
    };
    const head = repo.git('rev-parse', 'HEAD').slice(0, 7);
    expect(await read(`${first}..side`)).toEqual([`b.txt ${side.slice(0, 7)}`]);
    expect(await read('main...side')).toEqual([`b.txt ${side.slice(0, 7)}`]);
    expect(await read(`${first}..`)).toEqual([`c.txt ${head}`]);
    expect(await read(`${'0'.repeat(40)}..main`)).toEqual([`a.txt ${head}`, `c.txt ${head}`]);
    await expect(read('no-such..main')).rejects.toThrow(GitError);
    await expect(read('--output=x..main')).rejects.toThrow(GitError);
  });
});

describe('push', () => {
  it('E20, E21: each new commit against its first parent, merges and type changes included', async () => {
    const repo = repository();
    const remote = folder();
    spawnSync('git', ['init', '-q', '--bare', remote]);
    repo.git('remote', 'add', 'origin', remote);
    repo.write('a.txt', 'base\n');
    symlinkSync('a.txt', join(repo.root, 'link'));
    const pushed = repo.commit('base');
    repo.git('push', '-q', 'origin', 'main');
    repo.git('checkout', '-q', '-b', 'side');
    repo.write('a.txt', 'theirs\n');
    repo.commit('theirs');
    repo.git('checkout', '-q', 'main');
    repo.write('a.txt', 'ours\n');
    unlinkSync(join(repo.root, 'link'));
    repo.write('link', `link ${PLANTED}\n`);
    repo.write('wide.txt', Buffer.from(`\ufeffwide ${PLANTED}\n`, 'utf16le'));
    const ours = repo.commit('ours');
    try {
      repo.git('merge', 'side');
    } catch {
      // The conflict is the point.
    }
    repo.write('a.txt', `merge ${PLANTED}\n`);
    const merge = repo.commit('merge');
    repo.write('gone.txt', `gone ${PLANTED}\n`);
    const gone = repo.commit('gone');
    repo.git('rm', '-q', 'gone.txt');
    const head = repo.commit('removed');

    const read = async (remoteId: string): Promise<string[]> => {
      const updates = `refs/heads/main ${head} refs/heads/main ${remoteId}\n`;
      const { chunks } = await readSource(pushSource({ cwd: repo.root, updates, remote: 'origin' }));
      return newLinesOf(chunks)
        .filter(({ text }) => text.includes(PLANTED))
        .map(({ text }) => text.split(' ')[0] ?? '')
        .sort();
    };
    const expected = ['gone', 'link', 'merge', 'wide'];
    expect(await read(pushed)).toEqual(expected);
    expect(await read('0'.repeat(40))).toEqual(expected);
    expect(await read('12'.repeat(20))).toEqual(expected);
    expect(await read(merge)).toEqual(['gone']);
    const { chunks } = await readSource(
      pushSource({ cwd: repo.root, updates: `x ${head} x ${pushed}`, remote: 'origin' }),
    );
    expect(
      new Set(chunks.filter((chunk) => Buffer.from(chunk.bytes).includes(PLANTED)).map((c) => c.origin.commit)),
    ).toEqual(new Set([ours, merge, gone]));
  });

  it('a deletion brings nothing, a broken line is an error', async () => {
    const repo = repository();
    const id = repo.commit('base');
    const zero = '0'.repeat(40);
    const read = (updates: string): Promise<unknown> => readSource(pushSource({ cwd: repo.root, updates }));
    expect(await read(`(delete) ${zero} refs/heads/x ${id}\n`)).toEqual({ chunks: [], quiet: [], skipped: [] });
    await expect(read('garbage\n')).rejects.toThrow(SourceError);
  });
});

describe('patch', () => {
  const read = async (text: string | Buffer, step?: number): Promise<string[]> => {
    const { chunks } = await readSource(patchSource(stream(text, step)));
    return newLinesOf(chunks).map(({ path, line, text: shown }) => `${path}:${line} ${shown}`);
  };

  it('git, diff -u, quoted and prefixless names, however it is split', async () => {
    const patch = [
      'From someone',
      'diff --git "a/\\303\\251 x" "b/\\303\\251 x"',
      '--- "a/\\303\\251 x"',
      '+++ "b/\\303\\251 x"',
      '@@ -1,2 +1,3 @@ function',
      ' one',
      `+++ b/evil ${PLANTED}`,
      '-- a/evil',
      '+three',
      '\\ No newline at end of file',
      '--- old/file.c\t2026-01-01',
      '+++ new/file.c\t2026-01-02',
      '@@ -0,0 +5 @@',
      '+five',
      '',
    ].join('\n');
    const expected = [`é x:2 ++ b/evil ${PLANTED}`, 'é x:3 three', 'new/file.c:5 five'];
    for (const step of [1, 3, 1000]) expect(await read(patch, step)).toEqual(expected);
    expect(await read(Buffer.from(`\ufeff${patch}`, 'utf16le'))).toEqual(expected);
  });

  it('garbage, a broken hunk, colours and combined diffs are errors; nothing is nothing', async () => {
    await expect(read('hello\n')).rejects.toThrow(SourceError);
    await expect(read('--- a/x\n+++ b/x\n@@ -1 +1,5 @@\n+one\n')).rejects.toThrow(SourceError);
    await expect(read('\u001b[1mdiff --git a/x b/x\u001b[m\n\u001b[32m+x\u001b[m\n')).rejects.toThrow(SourceError);
    await expect(read('diff --cc x\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n++x\n')).rejects.toThrow(SourceError);
    expect(await read('\n')).toEqual([]);
  });
});

describe('stdin and commit message', () => {
  it('stdin: plain and UTF-16 text under a given name', async () => {
    for (const bytes of [Buffer.from(`a\n${PLANTED}\n`), Buffer.from(`\ufeffa\n${PLANTED}\n`, 'utf16le')]) {
      const { chunks } = await readSource(stdinSource(stream(bytes), 'x.env'));
      expect(newLinesOf(chunks)[1]).toEqual({ path: 'x.env', line: 2, text: PLANTED });
    }
  });

  it('commit message: no comments, nothing below the scissors', async () => {
    const file = join(folder(), 'COMMIT_EDITMSG');
    writeFileSync(
      file,
      `subject\n# ${PLANTED}\n\nbody\n# ------------------------ >8 ------------------------\n+${PLANTED}\n`,
    );
    const { chunks } = await readSource(commitMessageSource({ file }));
    expect(newLinesOf(chunks).map(({ text }) => text)).toEqual(['subject', '', '', 'body']);
    await expect(readSource(commitMessageSource({ file: `${file}.no` }))).rejects.toThrow(SourceError);
  });
});

describe('worktree', () => {
  const summary = async (cwd: string, paths?: string[]): Promise<{ read: string[]; skipped: string[] }> => {
    const { chunks, skipped } = await readSource(worktreeSource({ cwd, ...(paths && { paths }) }));
    return {
      read: [...new Set(chunks.map((chunk) => chunk.origin.path))],
      skipped: skipped.map((item) => `${item.reason} ${item.origin.path}`),
    };
  };

  function populate(): TemporaryRepository {
    const repo = repository();
    repo.write('.gitignore', 'ignored/\n');
    repo.write('tracked.txt', 'tracked\n');
    repo.write('deleted.txt', 'deleted\n');
    repo.write('sub/deep.txt', 'deep\n');
    repo.commit('base');
    unlinkSync(join(repo.root, 'deleted.txt'));
    repo.write('untracked é.txt', 'untracked\n');
    repo.write('ignored/secret.txt', `${PLANTED}\n`);
    repo.write('wide.txt', Buffer.from(`\ufeff${PLANTED}\n`, 'utf16le'));
    symlinkSync('/etc/hostname', join(repo.root, 'link'));
    return repo;
  }

  it('tracked and untracked files, ignored ones counted, links not followed', async () => {
    const repo = populate();
    expect(await summary(repo.root)).toEqual({
      read: ['.gitignore', 'sub/deep.txt', 'tracked.txt', 'link', 'untracked é.txt', 'wide.txt'],
      skipped: ['symlink link', 'ignored ignored/'],
    });
    const { chunks } = await readSource(worktreeSource({ cwd: repo.root }));
    expect(newLinesOf(chunks).filter(({ path }) => path === 'link')).toEqual([
      { path: 'link', line: 1, text: '/etc/hostname' },
    ]);
    expect(newLinesOf(chunks).map(({ text }) => text)).toContain(PLANTED);
  });

  it('paths: a file, a folder, an ignored folder by name, one outside, one that is missing', async () => {
    const repo = populate();
    const outside = folder();
    writeFileSync(join(outside, 'o.txt'), 'o\n');
    expect((await summary(repo.root, ['sub', 'tracked.txt'])).read).toEqual(['sub/deep.txt', 'tracked.txt']);
    expect((await summary(join(repo.root, 'sub'), ['.'])).read).toEqual(['sub/deep.txt']);
    expect((await summary(repo.root, ['ignored'])).read).toEqual(['ignored/secret.txt']);
    expect((await summary(repo.root, [outside])).read).toEqual([expect.stringMatching(/\/o\.txt$/)]);
    await expect(summary(repo.root, ['missing'])).rejects.toThrow(SourceError);
  });

  it('outside git: everything but .git', async () => {
    const root = folder();
    mkdirSync(join(root, 'b', '.git'), { recursive: true });
    writeFileSync(join(root, 'b', '.git', 'config'), 'x');
    writeFileSync(join(root, 'b', 'c.txt'), 'c\n');
    writeFileSync(join(root, 'a.txt'), 'a\n');
    expect(await summary(root)).toEqual({ read: ['a.txt', 'b/c.txt'], skipped: [] });
  });

  it('a folder that became a link out of the tree is not entered', async () => {
    const repo = populate();
    const outside = folder();
    writeFileSync(join(outside, 'deep.txt'), `${PLANTED}\n`);
    rmSync(join(repo.root, 'sub'), { recursive: true });
    symlinkSync(outside, join(repo.root, 'sub'));
    const { chunks } = await readSource(worktreeSource({ cwd: repo.root }));
    expect(chunks.map((chunk) => chunk.origin.path)).not.toContain('sub/deep.txt');
  });

  it.runIf(process.platform !== 'win32')('a FIFO does not block; an unreadable file is incomplete', async () => {
    const root = folder();
    spawnSync('mkfifo', [join(root, 'fifo')]);
    writeFileSync(join(root, 'closed'), 'x');
    chmodSync(join(root, 'closed'), 0);
    const { skipped } = await readSource(worktreeSource({ cwd: root }));
    expect(skipped.map((item) => item.reason)).toContain('special-file');
    // Root reads everything.
    if (process.getuid?.() !== 0)
      expect(skipped.some((item) => item.reason === 'unreadable' && item.incomplete)).toBe(true);
  });

  it('a large file comes in parts, each line new once', async () => {
    const root = folder();
    const count = 150_000;
    writeFileSync(
      join(root, 'large.txt'),
      Array.from({ length: count }, (_, i) => `${i + 1} ${'.'.repeat(60)}\n`).join(''),
    );
    const { chunks } = await readSource(worktreeSource({ cwd: root }));
    expect(chunks.length).toBeGreaterThan(1);
    const lines = newLinesOf(chunks);
    expect(lines.length).toBe(count);
    expect(lines.every(({ line, text }) => text.startsWith(`${line} `))).toBe(true);
  });
});

describe('no repository', () => {
  it('staged: one clear error', async () => {
    const root = folder();
    await expect(readSource(stagedSource({ cwd: root }))).rejects.toThrow(/not a git repository/);
  });
});
