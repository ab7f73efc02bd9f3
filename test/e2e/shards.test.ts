import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/core/finding.ts';
import type { FindingRecord } from '../../src/reporters/record.ts';
import { CLI, runCli, stripeKey } from '../support/cli.ts';
import { TEST_NODE } from '../support/nodes.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';

const SHARDS = 8;

interface Report {
  readonly summary: Summary;
  readonly findings: readonly FindingRecord[];
}

/** Without what no two runs have alike. */
function timeless(text: string): string {
  return text.replace(/"elapsed": \d+/, '"elapsed": 0');
}

function read(text: string): Report {
  return JSON.parse(text) as Report;
}

/** All shards as processes at a time, with one and two threads in turn or as many as said; gives their reports' files. */
async function shards(
  repo: TemporaryRepository,
  args: readonly string[],
  count: number = SHARDS,
  threads: readonly number[] = [1, 2],
): Promise<string[]> {
  const files = Array.from({ length: count }, (_, index) => join(repo.home, `shard-${index + 1}.json`));
  await Promise.all(
    files.map(
      (file, index) =>
        new Promise<void>((resolve) => {
          const own = threads[index % threads.length] ?? 1;
          const shard = ['--shard', `${index + 1}/${count}`, '--threads', String(own)];
          spawn(TEST_NODE, [CLI, 'scan', ...args, ...shard, '--output', `json=${file}`], {
            cwd: repo.root,
            env: repo.env,
            stdio: 'ignore',
          }).once('close', () => {
            resolve();
          });
        }),
    ),
  );
  return files;
}

function whole(
  repo: TemporaryRepository,
  args: readonly string[],
): { readonly file: string; readonly code: number | null } {
  const file = join(repo.home, 'whole.json');
  const { code } = runCli(repo, ['scan', ...args, '--threads', '1', '--output', `json=${file}`]);
  return { file, code };
}

function merge(
  repo: TemporaryRepository,
  files: readonly string[],
): { readonly code: number | null; readonly out: string } {
  const { code, out } = runCli(repo, ['report', 'merge', '--format', 'json', ...files]);
  return { code, out: timeless(out) };
}

/** The shards, merged, are the whole: byte for byte as the whole's own report, merged with nothing. */
async function expectUnion(
  repo: TemporaryRepository,
  args: readonly string[],
  count: number = SHARDS,
  threads?: readonly number[],
): Promise<Report> {
  const plain = whole(repo, args);
  const files = await shards(repo, args, count, threads);
  const merged = merge(repo, files);
  expect(merged.out).toBe(merge(repo, [plain.file]).out);
  expect(merged.code).toBe(plain.code);
  expect(merge(repo, files.toReversed()).out).toBe(merged.out);
  const [report, all] = [read(merged.out), read(readFileSync(plain.file, 'utf8'))];
  const sorted = (found: readonly FindingRecord[]): string[] => found.map((one) => JSON.stringify(one)).toSorted();
  expect(sorted(report.findings)).toEqual(sorted(all.findings));
  expect({ ...report.summary, elapsed: 0 }).toEqual({ ...all.summary, elapsed: 0 });
  if (count === 1) return report;
  // Each has a part, none has all.
  const parts = files.map((file) => read(readFileSync(file, 'utf8')).findings.length);
  expect(Math.max(...parts)).toBeLessThan(all.findings.length);
  return report;
}

function plant(repo: TemporaryRepository, files: number): void {
  for (let n = 0; n < files; n++) {
    repo.write(`d${n % 5}/f${n}.py`, n % 3 === 0 ? `a = 1\nstripe_key = "${stripeKey()}"\n` : `x = ${n}\n`);
  }
  repo.write('data.bin', Buffer.from([0, 1, 2, 0, 255]));
  repo.write('.gitignore', 'out*\n');
  for (let n = 0; n < 6; n++) repo.write(`out${n}`, 'x');
}

