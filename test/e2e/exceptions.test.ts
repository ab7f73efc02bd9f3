import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, scan, stripeKey } from '../support/cli.ts';
import { type TemporaryRepository, temporaryRepository } from '../support/repository.ts';

const FILE = '.keepmum-exceptions.jsonl';

function entries(repo: TemporaryRepository): Record<string, string>[] {
  return readFileSync(join(repo.root, FILE), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, string>);
}

function entryLine(more: Record<string, string>): string {
  return `${JSON.stringify({ fingerprint: `km1-s${'a'.repeat(26)}`, owner: 'o', reason: 'r', expires: 'never', ...more })}\n`;
}

/** An ISO date so many days from now. */
function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A repository whose `pay.py` holds one key; gives the fingerprint. */
function withKey(repo: TemporaryRepository, key: string = stripeKey()): string {
  repo.write('pay.py', `import x\nkey = "${key}"\n`);
  repo.git('add', '-A');
  const [finding] = scan(repo, ['--staged']).findings;
  if (finding === undefined) throw new Error('nothing found');
  return finding.fingerprint;
}

const ALLOW = ['--reason', 'made up', '--owner', 'me', '--expires', 'never'];

describe('keepmum allow', () => {
  test('a commit that was blocked passes, and the entry says why, who and until when', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    expect(runCli(repo, ['scan', '--staged']).code).toBe(1);
    const expires = day(30);
    const allowed = runCli(repo, [
      'allow',
      fingerprint,
      '--reason',
      'of a sandbox',
      '--owner',
      'me',
      '--expires',
      expires,
    ]);
    expect(allowed).toMatchObject({ code: 0, err: '' });
    expect(entries(repo)).toEqual([
      {
        fingerprint,
        rule: expect.stringMatching(/^stripe-/) as string,
        path: 'pay.py',
        owner: 'me',
        reason: 'of a sandbox',
        expires,
        added: day(0),
      },
    ]);
    const after = scan(repo, ['--staged', '--show-suppressed']);
    expect(after.code).toBe(0);
    expect(after.summary).toMatchObject({ findings: 0, suppressed: 1 });
    expect(after.findings[0]?.suppressedBy).toEqual({
      by: 'exception',
      where: `${FILE}:1`,
      reason: 'of a sandbox',
      owner: 'me',
      expires,
    });
  });

  test('an exception follows the value: to another line and another file, not to another value', async () => {
    await using repo = temporaryRepository();
    const key = stripeKey();
    const fingerprint = withKey(repo, key);
    expect(runCli(repo, ['allow', fingerprint, ...ALLOW]).code).toBe(0);
    repo.write('pay.py', `import x\n\n\n\nkey = "${key}"\n`);
    repo.commit('moved');
    renameSync(join(repo.root, 'pay.py'), join(repo.root, 'shop.py'));
    expect(scan(repo, []).code).toBe(0);
    repo.write('shop.py', `key = "${stripeKey()}"\n`);
    expect(scan(repo, []).code).toBe(1);
  });

  test('a weak password is the same finding in a hunk, in the whole file and in a commit', async () => {
    await using repo = temporaryRepository();
    const value = ['Tulpe', '7', 'Nelke'].join('-');
    repo.write('a.py', 'x = 1\n'.repeat(50));
    repo.commit('before');
    repo.write('a.py', `${'x = 1\n'.repeat(30)}db_password = "${value}"\n${'x = 1\n'.repeat(20)}`);
    repo.git('add', '-A');
    const prints = (args: string[]): string[] => scan(repo, args).findings.map(({ fingerprint }) => fingerprint);
    const staged = prints(['--staged']);
    expect(staged).toHaveLength(1);
    expect(staged[0]).toMatch(/^km1-w/);
    expect(prints([])).toEqual(staged);
    repo.commit('with it');
    expect(prints(['--range', 'HEAD~1..HEAD'])).toEqual(staged);
  });

  test('takes the owner from git', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    const flags = ['allow', fingerprint, '--reason', 'made up', '--expires', 'never'];
    const env = { GIT_AUTHOR_EMAIL: '' };
    expect(runCli(repo, flags, { env })).toMatchObject({
      code: 2,
      err: 'keepmum: git has no user.email to name as owner\n  fix: add --owner NAME\n',
    });
    repo.git('config', 'user.email', 'she@example.invalid');
    expect(runCli(repo, flags, { env }).code).toBe(0);
    expect(entries(repo)[0]?.['owner']).toBe('she@example.invalid');
  });

  test('replaces the entry of the same finding', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    runCli(repo, ['allow', fingerprint, ...ALLOW]);
    const again = runCli(repo, ['allow', fingerprint, '--reason', 'second', '--owner', 'me', '--expires', 'never']);
    expect(again.out).toContain('exception replaced');
    expect(entries(repo).map(({ reason }) => reason)).toEqual(['second']);
  });

  test('finds what is in the index only, and from a folder below', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    rmSync(join(repo.root, 'pay.py'));
    repo.write('sub/x', '');
    expect(runCli(repo, ['allow', fingerprint, ...ALLOW], { cwd: join(repo.root, 'sub') }).code).toBe(0);
    expect(entries(repo)[0]?.['path']).toBe('pay.py');
  });

  test('writes what nothing here has only when told to', async () => {
    await using repo = temporaryRepository();
    const fingerprint = `km1-s${'b'.repeat(26)}`;
    const refused = runCli(repo, ['allow', fingerprint, ...ALLOW]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('nothing in the working tree or the index has the fingerprint');
    expect(existsSync(join(repo.root, FILE))).toBe(false);
    expect(runCli(repo, ['allow', fingerprint, ...ALLOW, '--unseen']).code).toBe(0);
    expect(entries(repo)).toHaveLength(1);
  });

  test.each([
    [['km1-nonsense', ...ALLOW], 'is not a fingerprint'],
    [[`km1-s${'a'.repeat(26)}`, '--expires', 'never'], 'an exception needs a reason'],
    [[`km1-s${'a'.repeat(26)}`, '--reason', 'x'], 'an exception needs an end'],
    [[`km1-s${'a'.repeat(26)}`, '--reason', ' ', '--expires', 'never'], '--reason is not one line'],
    [[`km1-s${'a'.repeat(26)}`, '--reason', 'x', '--expires', 'tomorrow'], '"tomorrow" is not a date'],
    [[`km1-s${'a'.repeat(26)}`, '--reason', 'x', '--expires', '2027-02-30'], '"2027-02-30" is not a date'],
    [[`km1-s${'a'.repeat(26)}`, '--reason', 'x', '--expires', '2020-01-01'], '2020-01-01 is in the past'],
  ])('refuses %j', async (args, message) => {
    await using repo = temporaryRepository();
    const { code, err } = runCli(repo, ['allow', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toMatch(/^keepmum: [^\n]+\n {2}fix: [^\n]+\n$/);
  });
});

describe('the exceptions file', () => {
  test('an entry counts on its last day, and not on the day after, which is told', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    repo.write(FILE, entryLine({ fingerprint, expires: day(0), owner: 'she' }));
    expect(scan(repo, ['--staged']).code).toBe(0);
    repo.write(FILE, entryLine({ fingerprint, expires: day(-1), owner: 'she' }));
    const late = runCli(repo, ['scan', '--staged']);
    expect(late.code).toBe(1);
    expect(late.out.replace(/\s+/g, ' ')).toContain(
      `1 exception has run out and suppresses nothing (${FILE}:1, ${day(-1)}, she)`,
    );
  });

  test('of two entries of one finding the one that holds longer counts', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    repo.write(FILE, entryLine({ fingerprint, expires: day(9) }) + entryLine({ fingerprint, expires: day(-9) }));
    expect(scan(repo, ['--staged']).code).toBe(0);
  });

  test('is read without regard to order, empty lines, CRLF and a byte order mark', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    repo.write(FILE, `\uFEFF${entryLine({ owner: 'z' })}\n${entryLine({ fingerprint })}`.replaceAll('\n', '\r\n'));
    expect(scan(repo, ['--staged']).code).toBe(0);
  });

  test.each([
    ['no JSON', 'not json\n', 1, 'is not a JSON object'],
    ['no object', `${entryLine({})}[]\n`, 2, 'is not a JSON object'],
    ['a conflict', `${entryLine({})}<<<<<<< HEAD\n${entryLine({})}=======\n>>>>>>> b\n`, 2, 'is a conflict marker'],
    ['a misspelt key', entryLine({ expire: 'never' }), 1, 'unknown key "expire"\n  fix: did you mean expires?'],
    ['another fingerprint', entryLine({ fingerprint: 'abc' }), 1, 'fingerprint is none of keepmum'],
    ['no date', entryLine({ expires: '31.12.2030' }), 1, 'expires is neither a date nor never'],
    ['a day that does not exist', entryLine({ expires: '2030-02-31' }), 1, 'expires is neither a date nor never'],
    ['no owner', '{"fingerprint":"x","reason":"r","expires":"never"}\n', 1, 'has no owner'],
    ['a number', '{"fingerprint":7}\n', 1, 'fingerprint is not a text'],
    ['a key of every object', '{"__proto__":"x"}\n', 1, 'unknown key "__proto__"'],
  ])('with %s is an error that names the line', async (_name, text, line, message) => {
    await using repo = temporaryRepository();
    withKey(repo);
    repo.write(FILE, text);
    for (const args of [['scan', '--staged'], ['audit']]) {
      const { code, err } = runCli(repo, args);
      expect(code).toBe(2);
      expect(err).toContain(`${FILE}:${line}: ${message}`);
      expect(err).toMatch(/^keepmum: [^\n]+\n {2}fix: [^\n]+\n$/);
    }
  });

  test('is not read where nothing is found', async () => {
    await using repo = temporaryRepository();
    repo.write(FILE, 'not json\n');
    repo.write('a.txt', 'nothing\n');
    repo.git('add', 'a.txt');
    expect(runCli(repo, ['scan', '--staged']).code).toBe(0);
  });

  test('is not read through a link that leads out of the repository', async () => {
    await using repo = temporaryRepository();
    withKey(repo);
    symlinkSync('/etc/passwd', join(repo.root, FILE));
    const { code, err } = runCli(repo, ['scan', '--staged']);
    expect(code).toBe(2);
    expect(err).toContain(`${FILE}: is a link that leads out of the repository`);
    expect(err).not.toContain('root:');
  });

  test('is no finding itself', async () => {
    await using repo = temporaryRepository();
    const fingerprint = withKey(repo);
    runCli(repo, ['allow', fingerprint, ...ALLOW]);
    repo.git('add', '-A');
    expect(scan(repo, ['--strict'])).toMatchObject({ code: 0, findings: [] });
  });

  test('two branches that each add entries merge, and the union of both sides loads', async () => {
    await using repo = temporaryRepository();
    repo.write('.gitattributes', `${FILE} merge=union\n`);
    repo.write('a.txt', 'x\n');
    repo.commit('first');
    const keys = Array.from({ length: 6 }, stripeKey);
    const add = (from: number, to: number): void => {
      keys.slice(from, to).forEach((key, index) => {
        repo.write(`pay-${from + index}.py`, `key = "${key}"\n`);
      });
      const found = scan(repo, []).findings;
      for (const { fingerprint } of found) expect(runCli(repo, ['allow', fingerprint, ...ALLOW]).code).toBe(0);
      repo.commit(`keys ${from}`);
    };
    repo.git('checkout', '-q', '-b', 'one');
    add(0, 3);
    repo.git('checkout', '-q', '-b', 'two', 'main');
    add(3, 6);
    repo.git('merge', '-q', '--no-edit', 'one');
    expect(entries(repo)).toHaveLength(6);
    const merged = scan(repo, []);
    expect(merged.code).toBe(0);
    expect(merged.summary).toMatchObject({ findings: 0, suppressed: 6 });
  });

  test('without that attribute, entries at different places merge as well', async () => {
    await using repo = temporaryRepository();
    const prints = 'abcdefghijklmnop'.split('').map((letter) => `km1-s${letter.repeat(26)}`);
    const allow = (print: string | undefined): void => {
      expect(runCli(repo, ['allow', print ?? '', ...ALLOW, '--unseen']).code).toBe(0);
    };
    prints.filter((_print, index) => index % 4 === 0).forEach(allow);
    repo.commit('first');
    repo.git('checkout', '-q', '-b', 'one');
    allow(prints[2]);
    repo.commit('one');
    repo.git('checkout', '-q', '-b', 'two', 'main');
    allow(prints[10]);
    repo.commit('two');
    repo.git('merge', '-q', '--no-edit', 'one');
    const found = entries(repo).map(({ fingerprint }) => fingerprint);
    expect(found).toEqual(found.toSorted((a = '', b = '') => (a < b ? -1 : 1)));
    expect(found).toHaveLength(6);
  });
});

