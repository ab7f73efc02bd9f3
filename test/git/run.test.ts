import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { GitError } from '../../src/core/errors.ts';
import { readBlobs } from '../../src/git/cat-file.ts';
import { findRepository, hooksDirectory } from '../../src/git/repository.ts';
import { collectGit, gitEnvironment, openGit, streamGit } from '../../src/git/run.ts';
import { stagedSource } from '../../src/sources/staged.ts';
import { newLinesOf, readSource } from '../support/read-source.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';

const saved = { ...process.env };
afterEach(() => {
  process.env = { ...saved };
});

/** Puts a `git` in front of the real one that notes each call. */
function countCalls(repo: TemporaryRepository): () => string[] {
  const bin = join(repo.home, 'bin');
  const log = join(repo.home, 'calls');
  mkdirSync(bin);
  const real = (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, 'git'))
    .find((file) => existsSync(file));
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho call >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  process.env['PATH'] = `${bin}:${process.env['PATH']}`;
  return () => readLines(log);
}

function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('errors are one line that says what to do', () => {
  it('git is not on PATH', async () => {
    const repo = repository();
    process.env['PATH'] = repo.home;
    await expect(collectGit(['version'], { cwd: repo.root })).rejects.toThrow('git was not found on PATH');
  });

  it('the folder does not exist, or is in no repository', async () => {
    const repo = repository();
    await expect(collectGit(['version'], { cwd: join(repo.root, 'no') })).rejects.toThrow('no such folder');
    await expect(findRepository(repo.home)).rejects.toMatchObject({ message: `${repo.home} is not a git repository` });
  });

  it('what git says is kept to one line without control characters', async () => {
    const repo = repository();
    const error = await collectGit(['rev-parse', '--verify', 'x\u001b[31m\ny'], { cwd: repo.root }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(GitError);
    // oxlint-disable-next-line no-control-regex -- control characters are the point
    expect(String(error)).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('processes', () => {
  it('a consumer that stops early, and an abort, end the process', async () => {
    const repo = repository();
    // Would wait for its input for ever.
    const git = streamGit(['cat-file', '--batch'], { cwd: repo.root, input: endless() });
    for await (const block of git) {
      expect(block.length).toBeGreaterThan(0);
      break;
    }
    const abort = new AbortController();
    const waiting = collectGit(['cat-file', '--batch'], { cwd: repo.root, input: endless(), signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  it.runIf(process.platform !== 'win32')('a staged scan is one git process', async () => {
    const repo = repository();
    repo.write('a.txt', 'a\n');
    repo.commit('base');
    repo.write('a.txt', 'a\nb\n');
    repo.git('add', '-A');
    const calls = countCalls(repo);
    const { chunks } = await readSource(stagedSource({ cwd: repo.root }));
    expect(chunks).toHaveLength(1);
    expect(calls()).toEqual(['call']);
  });

  it('variables of the hook go to its own repository only', () => {
    process.env['GIT_DIR'] = '/x';
    process.env['GIT_INDEX_FILE'] = '/y';
    process.env['GIT_EXTERNAL_DIFF'] = '/z';
    expect(gitEnvironment()).toMatchObject({ GIT_DIR: '/x', GIT_INDEX_FILE: '/y' });
    expect(gitEnvironment()).not.toHaveProperty('GIT_EXTERNAL_DIFF');
    expect(gitEnvironment(true)).not.toHaveProperty('GIT_DIR');
    expect(gitEnvironment(true)).not.toHaveProperty('GIT_INDEX_FILE');
  });
});

describe('openGit', () => {
  it('is as hardened and works in the repository', async () => {
    const repo = repository();
    const marker = join(repo.home, 'marker');
    repo.git('config', 'core.fsmonitor', `touch '${marker}';false`);
    repo.write('a.txt', 'a\n');
    const git = await openGit(repo.root);
    expect(await git.raw(['rev-parse', '--show-toplevel'])).toBe(repo.root);
    expect(await git.raw(['status', '--porcelain'])).toBe('?? a.txt');
    expect(existsSync(marker)).toBe(false);
  });
});

describe('repository', () => {
  it('from a sub-directory, a linked working tree, a bare repository', async () => {
    const repo = repository();
    repo.write('sub/deep/a.txt', 'a\n');
    repo.commit('base');
    const gitDir = join(repo.root, '.git');
    expect(await findRepository(join(repo.root, 'sub/deep'))).toEqual({
      topLevel: repo.root,
      gitDir,
      commonDir: gitDir,
    });
    const linked = join(repo.home, 'linked');
    repo.git('worktree', 'add', '-q', linked);
    expect(await findRepository(linked)).toEqual({
      topLevel: linked,
      gitDir: join(gitDir, 'worktrees', 'linked'),
      commonDir: gitDir,
    });
    const bare = repository({ bare: true });
    expect(await findRepository(bare.root)).toEqual({ topLevel: undefined, gitDir: bare.root, commonDir: bare.root });
  });

  it('the hooks folder: its usual place, and core.hooksPath', async () => {
    const repo = repository();
    expect(await hooksDirectory(repo.root)).toBe(join(repo.root, '.git', 'hooks'));
    repo.git('config', 'core.hooksPath', '.husky');
    expect(await hooksDirectory(repo.root)).toBe(join(repo.root, '.husky'));
  });
});

describe('objects', () => {
  it('come in order; one that is missing or too large says so', async () => {
    const repo = repository();
    const ids: string[] = [];
    for (const text of ['', 'one\n', 'x'.repeat(300_000), 'two']) {
      ids.push(repo.gitWith(['hash-object', '-w', '--stdin'], { input: text }).toString().trim());
    }
    ids.splice(2, 0, '12'.repeat(20));
    const replies: string[] = [];
    for await (const { status, bytes } of readBlobs(ids, { cwd: repo.root, maxBytes: 1000 })) {
      replies.push(`${status} ${bytes.toString()}`);
    }
    expect(replies).toEqual(['blob ', 'blob one\n', 'missing ', 'too-large ', 'blob two']);
  });

  it('a partial clone is scanned without fetching, and says what it lacks', async () => {
    const repo = repository();
    repo.write('a.txt', 'old\n');
    repo.write('b.txt', 'b\n');
    repo.commit('base');
    repo.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(repo.home, 'clone');
    repo.git('clone', '-q', '--no-checkout', '--filter=blob:none', `file://${repo.root}`, clone);
    const inClone = { cwd: clone };
    repo.gitWith(['read-tree', 'HEAD'], inClone);
    const blob = repo
      .gitWith(['hash-object', '-w', '--stdin'], { ...inClone, input: 'new\n' })
      .toString()
      .trim();
    repo.gitWith(['update-index', '--cacheinfo', `100644,${blob},a.txt`], inClone);
    const bId = repo.git('rev-parse', 'HEAD:b.txt').trim();
    repo.gitWith(['update-index', '--add', '--cacheinfo', `100644,${bId},copy.txt`], inClone);
    const { chunks, skipped } = await readSource(stagedSource({ cwd: clone }));
    expect(newLinesOf(chunks)).toEqual([{ path: 'a.txt', line: 1, text: 'new' }]);
    expect(skipped.map((item) => [item.origin.path, item.reason, item.incomplete])).toEqual([
      ['copy.txt', 'not-fetched', true],
    ]);
  });
});

async function* endless(): AsyncGenerator<string> {
  yield `${'0'.repeat(40)}\n`;
  await new Promise((resolve) => {
    setTimeout(resolve, 60_000).unref();
  });
}
