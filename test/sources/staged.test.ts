import { readdirSync, readFileSync, statSync, existsSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stagedSource } from '../../src/sources/staged.ts';
import { newLinesOf, readSource } from '../support/read-source.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';
import { NAMED_STAGED_CASES } from '../support/staged-cases.ts';

const PLANTED = 'token = planted-text-0123456789';

async function staged(
  repo: TemporaryRepository,
  options: { cwd?: string; wholeFiles?: boolean; amend?: boolean } = {},
): Promise<ReturnType<typeof newLinesOf>> {
  const { chunks } = await readSource(stagedSource({ ...options, cwd: join(repo.root, options.cwd ?? '') }));
  return newLinesOf(chunks);
}

/** Everything below `.git` and the working tree that a reader could have changed. */
function snapshot(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const stat = statSync(join(root, name), { throwIfNoEntry: false });
      // Git itself renews the time of a shared index that it reads, lest it be taken for a left-over.
      const time = name.includes('sharedindex.') ? '' : stat?.mtimeMs;
      return stat?.isFile() ? `${name} ${time} ${readFileSync(join(root, name)).toString('base64')}` : name;
    });
}

describe('cases', () => {
  it.each(NAMED_STAGED_CASES)('%s', async (_name, { setup, expects, path, cwd }) => {
    const repo = repository();
    setup(repo, PLANTED);
    const before = snapshot(repo.root);
    const lines = await staged(repo, cwd === undefined ? {} : { cwd });
    const hits = lines.filter(({ text }) => text.includes(PLANTED));
    expect(hits.length > 0).toBe(expects === 'found');
    if (path !== undefined) expect(hits.map((hit) => hit.path)).toContain(path);
    expect(snapshot(repo.root)).toEqual(before);
  });

  it('E18: no HEAD in a SHA-256 repository', async () => {
    const repo = repository({ objectFormat: 'sha256' });
    repo.write('a.txt', `${PLANTED}\n`);
    repo.git('add', '-A');
    expect(await staged(repo)).toEqual([{ path: 'a.txt', line: 1, text: PLANTED }]);
  });

  it('E19: a submodule is said to be skipped', async () => {
    const repo = repository();
    repo.git('update-index', '--add', '--cacheinfo', `160000,${'1234567890'.repeat(4)},module`);
    const { chunks, skipped } = await readSource(stagedSource({ cwd: repo.root }));
    expect(chunks).toEqual([]);
    expect(skipped.map((item) => [item.origin.path, item.reason, item.incomplete])).toEqual([
      ['module', 'submodule', false],
    ]);
  });

  it('LFS: the oid of a pointer is not scanned, but a text that only begins like one is', async () => {
    const repo = repository();
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;
    repo.write('large.bin', pointer);
    repo.write('fake.bin', `${pointer}${PLANTED}\n`);
    repo.git('add', '-A');
    const { chunks, skipped } = await readSource(stagedSource({ cwd: repo.root }));
    expect(skipped.map((item) => [item.origin.path, item.reason])).toEqual([['large.bin', 'lfs-pointer']]);
    expect(chunks.map((chunk) => chunk.origin.path)).toEqual(['fake.bin']);
  });

  it('nothing staged gives nothing', async () => {
    const repo = repository();
    repo.commit('empty');
    expect(await staged(repo)).toEqual([]);
  });
});

describe('options', () => {
  it('wholeFiles: an old secret in a file with an unrelated edit', async () => {
    const repo = repository();
    repo.write('a.txt', `${PLANTED}\n${'x\n'.repeat(30)}`);
    repo.commit('base');
    repo.write('a.txt', `${PLANTED}\n${'x\n'.repeat(30)}more\n`);
    repo.git('add', '-A');
    expect(await staged(repo)).toEqual([{ path: 'a.txt', line: 32, text: 'more' }]);
    expect(await staged(repo, { wholeFiles: true })).toHaveLength(32);
  });

  it('amend: a secret that is already in HEAD, also in the first commit', async () => {
    const repo = repository();
    repo.write('a.txt', `${PLANTED}\n`);
    repo.commit('first');
    expect(await staged(repo)).toEqual([]);
    expect(await staged(repo, { amend: true })).toEqual([{ path: 'a.txt', line: 1, text: PLANTED }]);
    repo.write('b.txt', `${PLANTED}\n`);
    repo.commit('second');
    expect(await staged(repo, { amend: true })).toEqual([{ path: 'b.txt', line: 1, text: PLANTED }]);
  });

  it('stops with a consumer that stops', async () => {
    const repo = repository();
    repo.write('a.txt', 'a\n');
    repo.write('b.txt', 'b\n');
    repo.git('add', '-A');
    for await (const item of stagedSource({ cwd: repo.root }).read()) {
      expect(item).toMatchObject({ origin: { path: 'a.txt' } });
      break;
    }
  });

  it('tells of attributes that hide secret-like files', async () => {
    const repo = repository();
    repo.write('.gitattributes', '*.env -diff\n*.png binary\nsecrets/** filter=hide\n');
    repo.git('add', '-A');
    const source = stagedSource({ cwd: repo.root });
    await readSource(source);
    expect(source.notices.map((notice) => notice.split(' ')[0])).toEqual(['.gitattributes:1', '.gitattributes:3']);
  });
});

