import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomText, runCli, scan, stripeKey } from '../support/cli.ts';
import { temporaryRepository } from '../support/repository.ts';

const RULE = `rules:
  - id: acme-key
    title: Acme key
    severity: medium
    anchors: [acmekey-]
    pattern: 'acmekey-(?P<secret>[A-Za-z0-9]{24})'
`;

describe('.keepmum.yaml', () => {
  test('allows paths, which are counted, and findings, which are marked with the reason', async () => {
    await using repo = temporaryRepository();
    for (const path of ['vendor/a.js', 'vendor/deep/.b.js', 'test/c.js', 'src/d.js']) {
      repo.write(path, `key = "${stripeKey()}"\n`);
    }
    const [finding] = scan(repo, ['src/d.js']).findings;
    repo.write(
      '.keepmum.yaml',
      `allow:\n  paths: ['vendor/**']\n  findings:\n    - { rules: [${finding?.rule ?? ''}], paths: ['test/**'], reason: made up }\n`,
    );
    repo.git('add', '-A');
    for (const args of [[], ['--staged']]) {
      const { code, findings, summary } = scan(repo, [...args, '--show-suppressed']);
      expect(code).toBe(1);
      expect(findings.map(({ path, suppressedBy }) => [path, suppressedBy])).toEqual([
        ['src/d.js', undefined],
        ['test/c.js', { by: 'allow-list', where: 'allow.findings[0]', reason: 'made up' }],
      ]);
      expect(summary).toMatchObject({ findings: 1, suppressed: 1, skipped: [{ reason: 'allow-listed', count: 2 }] });
    }
  });

  test('switches rules off and gives them another severity', async () => {
    await using repo = temporaryRepository();
    repo.write('a.js', `key = "${stripeKey()}"\n`);
    const rule = scan(repo, []).findings[0]?.rule ?? '';
    repo.write('.keepmum.yaml', `severity: { ${rule}: low }\nfailOn: { severity: medium }\n`);
    expect(scan(repo, [])).toMatchObject({ code: 0, findings: [{ rule, severity: 'low' }] });
    expect(scan(repo, ['--fail-on', 'low']).code).toBe(1);
    expect(scan(repo, ['--no-config']).code).toBe(1);
    repo.write('.keepmum.yaml', `disable: [${rule}]\n`);
    expect(scan(repo, []).findings.filter((finding) => finding.rule === rule)).toEqual([]);
  });

  test.each([undefined, 're2js'])('has rules of its own, with %s', async (KEEPMUM_REGEX) => {
    await using repo = temporaryRepository();
    repo.write('.keepmum.yaml', RULE);
    repo.write('a.txt', `it is acmekey-${randomText(24)}, and ACMEKEY-${randomText(24)}\nand acmekey-short\n`);
    repo.git('add', '-A');
    for (const args of [['a.txt'], ['--staged']]) {
      const { findings } = scan(repo, args, { env: { KEEPMUM_REGEX } });
      expect(findings.filter(({ rule }) => rule === 'acme-key')).toMatchObject([
        { line: 1, severity: 'medium', path: 'a.txt' },
      ]);
    }
  });

  test('is read by the hook from the working tree, and from the top whatever folder it is started in', async () => {
    await using repo = temporaryRepository();
    repo.write('sub/a.js', `key = "${stripeKey()}"\n`);
    repo.git('add', '-A');
    expect(runCli(repo, ['scan', '--staged'], { cwd: join(repo.root, 'sub') }).code).toBe(1);
    repo.write('.keepmum.yaml', `allow: { paths: ['sub/**'] }\n`);
    expect(runCli(repo, ['scan', '--staged'], { cwd: join(repo.root, 'sub') }).code).toBe(0);
  });

  test('is another file with --config, also one outside the repository', async () => {
    await using repo = temporaryRepository();
    repo.write('a.js', `key = "${stripeKey()}"\n`);
    const file = join(repo.home, 'mine.yaml');
    writeFileSync(file, 'extends: base.yaml\n');
    writeFileSync(join(repo.home, 'base.yaml'), `allow: { paths: ['*.js'] }\n`);
    expect(scan(repo, ['--config', file]).code).toBe(0);
    expect(scan(repo, []).code).toBe(1);
  });

  test('examples of its rules are tried by `rules test`', async () => {
    await using repo = temporaryRepository();
    repo.write('.keepmum.yaml', `${RULE}    examples: ['x acmekey-\${base62:24}']\n    counterExamples: [acmekey-x]\n`);
    expect(runCli(repo, ['rules', 'test', '.keepmum.yaml'])).toMatchObject({ code: 0, out: '2 examples, 0 wrong\n' });
    repo.write('.keepmum.yaml', `${RULE}    examples: [acmekey-x]\n    counterExamples: [y]\n`);
    expect(runCli(repo, ['rules', 'test', '.keepmum.yaml'])).toMatchObject({ code: 1 });
  });
});

test('what the page for users shows works as it stands', async () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [example = ''] = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map((match) => match[1]);
  await using repo = temporaryRepository();
  repo.write('.keepmum.yaml', example);
  repo.write('test/a.py', `password = "${['Tulpe', '7', 'Nelke'].join('-')}"\n`);
  repo.write('vendor/a.py', `key = "${stripeKey()}"\n`);
  expect(scan(repo, [])).toMatchObject({ code: 0, summary: { suppressed: 1 } });
  const value = Array.from({ length: 24 }, () => '0123456789abcdefghijklmnopqrstuvwxyz'[randomInt(36)]).join('');
  repo.write('a.txt', `acmekey-${value}\n`);
  expect(scan(repo, []).findings.map(({ rule }) => rule)).toEqual(['acme-key']);
});

test('settings in package.json count', async () => {
  await using repo = temporaryRepository();
  repo.write('a.js', `key = "${stripeKey()}"\n`);
  repo.write('package.json', JSON.stringify({ devDependencies: { keepmum: '1' } }));
  expect(scan(repo, []).code).toBe(1);
  repo.write('package.json', JSON.stringify({ keepmum: { allow: { paths: ['*.js'] } } }));
  expect(scan(repo, []).code).toBe(0);
});