describe('eight shards, as processes, are the whole', () => {
  test('of a tree, tracked and not', async () => {
    const repo = repository();
    plant(repo, 30);
    repo.commit('base');
    for (let n = 0; n < 12; n++) repo.write(`a${n}.env`, `STRIPE_KEY=${stripeKey()}\n`);
    expect((await expectUnion(repo, [])).findings.length).toBeGreaterThanOrEqual(22);
  }, 120_000);

  test('of a history: versions, renames, copies, messages, tags', async () => {
    const repo = repository();
    plant(repo, 24);
    repo.commit('base');
    const shared = stripeKey();
    for (let n = 0; n < 6; n++) {
      repo.write('d0/f0.py', `# ${n}\nstripe_key = "${shared}"\n`);
      repo.write(`copies/c${n}.py`, `# 0\nstripe_key = "${shared}"\n`);
      repo.commit(n === 3 ? `the key is ${stripeKey()}` : `step ${n}`);
    }
    repo.git('mv', 'd0/f0.py', 'moved.py');
    repo.commit('moved');
    repo.git('tag', '-a', 'v1', '-m', `stripe_key = ${stripeKey()}`);
    await expectUnion(repo, ['--history']);
    repo.git('repack', '-adfq', '--depth=50');
    expect((await expectUnion(repo, ['--history'])).findings.length).toBeGreaterThanOrEqual(16);
  }, 240_000);

  test.each([[], ['--history']])(
    'of a list of repositories, one of which cannot be read %s',
    async (...flags) => {
      const repo = repository();
      const names = Array.from({ length: 10 }, (_, n) => `../home/r${n}`);
      for (const [n, name] of names.entries()) {
        const folder = join(repo.root, name);
        mkdirSync(folder);
        writeFileSync(join(folder, 'a.py'), `stripe_key = "${stripeKey()}"\n`);
        if (n === 4) continue;
        for (const args of [
          ['init', '-q'],
          ['add', '-A'],
          ['commit', '-qm', 'base'],
        ]) {
          spawnSync('git', args, { cwd: folder, env: repo.env });
        }
      }
      const list = join(repo.home, 'list.txt');
      writeFileSync(list, `# ours\n${names.join('\n')}\n\n../home/gone\n${names[0]}\n`);
      const { findings, summary } = await expectUnion(repo, [...flags, '--repos', list], 4);
      expect(findings.map(({ repository: of }) => of)).toEqual(names.filter((_, n) => n !== 4));
      expect(findings[0]).toMatchObject({ path: '../home/r0/a.py', line: 1 });
      expect(summary).toMatchObject({ incomplete: true });
      expect(summary.skipped.find(({ reason }) => reason === 'repository')).toMatchObject({
        count: 2,
        paths: ['../home/gone', '../home/r4'],
      });
    },
    120_000,
  );
});

test('however many shards and threads there are, together they are the plain scan', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 }),
      // Enough for three threads in a shard or in none.
      fc.constantFrom(40, 300),
      fc.boolean(),
      async (count, threads, files, ofHistory) => {
        const repo = repository();
        plant(repo, files);
        if (ofHistory) {
          repo.commit('base');
          for (let n = 0; n < files; n += 7) repo.write(`d${n % 5}/f${n}.py`, `# ${n}\nkey = "${stripeKey()}"\n`);
          repo.commit(`the key is ${stripeKey()}`);
        }
        await expectUnion(repo, ofHistory ? ['--history'] : [], count, threads);
        repo.remove();
      },
    ),
    { numRuns: 3 },
  );
}, 240_000);

test('where nothing is found, a repository that cannot be read ends with 2', () => {
  const repo = repository();
  writeFileSync(join(repo.home, 'list.txt'), `${repo.root}\n/nonexistent\n`);
  const { code, out } = runCli(repo, ['scan', '--repos', join(repo.home, 'list.txt')]);
  expect(code).toBe(2);
  expect(out).toContain('/nonexistent');
});