describe('keepmum baseline', () => {
  test('what is there passes, what comes is found', async () => {
    await using repo = temporaryRepository();
    repo.write('a.py', `key = "${stripeKey()}"\n`);
    repo.write('b.py', `db_password = "${['Tulpe', '7', 'Nelke'].join('-')}"\n`);
    repo.commit('old');
    const made = runCli(repo, ['baseline', '--owner', 'team']);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(entries(repo).map(({ kind, owner, expires }) => ({ kind, owner, expires }))).toEqual(
      ['a.py', 'b.py'].map(() => ({ kind: 'baseline', owner: 'team', expires: day(90) })),
    );
    const text = readFileSync(join(repo.root, FILE), 'utf8');
    expect(text.split('\n').toSorted().join('\n').trim()).toBe(text.trim());
    expect(scan(repo, []).code).toBe(0);
    repo.write('c.py', `key = "${stripeKey()}"\n`);
    const after = scan(repo, []);
    expect(after.code).toBe(1);
    expect(after.findings.map(({ path }) => path)).toEqual(['c.py']);
  });

  test('adds what is new, keeps what is there, and renews nothing that has run out', async () => {
    await using repo = temporaryRepository();
    const old = withKey(repo);
    repo.write(FILE, entryLine({ fingerprint: old, expires: day(-1) }));
    repo.write('new.py', `key = "${stripeKey()}"\n`);
    const made = runCli(repo, ['baseline', '--owner', 'team']);
    expect(made.out).toContain('1 finding written');
    expect(made.out).toContain('not renewed: 1 finding');
    expect(entries(repo).find(({ fingerprint }) => fingerprint === old)?.['expires']).toBe(day(-1));
    expect(entries(repo)).toHaveLength(2);
    expect(runCli(repo, ['baseline', '--owner', 'team']).out).toContain('0 findings written');
    expect(entries(repo)).toHaveLength(2);
  });

  test('leaves out what a comment suppresses', async () => {
    await using repo = temporaryRepository();
    repo.write('a.py', `key = "${stripeKey()}"  # keepmum:allow\n`);
    expect(runCli(repo, ['baseline', '--owner', 'team']).out).toContain('0 findings written');
    expect(existsSync(join(repo.root, FILE))).toBe(false);
  });
});

