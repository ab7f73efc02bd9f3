import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packTar } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import { CLI, runCli, scan, stripeKey, type CliResult, type ScanResult } from '../support/cli.ts';
import { TEST_NODE } from '../support/nodes.ts';
import { repository } from '../support/repositories.ts';
import type { TemporaryRepository } from '../support/repository.ts';
import { zip, type ZipEntry } from '../support/zip.ts';

const KEY = stripeKey();
const PLANTED = `stripe_key = "${KEY}"\n`;

/** Where the planted key was found, in the report's order. */
function places({ findings }: ScanResult): string[] {
  return findings.filter(({ rule }) => rule === 'stripe-live-secret-key').map(({ path, line }) => `${path}:${line}`);
}

function skips({ summary }: ScanResult): Record<string, readonly [number, boolean]> {
  return Object.fromEntries(
    summary?.skipped.map(({ reason, count, incomplete }) => [reason, [count, incomplete] as const]) ?? [],
  );
}

describe('threads', () => {
  /** What differs from run to run. */
  const withoutTimes = ({ code, out, findings, summary }: ScanResult): unknown => ({
    code,
    out,
    findings,
    summary: { ...summary, elapsed: 0 },
  });

  const content = fc.oneof(
    { weight: 30, arbitrary: fc.string({ maxLength: 300 }).map((text) => Buffer.from(`${text}\n`)) },
    { weight: 3, arbitrary: fc.string({ maxLength: 50 }).map((text) => Buffer.from(`${text}\n${PLANTED}${text}`)) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constant(Buffer.from(PLANTED, 'utf16le')) },
    { weight: 1, arbitrary: fc.constant(zip([{ name: 'in.py', content: PLANTED }])) },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
    { weight: 1, arbitrary: fc.constant(Buffer.from(`password = "correct horse ${KEY.slice(-20)}"\n`)) },
  );

  test('however many there are, the report is the same, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.array(content, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 300, max: 1400 }),
        fc.boolean(),
        (contents, files, isTracked) => {
          const repo = repository();
          for (let n = 0; n < files; n++) {
            repo.write(
              `d${n % 7}/sub${n % 3}/f${n}.${n % 5 === 0 ? 'env' : 'js'}`,
              contents[n % contents.length] ?? '',
            );
          }
          // Larger than what is read at once, with a line across the seam.
          repo.write('d3/large.txt', `${'x = 1;\n'.repeat(700_000)}${PLANTED}`);
          if (process.platform !== 'win32') symlinkSync('../elsewhere', join(repo.root, 'd2', 'link'));
          // Of tracked files it is known how many there are before git lists them.
          if (isTracked) repo.commit('all of them');
          const single = withoutTimes(scan(repo, ['--threads', '1']));
          for (const threads of ['2', '4']) {
            expect({ threads, told: withoutTimes(scan(repo, ['--threads', threads])) }).toEqual({
              threads,
              told: single,
            });
          }
          repo.remove();
        },
      ),
      { numRuns: 4 },
    );
  }, 300_000);

  test('a number of threads that is none', () => {
    const repo = repository();
    expect(runCli(repo, ['scan', '--threads', '0'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--threads') as string,
    });
  });
});

