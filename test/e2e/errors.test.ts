import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliResult, runCli } from '../support/cli.ts';
import { TEST_NODE } from '../support/nodes.ts';
import { type TemporaryRepository, temporaryRepository } from '../support/repository.ts';

const PACKAGE = new URL('../..', import.meta.url).pathname;
/** A user who owns nothing else. */
const NOBODY = 65_534;

/** One line that says what and where, one that says what to do, nothing else, and nothing of a stack. */
function expectFailure({ code, out, err }: CliResult, message: string, fix: string): void {
  expect(err).toMatch(/^keepmum: [^\n]+\n {2}fix: [^\n]+\n$/);
  expect(err).toContain(message);
  expect(err.slice(err.indexOf('\n'))).toContain(fix);
  expect(`${out}${err}`).not.toMatch(/\n\s+at |\.ts:|node:|dist\//);
  expect(out).toBe('');
  expect(code).toBe(2);
}

const RULE = `rules:
  - id: own-rule
    title: Own
    severity: high
    distinctiveness: high
    anchors: [own_]
    pattern: 'own_(?P<secret>PATTERN)'
    identity: { class: api-key, type: service, grants: all, lifetime: long-lived }
    advice: { text: Renew it in the console. }
    references: []
    examples: [own_1, own_2, own_3]
    counterExamples: [own_x, own_y]
`;

/** A staged change, so that the hook has work to do. */
function staged(repo: TemporaryRepository): void {
  repo.write('a.txt', 'hello\n');
  repo.git('add', 'a.txt');
}

describe('a configuration', () => {
  test.each([
    ['that is not YAML', 'failOn: [\n  x: }\n', '.keepmum.yaml:2: not valid YAML', 'correct this line'],
    ['with an unknown key', '\ndisabled: []\n', '.keepmum.yaml:2: unknown key "disabled"', 'did you mean disable?'],
    [
      'with an unknown rule to disable',
      'disable: [stripe-live-secret-kee]\n',
      '.keepmum.yaml: disable: there is no rule "stripe-live-secret-kee"',
      'did you mean stripe-',
    ],
    [
      'with an unknown rule to weigh',
      'severity: { nothing-like-it-at-all: low }\n',
      '.keepmum.yaml: severity: there is no rule',
      '`keepmum rules list`',
    ],
    [
      'with an unknown rule to allow',
      'allow: { findings: [{ rules: [zzz-zzz], reason: x }] }\n',
      '.keepmum.yaml: allow.findings: there is no rule "zzz-zzz"',
      '`keepmum rules list`',
    ],
    [
      'with a pattern that does not compile',
      RULE.replace('PATTERN', '[a-'),
      '.keepmum.yaml: the pattern of rule own-rule does not compile',
      'use RE2 syntax',
    ],
    [
      'with a pattern that RE2 refuses',
      RULE.replace('PATTERN', '(?=x)'),
      '.keepmum.yaml: the pattern of rule own-rule does not compile',
      'no look-around',
    ],
  ])('%s stops the hook and the scan', async (_name, text, message, fix) => {
    await using repo = temporaryRepository();
    staged(repo);
    repo.write('.keepmum.yaml', text);
    for (const args of [['scan', '--staged'], ['scan']]) expectFailure(runCli(repo, args), message, fix);
    // Whichever build of RE2 loads here, and its port.
    expectFailure(runCli(repo, ['scan', '--staged'], { env: { KEEPMUM_REGEX: 're2js' } }), message, fix);
  });

  test('that is named and does not exist', async () => {
    await using repo = temporaryRepository();
    expectFailure(runCli(repo, ['scan', '--config', 'no.yaml']), 'no.yaml: does not exist', 'name a file that exists');
  });
});

describe('an unknown rule', () => {
  test('of `rules show`', async () => {
    await using repo = temporaryRepository();
    expectFailure(
      runCli(repo, ['rules', 'show', 'generic-password-assignmen']),
      'there is no rule "generic-password-assignmen"',
      'did you mean generic-password-assignment?',
    );
  });
});

describe('no repository', () => {
  test.each([[['scan', '--staged']], [['scan', '--range', 'A..B']], [['install']]])('for %j', async (args) => {
    await using repo = temporaryRepository();
    expectFailure(
      runCli(repo, args, { cwd: repo.home }),
      'not a git repository',
      'run keepmum inside a git repository',
    );
  });

  test('is none to `scan` of a folder', async () => {
    await using repo = temporaryRepository();
    writeFileSync(join(repo.home, 'a.txt'), 'hello\n');
    expect(runCli(repo, ['scan', '.'], { cwd: repo.home }).code).toBe(0);
  });

  test('whose .git leads nowhere', async () => {
    await using repo = temporaryRepository();
    mkdirSync(join(repo.home, 'sub'));
    writeFileSync(join(repo.home, 'sub', '.git'), 'gitdir: /nowhere/at/all\n');
    const { code, err } = runCli(repo, ['scan', '--staged'], { cwd: join(repo.home, 'sub') });
    expect(err).toMatch(/^keepmum: [^\n]*not a git repository[^\n]*\n {2}fix: [^\n]+\n$/);
    expect(code).toBe(2);
  });
});

describe('git', () => {
  test.each([[['scan', '--staged']], [['scan']], [['scan', '--range', 'HEAD~1..HEAD']]])(
    'missing from PATH, for %j',
    async (args) => {
      await using repo = temporaryRepository();
      staged(repo);
      expectFailure(runCli(repo, args, { env: { PATH: repo.home } }), 'git was not found on PATH', 'install git');
    },
  );

  test.each([
    ['garbage', Buffer.from('this is no index at all, whatever it once was')],
    ['a header of no version', Buffer.concat([Buffer.from('DIRC'), Buffer.alloc(60, 0xff)])],
    ['an index cut short', undefined],
  ])('with an index that is %s', async (_name, bytes) => {
    await using repo = temporaryRepository();
    staged(repo);
    const index = join(repo.root, '.git', 'index');
    writeFileSync(index, bytes ?? repo.gitWith(['ls-files', '-s'], {}).subarray(0, 20));
    for (const args of [['scan', '--staged'], ['scan']]) {
      expectFailure(runCli(repo, args), 'git cannot read its index: ', 'run `git reset`');
    }
  });

  test('that is empty, as an unset variable makes it', async () => {
    await using repo = temporaryRepository();
    repo.commit('base');
    const { code, out, err } = runCli(repo, ['scan', '--range', '']);
    expect(err).toMatch(/^keepmum: --range names no commits\n {2}fix: [^\n]+\n$/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('with a commit that is not there', async () => {
    await using repo = temporaryRepository();
    const { code, err } = runCli(repo, ['scan', '--range', 'nowhere..HEAD']);
    expect(err).toMatch(/^keepmum: [^\n]*nowhere[^\n]*\n {2}fix: [^\n]+\n$/);
    expect(code).toBe(2);
  });
});

/** Runs the command line as a user whom modes hold off; root reads everything. */
function runUnprivileged(repo: TemporaryRepository, args: readonly string[]): CliResult {
  const isRoot = process.getuid?.() === 0;
  // A copy, since that user may not reach this checkout.
  const copy = join(repo.home, 'keepmum');
  if (!existsSync(copy)) {
    cpSync(join(PACKAGE, 'dist'), join(copy, 'dist'), { recursive: true });
    cpSync(join(PACKAGE, 'package.json'), join(copy, 'package.json'));
  }
  if (isRoot) own(join(repo.root, '..'), NOBODY);
  const result = spawnSync(TEST_NODE, [join(copy, 'dist', 'keepmum.js'), ...args], {
    cwd: repo.root,
    env: repo.env,
    encoding: 'utf8',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  if (result.error) throw result.error;
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function own(folder: string, uid: number): void {
  chownSync(folder, uid, uid);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), uid, uid);
  }
}

describe('what cannot be read', () => {
  test('a file is named, the rest is examined, and it is not called clean', async () => {
    await using repo = temporaryRepository();
    repo.write('open.txt', 'hello\n');
    repo.write('closed.txt', 'hello\n');
    repo.commit('both');
    chmodSync(join(repo.root, 'closed.txt'), 0);
    const { code, out, err } = runUnprivileged(repo, ['scan']);
    expect(out).toContain('no findings in 1 file');
    expect(out).toContain('not examined: 1 × could not be read (closed.txt)');
    expect(out.replace(/\s+/g, ' ')).toContain(
      'Incomplete: this is not a clean result. Make that readable, or leave its path out with allow.paths of .keepmum.yaml.',
    );
    expect(err).toBe('');
    expect(code).toBe(2);
    // The way out that the report names.
    writeFileSync(join(repo.root, '.keepmum.yaml'), 'allow: { paths: [closed.txt] }\n');
    const left = runUnprivileged(repo, ['scan']);
    expect(left.out).toContain('not examined: 1 × allow-listed path (closed.txt)');
    expect(left.code).toBe(0);
  });

  test('a folder is named', async () => {
    await using repo = temporaryRepository();
    mkdirSync(join(repo.home, 'tree', 'closed'), { recursive: true });
    writeFileSync(join(repo.home, 'tree', 'open.txt'), 'hello\n');
    chmodSync(join(repo.home, 'tree', 'closed'), 0);
    const { code, out } = runUnprivileged(repo, ['scan', join(repo.home, 'tree')]);
    expect(out).toContain('could not be read');
    expect(code).toBe(2);
  });

  test('a configuration is an error', async () => {
    await using repo = temporaryRepository();
    staged(repo);
    repo.write('.keepmum.yaml', 'strict: true\n');
    chmodSync(join(repo.root, '.keepmum.yaml'), 0);
    expectFailure(
      runUnprivileged(repo, ['scan', '--staged']),
      '.keepmum.yaml: cannot be read (EACCES)',
      'check that it may be read',
    );
  });

  test('keeps an audit from saying what matches nothing, and from removing it', async () => {
    await using repo = temporaryRepository();
    const entry = { fingerprint: `km1-s${'a'.repeat(26)}`, owner: 'o', reason: 'r', expires: 'never' };
    repo.write('.keepmum-exceptions.jsonl', `${JSON.stringify(entry)}\n`);
    repo.write('closed.txt', 'hello\n');
    chmodSync(join(repo.root, 'closed.txt'), 0);
    const { code, out, err } = runUnprivileged(repo, ['audit', '--prune']);
    expect(out).toContain('1 exception, not all examined');
    expect(err).toContain('no exception is said to match nothing');
    expect(code).toBe(2);
    expect(readFileSync(join(repo.root, '.keepmum-exceptions.jsonl'), 'utf8')).toContain(entry.fingerprint);
  });

  test('an index is an error', async () => {
    await using repo = temporaryRepository();
    staged(repo);
    chmodSync(join(repo.root, '.git', 'index'), 0);
    expectFailure(
      runUnprivileged(repo, ['scan', '--staged']),
      'index file open failed: Permission denied',
      'check that you may read that file',
    );
  });

  test('a read that fails half-way is told, for root too', { skip: process.platform !== 'linux' }, async () => {
    await using repo = temporaryRepository();
    // A regular file that opens, and whose first page cannot be read.
    const { code, out } = runCli(repo, ['scan', '/proc/self/mem']);
    expect(out).toContain('could not be read');
    expect(code).toBe(2);
  });
});