describe('keepmum audit', () => {
  test('lists what ran out, soon will, or matches nothing; prunes the first and the last', async () => {
    await using repo = temporaryRepository();
    const keys = [stripeKey(), stripeKey(), stripeKey()];
    keys.forEach((key, index) => {
      repo.write(`pay-${index}.py`, `key = "${key}"\n`);
    });
    const [late = '', soon = '', good = ''] = scan(repo, []).findings.map(({ fingerprint }) => fingerprint);
    const gone = `km1-s${'b'.repeat(26)}`;
    repo.write(
      FILE,
      [
        entryLine({ fingerprint: late, expires: day(-2) }),
        entryLine({ fingerprint: soon, expires: day(3) }),
        entryLine({ fingerprint: good, expires: day(300) }),
        entryLine({ fingerprint: gone }),
      ].join(''),
    );
    const listed = runCli(repo, ['audit', '--json']);
    expect(listed.code).toBe(1);
    const report = JSON.parse(listed.out) as { listed: { trouble: string; fingerprint: string; line: number }[] };
    expect(report.listed.map(({ trouble, fingerprint, line }) => ({ trouble, fingerprint, line }))).toEqual([
      { trouble: 'expired', fingerprint: late, line: 1 },
      { trouble: 'expires-soon', fingerprint: soon, line: 2 },
      { trouble: 'unmatched', fingerprint: gone, line: 4 },
    ]);
    const text = runCli(repo, ['audit']);
    expect(text.out).toContain(`${FILE}:4: matches nothing in the working tree: ${gone}`);
    expect(text.out).toContain('4 exceptions, 3 to look at');
    expect(entries(repo)).toHaveLength(4);

    expect(runCli(repo, ['audit', '--prune']).code).toBe(1);
    expect(entries(repo).map(({ fingerprint }) => fingerprint)).toEqual([soon, good].toSorted());
    expect(runCli(repo, ['audit']).code).toBe(1);
    expect(runCli(repo, ['audit', '--soon', '0'])).toMatchObject({ code: 0 });
  });

  test('removes the file with its last entry', async () => {
    await using repo = temporaryRepository();
    repo.write(FILE, entryLine({}));
    expect(runCli(repo, ['audit', '--prune']).code).toBe(0);
    expect(existsSync(join(repo.root, FILE))).toBe(false);
    expect(runCli(repo, ['audit'])).toMatchObject({ code: 0, out: 'keepmum: 0 exceptions, all in order\n' });
  });

  test('counts what a comment suppresses too as matching', async () => {
    await using repo = temporaryRepository();
    const key = stripeKey();
    const fingerprint = withKey(repo, key);
    repo.write('pay.py', `key = "${key}"  # keepmum:allow\n`);
    repo.write(FILE, entryLine({ fingerprint }));
    expect(runCli(repo, ['audit']).code).toBe(0);
  });
});
