import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REPORTERS } from '../../src/reporters/index.ts';
import { CLI, randomText, runCli, stripeKey } from '../support/cli.ts';
import { TEST_NODE } from '../support/nodes.ts';
import { temporaryRepository, type TemporaryRepository } from '../support/repository.ts';
import { parseXml } from '../support/xml.ts';

const ESC = '\u001b';
const FORMATS = REPORTERS.map(({ name }) => name);

let repo: TemporaryRepository;
let secret: string;
beforeEach(() => {
  repo = temporaryRepository();
  secret = stripeKey();
  repo.write('src/pay.ts', `import a;\n\nconst key = "${secret}";\n`);
  repo.git('add', '-A');
});
afterEach(() => {
  repo.remove();
});

/** No wish about colours from whoever runs the tests. */
const NEUTRAL = { NO_COLOR: undefined, FORCE_COLOR: undefined };

/** Through a shell, in the repository, where `keepmum` is the built command line. */
function shell(line: string, env: NodeJS.ProcessEnv = {}): { code: number | null; out: string; err: string } {
  const bin = join(repo.home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'keepmum'), `#!/bin/sh\nexec '${TEST_NODE}' '${CLI}' "$@"\n`, { mode: 0o755 });
  const result = spawnSync('bash', ['-o', 'pipefail', '-c', line], {
    cwd: repo.root,
    env: { ...repo.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, ...NEUTRAL, ...env },
    encoding: 'utf8',
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** In a terminal that is so wide; what comes out of it. */
function terminal(columns: number, line: string, env: NodeJS.ProcessEnv = {}): string {
  const command = `script -qec 'stty cols ${columns}; ${line}' /dev/null </dev/null`;
  return shell(command, { TERM: 'xterm', ...env }).out.replaceAll('\r\n', '\n');
}

describe('--format', () => {
  test.each(FORMATS)('%s: finds, masks, exits 1, no colours', (format) => {
    const { code, out, err } = runCli(repo, ['scan', '--staged', '--format', format]);
    expect(code).toBe(1);
    expect(out).toContain('pay.ts');
    expect(out).not.toContain(ESC);
    for (let at = 4; at + 5 <= secret.length; at++) expect(out + err).not.toContain(secret.slice(at, at + 5));
  });

  test('a comment that allows a finding does not carry another value out, nor does a user name', () => {
    const [user, password] = [randomText(40), `${randomText(18)}7z`];
    repo.write(
      'src/pay.ts',
      `/* keepmum:allow */ const a = "${secret}", b = "${secret}";\n\nconst u = "https://${user}:${password}@git.shop.corp/r.git";\n`,
    );
    repo.git('add', '-A');
    for (const format of FORMATS) {
      const { code, out } = runCli(repo, ['scan', '--staged', '--show-suppressed', '--format', format]);
      expect(code).toBe(1);
      for (const value of [secret, user, password]) expect(out).not.toContain(value.slice(4, 20));
    }
  });

  test('what cannot hold the summary gets it on standard error, the others leave standard error alone', () => {
    const quiet = FORMATS.filter((format) => runCli(repo, ['scan', '--staged', '--format', format]).err === '');
    expect(FORMATS.filter((format) => !quiet.includes(format))).toEqual(['jsonl', 'csv']);
    const { err } = runCli(repo, ['scan', '--staged', '--format', 'jsonl']);
    expect(err).toMatch(/^keepmum: 1 finding \(1 blocking\) in 1 staged file \(3 lines, \d+ B\), \d+ ms\n/);
  });

  test('that does not exist is one line, with the nearest name, before anything is scanned', () => {
    expect(runCli(repo, ['scan', '--format', 'serif'])).toEqual({
      code: 2,
      out: '',
      err: 'keepmum: --format: there is no format "serif"\n  fix: did you mean sarif?\n',
    });
    expect(runCli(repo, ['scan', '--format', 'pictures']).err).toContain(`fix: use one of ${FORMATS.join(', ')}\n`);
  });

  test('is listed in the help', () => {
    expect(runCli(repo, ['scan', '--help'], { env: { COLUMNS: '200' } }).out.replace(/\s+/g, ' ')).toContain(
      FORMATS.join(', '),
    );
  });
});

describe('--show-secrets', () => {
  test('is for json and jsonl', () => {
    for (const format of ['json', 'jsonl'])
      expect(runCli(repo, ['scan', '--format', format, '--show-secrets']).out).toContain(`"${secret}"`);
  });

  test('with another format is an error and shows nothing', () => {
    const result = runCli(repo, ['scan', '--show-secrets']);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toBe(
      'keepmum: --show-secrets has an effect on json and jsonl only\n  fix: add --format jsonl, or --output json=FILE\n',
    );
  });

  test('beside another format puts them into that file only', () => {
    const { code, out } = runCli(repo, [
      'scan',
      '--show-secrets',
      '--output',
      'json=whole.json',
      '--output',
      'csv=table.csv',
    ]);
    expect(code).toBe(1);
    expect(readFileSync(join(repo.root, 'whole.json'), 'utf8')).toContain(secret);
    expect(out + readFileSync(join(repo.root, 'table.csv'), 'utf8')).not.toContain(secret.slice(8));
  });
});

describe('--output', () => {
  const read = (file: string): string => readFileSync(join(repo.root, file), 'utf8');

  test('several at once, beside standard output', () => {
    const outputs = FORMATS.flatMap((format) => ['--output', `${format}=report.${format}`]);
    const { code, out } = runCli(repo, ['scan', '--staged', ...outputs]);
    expect(code).toBe(1);
    expect(read('report.text').replace(/\d+ ms/, '')).toBe(out.replace(/\d+ ms/, ''));
    expect(JSON.parse(read('report.json'))).toMatchObject({ findings: [{ rule: 'stripe-live-secret-key' }] });
    expect(JSON.parse(read('report.jsonl'))).toMatchObject({ path: 'src/pay.ts', line: 3 });
    expect(JSON.parse(read('report.sarif'))).toMatchObject({ version: '2.1.0' });
    expect(parseXml(read('report.junit')).attributes).toMatchObject({ failures: '1' });
    expect(JSON.parse(read('report.gitlab'))).toMatchObject({ vulnerabilities: [{ severity: 'Critical' }] });
    expect(read('report.csv').split('\r\n')).toHaveLength(3);
    expect(read('report.github')).toMatch(/^::error file=src\/pay\.ts,line=3,/);
    expect(read('report.markdown')).toContain('| critical, likely, blocks |');
  });

  test('files are for their owner only, even where an older one was not; nothing else is left beside them', () => {
    writeFileSync(join(repo.root, 'report.json'), 'old', { mode: 0o666 });
    chmodSync(join(repo.root, 'report.json'), 0o666);
    runCli(repo, ['scan', '--staged', '--output', 'json=report.json']);
    expect(statSync(join(repo.root, 'report.json')).mode & 0o777).toBe(0o600);
    expect(read('report.json')).toContain('"findings"');
    expect(readdirSync(repo.root).toSorted()).toEqual(['.git', 'report.json', 'src']);
  });

  test('a scan that fails leaves the older report as it was', () => {
    writeFileSync(join(repo.root, 'report.json'), 'old');
    expect(runCli(repo, ['scan', '--range', 'no-such..thing', '--output', 'json=report.json']).code).toBe(2);
    expect(read('report.json')).toBe('old');
  });

  test('through a link into the file that it means', () => {
    mkdirSync(join(repo.root, 'reports'));
    writeFileSync(join(repo.root, 'reports', 'real.json'), 'old');
    symlinkSync(join('reports', 'real.json'), join(repo.root, 'report.json'));
    runCli(repo, ['scan', '--staged', '--output', 'json=report.json']);
    expect(read('reports/real.json')).toContain('"findings"');
    expect(readdirSync(join(repo.root, 'reports'))).toEqual(['real.json']);
  });

  test('into a pipe', () => {
    const { code, out } = shell(
      'keepmum scan --staged --format csv --output json=/dev/fd/3 3>&1 >/dev/null 2>/dev/null | grep -c fingerprint',
    );
    expect({ code, out }).toEqual({ code: 1, out: '1\n' });
  });

  test.each([
    ['json', '--output: "json" is not FORMAT=FILE'],
    ['=x', '--output: "=x" is not FORMAT=FILE'],
    ['jsonn=x', '--output: there is no format "jsonn"'],
    ['json=no/such/folder', '--output: "no/such/folder" cannot be written'],
    ['json=src', '--output: "src" cannot be written'],
  ])('%s is refused before the scan', (output, message) => {
    const result = runCli(repo, ['scan', '--staged', '--output', output]);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err.split('\n')).toEqual([`keepmum: ${message}`, expect.stringMatching(/^ {2}fix: /), '']);
    expect(existsSync(join(repo.root, 'x'))).toBe(false);
  });
});

describe('--max', () => {
  test('limits what is shown, not what is found', () => {
    const line = (index: number): string => `password${index} = "${randomText(9)}-${index}x"\n`;
    repo.write('seed.py', Array.from({ length: 300 }, (_, index) => line(index)).join(''));
    repo.git('add', '-A');
    const { code, out } = runCli(repo, ['scan', '--staged']);
    expect(code).toBe(1);
    expect(out.split('\n').length).toBeLessThan(150);
    expect(out).toMatch(/\n\d+ more findings, not shown in full/);
    expect(out).toContain('at src/pay.ts:3:14');
    const all = runCli(repo, ['scan', '--staged', '--max', '0']).out;
    expect(all).not.toContain('not shown in full');
    expect(all.match(/^ {2}at /gm)).toHaveLength(Number(/(\d+) findings/.exec(out)?.[1]));
  });

  test.each(['-1', '1.5', 'many'])('%s is refused', (max) => {
    expect(runCli(repo, ['scan', `--max=${max}`])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^keepmum: --max/),
    });
  });
});