describe('the environment of a hook', () => {
  it('E12: the index that git names is read', async () => {
    const repo = repository();
    repo.write('a.txt', 'a\n');
    repo.commit('base');
    const index = join(repo.root, '.git', 'other-index');
    repo.write('a.txt', `a\n${PLANTED}\n`);
    repo.gitWith(['read-tree', 'HEAD'], { env: { GIT_INDEX_FILE: index } });
    repo.gitWith(['add', 'a.txt'], { env: { GIT_INDEX_FILE: index } });
    expect(await staged(repo)).toEqual([]);
    process.env['GIT_INDEX_FILE'] = index;
    try {
      expect(await staged(repo)).toEqual([{ path: 'a.txt', line: 2, text: PLANTED }]);
    } finally {
      delete process.env['GIT_INDEX_FILE'];
    }
  });

  it('a linked working tree', async () => {
    const repo = repository();
    repo.commit('base');
    const linked = join(repo.home, 'linked');
    repo.git('worktree', 'add', '-q', linked);
    writeFileSync(join(linked, 'a.txt'), `${PLANTED}\n`);
    repo.gitWith(['add', '-A'], { cwd: linked });
    const { chunks } = await readSource(stagedSource({ cwd: linked }));
    expect(newLinesOf(chunks)).toEqual([{ path: 'a.txt', line: 1, text: PLANTED }]);
  });
});

describe('attacks', () => {
  it('no program that the repository or the environment names is run', async () => {
    const repo = repository();
    const marker = join(repo.home, 'marker');
    const program = join(repo.home, 'program.sh');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n`);
    chmodSync(program, 0o755);
    repo.write('a.env', 'a\n');
    repo.write('b.txt', 'b\n');
    repo.commit('base');
    repo.write('a.env', `a\n${PLANTED}\n`);
    repo.write('b.txt', Buffer.from(`\ufeff${PLANTED}\n`, 'utf16le'));
    repo.write('.gitattributes', '* diff=evil filter=evil merge=evil\n');
    repo.git('add', '-A');
    const hooks = join(repo.root, '.git', 'evil-hooks');
    mkdirSync(hooks);
    for (const name of ['post-index-change', 'pre-commit', 'fsmonitor-watchman', 'reference-transaction']) {
      writeFileSync(join(hooks, name), `#!/bin/sh\necho hook >> '${marker}'\n`);
      chmodSync(join(hooks, name), 0o755);
    }
    for (const name of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'core.pager',
      'pager.diff',
      'core.sshCommand',
      'core.editor',
      'core.askPass',
      'core.alternateRefsCommand',
      'gpg.program',
      'credential.helper',
    ]) {
      repo.git('config', name, program);
    }
    repo.git('config', 'alias.diff', `!${program}`);
    repo.git('config', 'alias.cat-file', `!${program}`);
    repo.git('config', 'core.hooksPath', hooks);
    const planted: Record<string, string> = {
      GIT_EXTERNAL_DIFF: program,
      GIT_PAGER: program,
      GIT_EDITOR: program,
      GIT_SSH_COMMAND: program,
      GIT_DIFF_OPTS: '-u0',
      GIT_GLOB_PATHSPECS: '1',
      GIT_TRACE: marker,
    };
    Object.assign(process.env, planted);
    try {
      const lines = await staged(repo);
      expect(lines.filter(({ text }) => text.includes(PLANTED)).map(({ path }) => path)).toEqual(['a.env', 'b.txt']);
    } finally {
      for (const name of Object.keys(planted)) delete process.env[name];
    }
    expect(existsSync(marker)).toBe(false);
  });
});
