import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomText, scan, stripeKey } from '../support/cli.ts';
import { temporaryRepository } from '../support/repository.ts';

describe('a comment of', () => {
  const line = (comment: string): string => `key = "${stripeKey()}"  ${comment}\n`;
  test.each([
    ['ours', line('# keepmum:allow made up')],
    ['ours, on the line before', `# keepmum:allow made up\n${line('')}`],
    ['gitleaks', line('# gitleaks:allow')],
    ['betterleaks', line('# betterleaks:allow')],
    ['detect-secrets', line('# pragma: allowlist secret')],
    ['detect-secrets, before', `# pragma: allowlist nextline secret\n${line('')}`],
    ['trufflehog', line('# trufflehog:ignore')],
    ['kingfisher', line('# kingfisher:ignore')],
    ['secretlint', line('// secretlint-disable-line')],
    ['secretlint, before', `// secretlint-disable-next-line\n${line('')}`],
    ['secretlint, a block', `x\n/* secretlint-disable */\nx\n${line('')}/* secretlint-enable */\n`],
    ['any of them, in a string', line(';note("gitleaks:allow")')],
  ])('%s suppresses', async (_name, text) => {
    await using repo = temporaryRepository();
    repo.write('a.js', text);
    repo.git('add', '-A');
    for (const args of [[], ['--staged']]) {
      const { code, summary } = scan(repo, args);
      expect(code).toBe(0);
      expect(summary).toMatchObject({ findings: 0, suppressed: 1 });
    }
  });

  test.each([
    ['another rule of ours', line('# keepmum:allow aws-access-key-id made up')],
    ['ours two lines before', `# keepmum:allow\n\n${line('')}`],
    ['the next line, on the line itself', line('# pragma: allowlist nextline secret')],
    ['this line, on the line before', `x = 1 // secretlint-disable-line\n${line('')}`],
    ['a block that has ended', `// secretlint-disable\n// secretlint-enable\n${line('')}`],
    ['a block that begins later', `${line('')}// secretlint-disable\n`],
    ['a longer word', line('# notgitleaks:allowed')],
  ])('%s does not', async (_name, text) => {
    await using repo = temporaryRepository();
    repo.write('a.js', text);
    expect(scan(repo, [])).toMatchObject({ code: 1, summary: { findings: 1 } });
  });
});

describe('.gitleaksignore', () => {
  test('suppresses by path and line, not by rule', async () => {
    await using repo = temporaryRepository();
    repo.write('a/b.py', `x\nkey = "${stripeKey()}"\nkey = "${stripeKey()}"\n`);
    repo.write('.gitleaksignore', '# old\n\na/b.py:stripe-access-token:2\r\na/b.py:x:9\nnonsense\n');
    const { findings } = scan(repo, ['--show-suppressed']);
    expect(findings.map(({ line, suppressedBy }) => [line, suppressedBy?.where])).toEqual([
      [2, '.gitleaksignore:3'],
      [3, undefined],
    ]);
  });

  test('with a commit suppresses in that commit only', async () => {
    await using repo = temporaryRepository();
    repo.write('x', '');
    repo.commit('first');
    repo.write('b.py', `key = "${stripeKey()}"\n`);
    const commit = repo.commit('second');
    repo.write('.gitleaksignore', `${commit}:b.py:stripe:1\n`);
    expect(scan(repo, ['--range', 'HEAD~1..HEAD']).code).toBe(0);
    expect(scan(repo, []).code).toBe(1);
  });
});

describe('.secrets.baseline', () => {
  test('suppresses by path and hash, unless it was audited as real', async () => {
    await using repo = temporaryRepository();
    const keys = [stripeKey(), stripeKey(), stripeKey()];
    const hash = (text = ''): string => createHash('sha1').update(text).digest('hex');
    repo.write('a.py', keys.map((key) => `key = "${key}"\n`).join(''));
    repo.write('other.py', `key = "${keys[0]}"\n`);
    repo.write(
      '.secrets.baseline',
      JSON.stringify({
        version: '1.5.0',
        results: {
          'a.py': [
            { type: 'Stripe Access Key', filename: 'a.py', hashed_secret: hash(keys[0]), line_number: 77 },
            { filename: 'a.py', hashed_secret: hash(keys[1]), is_secret: true, line_number: 2 },
          ],
        },
      }),
    );
    const { findings } = scan(repo, []);
    expect(
      findings.filter(({ confidence }) => confidence !== 'possible').map(({ path, line }) => `${path}:${line}`),
    ).toEqual(['a.py:2', 'a.py:3', 'other.py:1']);
  });
});