describe('a reader that goes away', () => {
  test.each(['text', 'jsonl', 'github'])('ends %s quietly', (format) => {
    for (let index = 0; index < 60; index++)
      repo.write(`keys/${index}.ts`, `const key = "${stripeKey()}";\n`.repeat(20));
    const { out, err } = shell(`keepmum scan --format ${format} --max 0 | head -1`);
    expect(out.split('\n')).toHaveLength(2);
    // The summary goes there where the format has no place for it.
    expect(err.replace(/^keepmum: 1,2\d\d findings .*\n(?: {2}.*\n)*/, '')).toBe('');
  });

  test('of both streams too', () => {
    for (let index = 0; index < 60; index++)
      repo.write(`keys/${index}.ts`, `const key = "${stripeKey()}";\n`.repeat(20));
    const { out, err } = shell('keepmum scan --format jsonl 2>&1 | head -1');
    expect(out.split('\n')).toHaveLength(2);
    expect(err).toBe('');
  });
});

describe('colours', () => {
  test('none where standard output is no terminal, whatever TERM says', () => {
    const { out, err } = runCli(repo, ['scan', '--staged'], {
      env: { ...NEUTRAL, TERM: 'xterm-256color', COLORTERM: 'truecolor' },
    });
    expect(out + err).not.toContain(ESC);
  });

  test.each([
    [{ FORCE_COLOR: '1' }, [], true],
    [{ FORCE_COLOR: '0' }, [], false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
    [{ NO_COLOR: '' }, ['--color'], true],
    [{ NO_COLOR: '1' }, ['--color'], true],
    [{ FORCE_COLOR: '1' }, ['--no-color'], false],
  ])('%j and %j: %s', (env, args, coloured) => {
    expect(runCli(repo, ['scan', '--staged', ...args], { env: { ...NEUTRAL, ...env } }).out.includes(ESC)).toBe(
      coloured,
    );
  });

  test('never in a file', () => {
    runCli(repo, ['scan', '--staged', '--color', '--output', 'text=report.txt']);
    expect(readFileSync(join(repo.root, 'report.txt'), 'utf8')).not.toContain(ESC);
  });

  describe.runIf(process.platform === 'linux')('on a terminal', () => {
    test('are there, unless NO_COLOR or a dumb terminal says otherwise', () => {
      expect(terminal(80, 'keepmum scan --staged')).toContain(`${ESC}[1;31mcritical${ESC}[0m`);
      expect(terminal(80, 'keepmum scan --staged', { NO_COLOR: '1' })).not.toContain(ESC);
      expect(terminal(80, 'keepmum scan --staged', { TERM: 'dumb' })).not.toContain(ESC);
    });

    test('lines fit its width', () => {
      const widths = [40, 80, 160].map((columns) => {
        const out = terminal(columns, 'keepmum scan --staged', { NO_COLOR: '1' });
        return Math.max(
          ...out
            .split('\n')
            .filter((line) => /^ +\d+ \|/.test(line))
            .map((line) => line.length),
        );
      });
      expect(widths[0]).toBeLessThanOrEqual(40);
      expect(widths[1]).toBeLessThanOrEqual(80);
    });

    test('of no known width is as one of 80', () => {
      expect(terminal(0, 'keepmum scan --staged', { NO_COLOR: '1' })).toContain('at src/pay.ts:3:14');
    });
  });
});

describe('a hook run', () => {
  test('that finds nothing prints one line', () => {
    repo.commit('first');
    repo.write('README.md', '# hello\n');
    repo.git('add', '-A');
    const { code, out, err } = runCli(repo, ['scan', '--staged']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^keepmum: no findings in 1 staged file \(1 line, 8 B\), \d+ ms\n$/);
  });

  test('with nothing staged says so', () => {
    repo.commit('first');
    expect(runCli(repo, ['scan', '--staged']).out).toMatch(
      /^keepmum: no findings \(nothing is staged that adds text\), \d+ ms\n$/,
    );
  });
});
