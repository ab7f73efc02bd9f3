import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PIPE_END } from '../../src/git/piped.ts';
import { PACKAGE, runCli, runPiped, stripeKey, type CliResult } from '../support/cli.ts';
import { EVIL_ATTRIBUTES, plantPrograms } from '../support/hostile.ts';
import { nodesUnderTest, TEST_NODE } from '../support/nodes.ts';
import { preparedCases, repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';
import { NAMED_STAGED_CASES, type StagedCase } from '../support/staged-cases.ts';

const KEY = stripeKey();
const PLANTED = `stripe_key = "${KEY}"`;

const prepare = preparedCases(PLANTED);
function withStaged(): TemporaryRepository {
  const repo = repository();
  repo.write('pay.py', `${PLANTED}\n`);
  repo.git('add', '-A');
  return repo;
}

/** Without what differs from run to run. */
function steady({ code, out, err }: CliResult): CliResult {
  const timeless = (text: string): string => text.replaceAll(/[\d.]+ m?s$/gm, 'TIME');
  return { code, out: timeless(out), err: timeless(err) };
}

/** What the first Node says when it is started by itself. Git started by another one is in staged.test.ts. */
const saidAlone = new Map<StagedCase, CliResult>();

for (const node of nodesUnderTest())
  describe.skipIf(node.missing !== undefined)(`the program that hooks start, ${node.name}`, () => {
    it.each(NAMED_STAGED_CASES)('as by itself, behind a pipe: %s', (_title, item) => {
      const repo = prepare(item);
      const options = { node: node.path, cwd: join(repo.root, item.cwd ?? '') };
      const alone = saidAlone.get(item) ?? runCli(repo, ['scan', '--staged'], options);
      saidAlone.set(item, alone);
      expect(alone.code).toBe(item.expects === 'found' ? 1 : 0);
      expect(alone.out).toMatch(item.expects === 'found' ? /stripe-live-secret-key/ : /^keepmum: no findings/);
      expect(alone.out + alone.err).not.toContain(KEY);
      expect(steady(runPiped(repo, options))).toEqual(steady(alone));
    });

    it('by itself', () => {
      const repo = withStaged();
      const result = runCli(repo, ['scan', '--staged'], { node: node.path });
      expect(result).toMatchObject({ code: 1, err: '', out: expect.stringContaining('pay.py:1') as string });
      repo.commit('base');
      expect(runCli(repo, ['scan', '--staged'], { node: node.path })).toMatchObject({ code: 0, err: '' });
    });
  });

describe('behind a pipe', () => {
  it('nothing that the environment or the repository names is run or changes what is read', () => {
    const repo = withStaged();
    repo.commit('base');
    repo.write('pay.py', `${PLANTED}\n${PLANTED.replace(KEY, stripeKey())}\n`);
    repo.write('.gitattributes', EVIL_ATTRIBUTES);
    repo.git('add', '-A');
    const planted = plantPrograms(repo);
    const env = {
      ...planted.env,
      GIT_EXTERNAL_DIFF: 'true',
      GIT_DIFF_OPTS: '--unified=0',
      GIT_TRACE: '1',
      GIT_PAGER: 'false',
    };
    expect(steady(runPiped(repo, { env }))).toEqual(steady(runCli(repo, ['scan', '--staged'], { env })));
    expect(runPiped(repo, { env })).toMatchObject({ code: 1, out: expect.stringContaining('pay.py:2') as string });
    expect(planted.ran()).toEqual([]);
  });

  it.each<[string, (repo: TemporaryRepository) => void]>([
    ['a corrupt index', (repo) => writeFileSync(join(repo.root, '.git', 'index'), 'DIRCgarbage')],
    ['not a repository', (repo) => writeFileSync(join(repo.root, '.git', 'HEAD'), 'garbage')],
  ])('git fails: %s', (_title, spoil) => {
    const repo = withStaged();
    spoil(repo);
    const alone = runCli(repo, ['scan', '--staged']);
    expect(alone).toMatchObject({ code: 2, out: '' });
    expect(steady(runPiped(repo))).toEqual(steady(alone));
  });

  it.each([
    ['a run that is longer than a hook should be', 9],
    ['more than is kept in memory is asked for again', 17],
  ])('%s', (_title, megabytes) => {
    const repo = withStaged();
    const line = `${'some words in a line of text '.repeat(4)}\n`;
    repo.write('large.txt', line.repeat(Math.ceil((megabytes << 20) / line.length)));
    repo.git('add', '-A');
    const result = runPiped(repo);
    expect(result).toMatchObject({ code: 1, out: expect.stringContaining('pay.py:1') as string });
    expect(steady(result)).toEqual(steady(runCli(repo, ['scan', '--staged'])));
  });

  it('a Node that does not know the options of a short run', () => {
    const repo = withStaged();
    const node = join(repo.home, 'node');
    const script = `case " $* " in *" --no-maglev "*) echo "node: bad option: --no-maglev" >&2; exit 9 ;; esac`;
    writeFileSync(node, `#!/bin/sh\n${script}\nexec "${TEST_NODE}" "$@"\n`, { mode: 0o755 });
    const result = runPiped(repo, { node });
    expect(result).toMatchObject({ code: 1, out: expect.stringContaining('pay.py:1') as string });
    // Node says so itself.
    expect(result.err.replace(/^node: bad option.*\n/, '')).toBe(runPiped(repo).err);
  });

  /** Starts the program with these bytes as what a shell has piped. */
  const handed = (repo: TemporaryRepository, input: string | Buffer): CliResult => {
    const { status, stdout, stderr } = spawnSync(
      TEST_NODE,
      [join(PACKAGE, 'dist', 'cli', 'keepmum.cjs'), 'scan', '--staged', '--piped'],
      { cwd: repo.root, env: repo.env, input, encoding: 'utf8' },
    );
    return { code: status, out: stdout, err: stderr };
  };

  it.each<[string, (diff: Buffer) => string | Buffer]>([
    ['nothing', () => ''],
    ['an empty diff of a git that failed', () => `${PIPE_END}128\n`],
    ['no end', (diff) => diff],
    ['half of it', (diff) => diff.subarray(0, diff.length >> 1)],
    ['an end that is none', (diff) => Buffer.concat([diff, Buffer.from(`${PIPE_END}0`)])],
  ])('git is asked again after %s', (_title, cut) => {
    const repo = withStaged();
    const diff = repo.gitWith(['diff', '--cached'], {});
    expect(handed(repo, cut(diff))).toMatchObject({ code: 1, out: expect.stringContaining('pay.py:1') as string });
  });

  it('git is not asked again after all of it', () => {
    const repo = withStaged();
    const quiet = `${PIPE_END}0\n`;
    expect(handed(repo, quiet)).toMatchObject({ code: 0, err: '' });
  });
});

describe('code of an earlier run', () => {
  /** Files of the cache below the home of the repository. */
  const cached = (repo: TemporaryRepository): string[] => {
    const folder = join(repo.home, '.cache', 'keepmum');
    return readdirSync(folder)
      .filter((name) => name.startsWith('code-'))
      .map((name) => join(folder, name));
  };
  const run = (repo: TemporaryRepository, env: NodeJS.ProcessEnv = {}): CliResult =>
    runCli(repo, ['scan', '--staged'], { env: { NODE_COMPILE_CACHE: undefined, ...env } });

  it('is kept in a folder of the user alone, and changes nothing', () => {
    const repo = withStaged();
    const first = run(repo);
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining('pay.py:1') as string });
    expect(cached(repo)).toHaveLength(1);
    expect(cached(repo).map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
    expect(steady(run(repo))).toEqual(steady(first));
    // A later run that met more than the first is the same too.
    for (let i = 0; i < 10; i++) expect(steady(run(repo))).toEqual(steady(first));
    expect(cached(repo)).toHaveLength(1);
  });

  it.each<[string, (code: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (code) => code.subarray(0, code.length - 100)],
    ['half as long', (code) => code.subarray(0, code.length >> 1)],
    ['with a flipped bit', (code) => Buffer.concat([code.subarray(0, 5000), Buffer.from([255]), code.subarray(5001)])],
    ['garbage, twice', () => Buffer.alloc(4096, 'garbage ')],
  ])('is not believed where it is %s', (_title, spoil) => {
    const repo = withStaged();
    const first = run(repo);
    const [file = ''] = cached(repo);
    const whole = readFileSync(file);
    writeFileSync(file, spoil(whole));
    expect(steady(run(repo))).toEqual(steady(first));
    expect(readFileSync(file).length).toBeGreaterThan(whole.length / 2);
    expect(steady(run(repo))).toEqual(steady(first));
  });

  it.each<[string, (folder: string) => void]>([
    ['a file', (folder) => writeFileSync(folder, '')],
    ['a link to nowhere', (folder) => symlinkSync('/nonexistent/folder', folder)],
    ['not writable', (folder) => mkdirSync(folder, { mode: 0o500 })],
  ])('does without where its folder is %s', (_title, spoil) => {
    const repo = withStaged();
    const first = steady(run(repo, { NODE_DISABLE_COMPILE_CACHE: '1' }));
    const folder = join(repo.home, 'cache');
    spoil(folder);
    expect(steady(run(repo, { NODE_COMPILE_CACHE: folder }))).toEqual(first);
    expect(steady(run(repo, { XDG_CACHE_HOME: folder }))).toEqual(first);
  });

  it('is not made where the user wants none', () => {
    const repo = withStaged();
    expect(run(repo, { NODE_DISABLE_COMPILE_CACHE: '1' }).code).toBe(1);
    expect(readdirSync(repo.home)).not.toContain('.cache');
  });
});