describe('archives', () => {
  const inside: readonly ZipEntry[] = [
    { name: 'readme.txt', content: 'nothing\n' },
    { name: 'src/pay.py', content: `first\n${PLANTED}` },
  ];
  const tar = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> =>
    Buffer.from(
      await packTar(
        Object.entries(files).map(([name, body]) => ({ header: { name, size: Buffer.from(body).length }, body })),
      ),
    );

  test('of every kind are opened: zip and its family, tar, compressed tar, gzip, one in another', async () => {
    const repo = repository();
    const packed = await tar({ 'src/pay.py': PLANTED, 'readme.txt': 'nothing' });
    for (const name of ['a.zip', 'a.jar', 'a.whl', 'a.docx', 'no-ending']) repo.write(name, zip(inside));
    repo.write('a.tar', packed);
    repo.write('a.tgz', gzipSync(packed));
    repo.write('a.log.gz', gzipSync(PLANTED));
    repo.write('nested.zip', zip([{ name: 'in/a.tar.gz', content: gzipSync(await tar({ 'a.jar': zip(inside) })) }]));
    repo.write('stored.zip', zip([{ name: 'pay.py', content: PLANTED, method: 0 }]));
    repo.write('said.zip', zip([], PLANTED));
    const result = scan(repo, []);
    expect(places(result)).toEqual([
      'a.docx!/src/pay.py:2',
      'a.jar!/src/pay.py:2',
      'a.log.gz!/a.log:1',
      'a.tar!/src/pay.py:1',
      'a.tgz!/src/pay.py:1',
      'a.whl!/src/pay.py:2',
      'a.zip!/src/pay.py:2',
      'nested.zip!/in/a.tar.gz!/a.jar!/src/pay.py:2',
      'no-ending!/src/pay.py:2',
      'said.zip:1',
      'stored.zip!/pay.py:1',
    ]);
    expect(skips(result)).toEqual({});
    expect(result.summary).toMatchObject({ incomplete: false });
  });

  test('what is in a clean one counts as files', () => {
    const repo = repository();
    repo.write(
      'a.zip',
      zip([
        { name: 'a.txt', content: 'one\ntwo\n' },
        { name: 'b.txt', content: 'three' },
      ]),
    );
    expect(scan(repo, []).summary).toMatchObject({ files: 2, lines: 3, bytes: 13, skipped: [] });
  });

  test('wide and binary text in one; what is no archive but begins like one', () => {
    const repo = repository();
    repo.write(
      'a.zip',
      zip([
        { name: 'wide.txt', content: Buffer.from(`\ufeff${PLANTED}`, 'utf16le') },
        { name: 'a.bin', content: Buffer.concat([Buffer.alloc(900, 1), Buffer.from(PLANTED), Buffer.alloc(900)]) },
      ]),
    );
    repo.write('b.zip', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(300), Buffer.from(PLANTED)]));
    const result = scan(repo, []);
    expect(places(result).map((place) => place.replace(/:.*/, ''))).toEqual([
      'a.zip!/wide.txt',
      'a.zip!/a.bin',
      'b.zip',
    ]);
    expect(skips(result)).toEqual({ binary: [2, false] });
  });

  test('encrypted entries, ones packed in unknown ways, damaged ones: counted, and the others are read', async () => {
    const repo = repository();
    repo.write(
      'a.zip',
      zip([
        { name: 'locked.py', content: PLANTED, encrypted: true },
        { name: 'odd.py', content: PLANTED, method: 99 },
        ...inside,
      ]),
    );
    const whole = gzipSync(await tar({ 'a.py': PLANTED, 'b.txt': 'b'.repeat(100_000) }));
    repo.write('cut.tgz', whole.subarray(0, whole.length - 40));
    const damaged = zip([{ name: 'a.txt', content: 'a'.repeat(5000) }, ...inside]);
    damaged.fill(0xff, 36, 40);
    repo.write('damaged.zip', damaged);
    const result = scan(repo, []);
    expect(places(result)).toEqual(['a.zip!/src/pay.py:2', 'cut.tgz!/a.py:1', 'damaged.zip!/src/pay.py:2']);
    expect(skips(result)).toMatchObject({ encrypted: [1, false], damaged: [expect.any(Number), true] });
  });

  test('paths that lead elsewhere, links, names with escapes: names and texts like others', async () => {
    const repo = repository();
    const home = join(repo.home, 'evil.py');
    repo.write(
      'a.zip',
      zip([
        { name: '../../home/evil.py', content: PLANTED },
        { name: '/etc/evil.py', content: PLANTED },
        { name: 'c:\\evil\\pay.py', content: PLANTED },
        { name: 'link', content: '/etc/passwd', mode: 0o120777 },
        { name: Buffer.from([0x66, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d]), content: PLANTED },
      ]),
    );
    const header = { name: 'link', size: 0, type: 'symlink' as const, linkname: `/x?stripe_key=${KEY}` };
    repo.write('b.tar', Buffer.from(await packTar([{ header }])));
    const result = scan(repo, []);
    expect(places(result)).toEqual([
      'a.zip!/../../home/evil.py:1',
      'a.zip!//etc/evil.py:1',
      'a.zip!/c:/evil/pay.py:1',
      'a.zip!/f\\xFF\u001b[31m:1',
      'b.tar!/link:1',
    ]);
    expect(existsSync(home)).toBe(false);
    expect(runCli(repo, ['scan']).out).not.toContain('\u001b');
  });

  test('bombs: one that swells, one in many layers, one of many entries, entries that lie on each other', () => {
    const repo = repository();
    repo.write('swells.zip', zip([{ name: 'a', content: Buffer.alloc(66 << 20, '\n') }, ...inside]));
    repo.write('swells.gz', gzipSync(Buffer.alloc(66 << 20, '\n')));
    let layers = zip(inside);
    for (let n = 0; n < 6; n++) layers = zip([{ name: 'n.zip', content: layers }]);
    repo.write('layers.zip', layers);
    const many = Array.from({ length: 100_010 }, () => ({ name: 'd/', method: 0 }));
    // More than the number of entries can say: it is the last 16 bits of it.
    repo.write('many.zip', Buffer.concat([zip(many)]));
    // Each entry's place is that of the first.
    const overlapping = zip(Array.from({ length: 20 }, (_, n) => ({ name: `f${n}`, content: 'a'.repeat(4_000_000) })));
    for (let at = overlapping.indexOf('PK\u0001\u0002'); at >= 0; at = overlapping.indexOf('PK\u0001\u0002', at + 4))
      overlapping.writeUInt32LE(0, at + 42);
    repo.write('overlapping.zip', overlapping);
    const started = performance.now();
    const result = scan(repo, ['--threads', '1']);
    expect(performance.now() - started).toBeLessThan(40_000);
    expect(result).toMatchObject({ code: 2, findings: [], summary: { incomplete: true } });
    expect(skips(result)['archive-limit']?.[0]).toBeGreaterThanOrEqual(4);
  });
});