describe('report merge', () => {
  test('says which shards are missing, and that the result is not complete; what comes twice counts once', async () => {
    const repo = repository();
    plant(repo, 12);
    const files = await shards(repo, [], 5);
    const some = files.filter((_, index) => index !== 2 && index !== 4);
    const { summary } = read(merge(repo, some).out);
    expect(summary.incomplete).toBe(true);
    expect(summary.notices.join()).toContain('2 of 5 shards are missing: 3/5, 5/5');
    expect(merge(repo, [...files, ...some]).out).toBe(merge(repo, files).out);
    // A scan that found nothing, and of which a part is missing, is not clean.
    const empty = repository();
    const parts = await shards(empty, [], 3);
    expect(merge(empty, parts).code).toBe(0);
    expect(merge(empty, parts.slice(1)).code).toBe(2);
  }, 120_000);

  test.each([[[]], [['--history']]])(
    'shards of another state are not the missing ones %s',
    async (args) => {
      const repo = repository();
      plant(repo, 12);
      repo.commit('base');
      const before = await shards(repo, args, 5);
      const old = before.map((file) => file.replace('shard', 'old'));
      for (const [index, file] of before.entries()) writeFileSync(old[index] ?? '', readFileSync(file));
      repo.write('d0/more.py', 'y = 1\n');
      repo.commit('more');
      const after = await shards(repo, args, 5);
      const mixed = [...old.slice(0, 2), ...after.slice(2)];
      const { code, out } = merge(repo, mixed);
      const { summary } = read(out);
      expect(code).toBe(1);
      expect(summary.incomplete).toBe(true);
      expect(summary.notices.join('\n')).toMatch(
        /3 of 5 shards are missing[^]*2 of 5 shards are missing|2 of 5[^]*3 of 5/,
      );
      expect(read(merge(repo, after).out).summary.incomplete).toBe(false);
      // Two wholes in one report, each complete.
      expect(read(merge(repo, [...old, ...after]).out).summary).toMatchObject({ incomplete: false, notices: [] });
    },
    120_000,
  );

  test('what blocks is what blocked where it was found', () => {
    const repo = repository();
    plant(repo, 6);
    const quiet = join(repo.home, 'quiet.json');
    runCli(repo, ['scan', '--fail-on', 'proven', '--output', `json=${quiet}`]);
    const loud = join(repo.home, 'loud.json');
    runCli(repo, ['scan', 'd0', '--output', `json=${loud}`]);
    expect(read(readFileSync(loud, 'utf8')).summary.blocking).toBe(1);
    expect(merge(repo, [quiet]).code).toBe(0);
    const { code, out } = merge(repo, [loud, quiet]);
    expect(code).toBe(1);
    expect(read(out).summary).toMatchObject({ findings: 2, blocking: 1 });
    expect(runCli(repo, ['report', 'merge', loud, quiet]).out).toContain('(likely, does not block)');
  });

  test('JSON Lines: findings, and no word of what was not examined', () => {
    const repo = repository();
    plant(repo, 6);
    const file = join(repo.home, 'a.jsonl');
    writeFileSync(file, runCli(repo, ['scan', '--format', 'jsonl']).out);
    const { code, out } = merge(repo, [file, file]);
    expect(code).toBe(1);
    expect(read(out)).toMatchObject({ summary: { findings: 2, blocking: 2, incomplete: true } });
    writeFileSync(file, '');
    expect(merge(repo, [file]).code).toBe(2);
    for (const format of ['text', 'sarif', 'junit', 'csv', 'gitlab', 'github', 'markdown']) {
      expect(runCli(repo, ['report', 'merge', '--format', format, file]).err).not.toContain('bug');
    }
  });

  test.each(['{', '{"summary": {}, "findings": []}', '{"rule": 1}', '[]', '\u0000', '{"summary":null,"findings":[]}'])(
    'what is no report: %j',
    (text) => {
      const repo = repository();
      const file = join(repo.home, 'bad.json');
      writeFileSync(file, text);
      const { code, err } = runCli(repo, ['report', 'merge', file]);
      expect(code).toBe(2);
      expect(err).toMatch(/bad\.json.*no report[^]*fix: /);
    },
  );

  test('shards of different splits', () => {
    const repo = repository();
    const [first, other] = ['1/8', '1/2'].map((shard) => {
      const file = join(repo.home, `${shard.replace('/', '-')}.json`);
      runCli(repo, ['scan', '--shard', shard, '--output', `json=${file}`]);
      return file;
    }) as [string, string];
    expect(runCli(repo, ['report', 'merge', first, other])).toMatchObject({
      code: 2,
      err: expect.stringContaining('another split: 1/8') as string,
    });
  });
});

test.each(['0/8', '9/8', '1', '1/0', 'a/b', '-1/4', '1/8/2', '1.5/2', ''])('--shard %j', (value) => {
  const repo = repository();
  const { code, err } = runCli(repo, ['scan', `--shard=${value}`]);
  expect(code).toBe(2);
  expect(err).toMatch(/--shard[^]*fix: write it as in 3\/16/);
});

test.each([
  [['--staged', '--shard', '1/2'], '--shard goes with'],
  [['--staged', '--repos', 'list.txt'], '--repos scans'],
  [['--repos', 'gone.txt'], 'cannot be read'],
])('flags that do not fit: %s', (args, told) => {
  const { code, err } = runCli(repository(), ['scan', ...args]);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(told) as string });
});