describe('.gitleaks.toml', () => {
  const value = randomText(24);
  const RULES = `
[[rules]]
id = "acme-key"
regex = '''acmekey-([A-Za-z0-9]{24})'''
keywords = ["acmekey-"]
  [[rules.allowlists]]
  stopwords = ["${value.slice(3, 9)}"]
[[rules]]
id = "looks-around"
regex = '''(?=x)y'''
keywords = ["acmekey-"]
`;

  test('its rules find, and say what they cannot', async () => {
    await using repo = temporaryRepository();
    repo.write('.gitleaks.toml', RULES);
    repo.write('a.txt', `see acmekey-${randomText(24)}\nand acmekey-${value}\n`);
    const { findings, summary } = scan(repo, ['a.txt', '--show-suppressed']);
    expect(findings.filter(({ rule }) => rule === 'gitleaks-acme-key')).toMatchObject([
      { line: 1 },
      { line: 2, suppressedBy: { by: 'foreign', where: '.gitleaks.toml gitleaks-acme-key allowlist 1' } },
    ]);
    expect(summary?.notices).toEqual([
      '.gitleaks.toml: rule gitleaks-looks-around is not used: its regex is not one of RE2',
    ]);
    expect(scan(repo, ['a.txt', '--no-config']).findings.filter(({ rule }) => rule.startsWith('gitleaks-'))).toEqual(
      [],
    );
  });

  test.each([
    ['a path', `paths = ['''^vendor/''']`, ['a.py']],
    ['a regex of the line', `regexTarget = "line"\nregexes = ['''of the vendor''']`, ['a.py']],
    ['a stop word', `stopwords = ["VENDORWORD"]`, ['a.py']],
    [
      'two of which one fits',
      `condition = "AND"\npaths = ['''^vendor/''']\nstopwords = ["none"]`,
      ['a.py', 'vendor/b.py'],
    ],
    ['two that fit', `condition = "AND"\npaths = ['''^vendor/''']\nstopwords = ["vendorword"]`, ['a.py']],
    ['a pattern that RE2 refuses', `paths = ['''(?=v)''']`, ['a.py', 'vendor/b.py']],
    ['nothing', '', ['a.py', 'vendor/b.py']],
    ['other rules', `targetRules = ["acme"]\npaths = ['''^vendor/''']`, ['a.py', 'vendor/b.py']],
  ])('its allow list with %s', async (_name, list, left) => {
    await using repo = temporaryRepository();
    const word = stripeKey().replace(/.{30}$/, `vendorword${randomText(20)}`);
    repo.write('.gitleaks.toml', `[allowlist]\ndescription = "x"\n${list}\n`);
    repo.write('a.py', `key = "${stripeKey()}"\n`);
    repo.write('vendor/b.py', `key = "${word}"  # of the vendor\n`);
    expect(scan(repo, []).findings.map(({ path }) => path)).toEqual(left);
  });
});

describe('files of other scanners that mean harm', () => {
  test.each([
    ['.gitleaks.toml', 'not = = toml\n', '.gitleaks.toml:1: is not valid TOML'],
    ['.secrets.baseline', '{"results": 3', '.secrets.baseline: is not in its format'],
    ['.gitleaksignore', Buffer.from([0xff, 0xfe, 0x00]), '.gitleaksignore: is not UTF-8 text'],
    ['.gitleaks.toml', undefined, '.gitleaks.toml: is a link that leads out of the repository'],
    ['.secrets.baseline', undefined, '.secrets.baseline: is a link that leads out of the repository'],
  ])('%s: it is told, and the finding stands', async (name, content, notice) => {
    await using repo = temporaryRepository();
    repo.write('a.py', `key = "${stripeKey()}"\n`);
    repo.git('add', 'a.py');
    if (content === undefined) {
      writeFileSync(join(repo.home, 'elsewhere'), '[allowlist]\npaths = ["."]\n');
      symlinkSync(join(repo.home, 'elsewhere'), join(repo.root, name));
    } else repo.write(name, content);
    const { code, summary, err } = scan(repo, ['--staged']);
    expect(code).toBe(1);
    expect(summary?.notices.join('\n')).toContain(notice);
    expect(err).not.toContain('bug in keepmum');
  });

  test('folders in their places are told too', async () => {
    await using repo = temporaryRepository();
    repo.write('a.py', `key = "${stripeKey()}"\n`);
    for (const name of ['.gitleaks.toml', '.gitleaksignore', '.secrets.baseline']) mkdirSync(join(repo.root, name));
    const { code, summary } = scan(repo, ['a.py']);
    expect(code).toBe(1);
    expect(
      summary?.notices.filter((notice) => notice.includes('is a folder, not a file')).length,
    ).toBeGreaterThanOrEqual(3);
  });
});