test('a notebook: its cells are read', () => {
  const repo = repository();
  const cells = [{ cell_type: 'code', source: ['import stripe\n', PLANTED], outputs: [] }];
  repo.write('a.ipynb', JSON.stringify({ cells, nbformat: 4 }, null, 1));
  expect(places(scan(repo, []))).toEqual(['a.ipynb:7']);
});

/** So much that it takes some seconds, on few bytes of disk; the first file and the last have a finding. */
function largeTree(repo: TemporaryRepository, files: number): void {
  const first = join(repo.root, 'b0.txt');
  repo.write('a.py', PLANTED);
  repo.write('z.py', PLANTED);
  // Each byte of it might be the end of a literal: that is slow.
  writeFileSync(first, `${'a'.repeat(60)}\n`.repeat(60_000));
  for (let n = 1; n < files; n++) linkSync(first, join(repo.root, `b${n}.txt`));
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult & { readonly signal: NodeJS.Signals | null }>;
}

function start(repo: TemporaryRepository, args: readonly string[]): Started {
  const child = spawn(TEST_NODE, [CLI, ...args], { cwd: repo.root, env: repo.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = new Promise<CliResult & { signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, out, err });
    });
  });
  return { child, ended };
}

describe.runIf(process.platform !== 'win32')('a scan that takes long', () => {
  test.each(['1', '3'])(
    'Ctrl-C ends it at once, with what was found, marked incomplete; %s threads',
    async (threads) => {
      const repo = repository();
      largeTree(repo, 60);
      const { child, ended } = start(repo, ['scan', '--threads', threads, '--format', 'jsonl']);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      const asked = performance.now();
      child.kill('SIGINT');
      const { code, signal, out, err } = await ended;
      expect(performance.now() - asked).toBeLessThan(5000);
      expect({ code, signal }).toEqual({ code: 2, signal: null });
      expect(out.trim().split('\n')).toHaveLength(1);
      expect(out).toContain('"path":"a.py"');
      expect(err).toContain('interrupted: what had not been reached by then was not examined');
      expect(err).not.toContain('bug');
    },
  );

  /** A history that takes some seconds to scan; what is found early is found again at the end. */
  const largeHistory = (repo: TemporaryRepository, files: number): void => {
    repo.write('a.py', PLANTED);
    for (let n = 0; n < files; n++) repo.write(`b${n}.txt`, `${n}${'a'.repeat(60)}\n`.repeat(60_000));
    repo.commit('base');
  };

  test('Ctrl-C ends the scan of a history too', async () => {
    const repo = repository();
    largeHistory(repo, 60);
    // It says nothing that one could wait for, and a fast machine may be done before.
    const interrupted = async (delay: number): Promise<Awaited<Started['ended']>> => {
      const { child, ended } = start(repo, ['scan', '--history', '--threads', '1', '--format', 'jsonl']);
      setTimeout(() => child.kill('SIGINT'), delay);
      const result = await ended;
      return result.code === 1 && delay > 200 ? interrupted(delay / 2) : result;
    };
    const { code, signal, err } = await interrupted(2500);
    expect({ code, signal }).toEqual({ code: 2, signal: null });
    expect(err).toContain('interrupted: what had not been reached by then was not examined');
    expect(err).not.toContain('bug');
  });

  test('a reader of a history that has gone ends it without a word', async () => {
    const repo = repository();
    for (let n = 0; n < 300; n++) repo.write(`a${n}.py`, PLANTED);
    repo.commit('base');
    const { child, ended } = start(repo, ['scan', '--history', '--format', 'jsonl', '--threads', '1']);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.stdout?.destroy();
    const { err } = await ended;
    expect(err).not.toMatch(/bug|EPIPE|at /);
  });

  test('a reader that has gone ends it without a word', async () => {
    const repo = repository();
    for (let n = 0; n < 300; n++) repo.write(`a${n}.py`, PLANTED);
    const { child, ended } = start(repo, ['scan', '--format', 'jsonl', '--threads', '2']);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.stdout?.destroy();
    const { err } = await ended;
    expect(err).not.toMatch(/bug|EPIPE|at /);
  });

  /** Output of a command on a pseudo terminal, standard error included. */
  const onTerminal = (repo: TemporaryRepository, env: NodeJS.ProcessEnv, flags = ''): string =>
    spawnSync('script', ['-qefc', `stty cols 100; '${TEST_NODE}' '${CLI}' scan --threads 1 ${flags}`, '/dev/null'], {
      cwd: repo.root,
      env: { ...repo.env, TERM: 'xterm', CI: '', ...env },
      encoding: 'utf8',
      input: '',
    }).stdout;

  test.runIf(existsSync('/usr/bin/script'))(
    'a progress bar on a terminal, gone when it is done; none in CI or on a pipe',
    () => {
      const repo = repository();
      largeTree(repo, 14);
      const shown = onTerminal(repo, {});
      // oxlint-disable-next-line no-control-regex -- it is the point
      const picture = /\rkeepmum: \[[= ]{20}\] \d+ of 16 files, [\d.]+ MB\/s, \d+ s left\u001b\[K/;
      expect(shown).toMatch(picture);
      // oxlint-disable-next-line no-control-regex -- they are the point
      expect(shown).toMatch(/\r\u001b\[K[^\r]*stripe/i);
      expect(shown.slice(shown.lastIndexOf('\u001b[K'))).not.toContain(' of 16 files,');
      expect(onTerminal(repo, { CI: 'true' })).not.toContain('MB/s');
      expect(runCli(repo, ['scan', '--format', 'jsonl']).err).not.toMatch(/MB\/s|\r/);
    },
  );

  test.runIf(existsSync('/usr/bin/script'))('the same for a history', () => {
    const repo = repository();
    largeHistory(repo, 12);
    const shown = onTerminal(repo, {}, '--history');
    // oxlint-disable-next-line no-control-regex -- it is the point
    expect(shown).toMatch(/\rkeepmum: \[[= ]{20}\] \d+ of \d+ \w+, [\d.]+ MB\/s, \d+ s left\u001b\[K/);
    expect(shown.slice(shown.lastIndexOf('\u001b[K'))).not.toContain('MB/s');
    expect(onTerminal(repo, { CI: 'true' }, '--history')).not.toContain('MB/s');
  });
});
