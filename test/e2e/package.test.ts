/**
 * What a newcomer and a user type, on a machine that has git and Node and nothing else: no compiler,
 * no Python, so that the native re2 cannot be built; and the packed package without install scripts.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stripeKey } from '../support/cli.ts';
import { packageManagers } from '../support/package-managers.ts';
import { temporaryRepository } from '../support/repository.ts';

const PACKAGE = new URL('../..', import.meta.url).pathname;
const CORE = 'basename cat chmod cp dirname env ls mkdir mv readlink rm sed sh uname'.split(' ');
const PROGRAMS = ['node', 'npm', 'npx', 'git', ...CORE];
const MINUTES = 60_000;

let base: string;
let env: NodeJS.ProcessEnv;

function run(cwd: string, command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...env, ...more },
    encoding: 'utf8',
    input: '',
    maxBuffer: 1 << 26,
  });
  if (result.error) throw result.error;
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** The committed state in a folder of its own. */
function clone(name: string): string {
  const folder = join(base, name);
  expect(run(base, 'git', ['clone', '-q', PACKAGE, folder])).toMatchObject({ code: 0 });
  return folder;
}

function whereIs(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
  return found === undefined ? undefined : realpathSync(found);
}

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'keepmum-package-')));
  const bin = join(base, 'bin');
  mkdirSync(bin);
  for (const program of PROGRAMS) {
    const target = program === 'node' ? process.execPath : whereIs(program);
    if (target !== undefined) symlinkSync(target, join(bin, program));
  }
  env = {};
  for (const [name, value] of Object.entries(process.env)) {
    // Those of the npm that runs the tests name this checkout.
    if (!/^(?:GIT_|npm_(?!config_cache|config_registry)|INIT_CWD|NODE_ENV|VITEST)/i.test(name)) env[name] = value;
  }
  env['PATH'] = bin;
});

afterAll(() => {
  rmSync(base, { recursive: true, force: true, maxRetries: 3 });
});

describe('a clone', { timeout: 5 * MINUTES }, () => {
  test('npm ci && npx keepmum scan, with nothing but git and Node', () => {
    const folder = clone('clone');
    expect(whereIs('node')).toBeDefined();
    expect(run(folder, 'npm', ['ci', '--no-audit', '--no-fund'])).toMatchObject({ code: 0 });
    const { code, out } = run(folder, 'npx', ['keepmum', 'scan']);
    expect(out).toMatch(/\d+ files \([\d,]+ lines/);
    expect(code).toBe(0);
  });

  test('npm ci --ignore-scripts && npm run build: the JavaScript port of RE2 takes over', () => {
    const folder = clone('no-scripts');
    expect(run(folder, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'dist'))).toBe(false);
    expect(run(folder, 'npm', ['run', 'build'])).toMatchObject({ code: 0 });
    // All of it is read by the port in the test above: nothing there can build the native one.
    expect(run(folder, 'npx', ['keepmum', 'scan', 'docs']).code).toBe(0);
    expect(run(folder, 'npx', ['keepmum', 'scan', 'docs'], { KEEPMUM_REGEX: 're2' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('the native re2 cannot be loaded'),
    });
  });
});

describe('the packed package', { timeout: 3 * MINUTES }, () => {
  let tarball: string;
  let files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
  let size: number;

  beforeAll(() => {
    // Packed as it stands in dist/, which the tests run on; `prepare` would build it again.
    const { out } = run(PACKAGE, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base]);
    const parsed = JSON.parse(out) as unknown;
    const [packed] = Object.values(parsed as Record<string, { filename: string; files: typeof files; size: number }>);
    if (packed === undefined) throw new Error('npm pack tells nothing');
    tarball = join(base, packed.filename);
    ({ files, size } = packed);
  }, MINUTES);

  test('holds what runs, the data and the licences, and nothing else', () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/THIRD-PARTY.txt',
        'dist/index.js',
        'dist/keepmum.js',
        'dist/types/index.d.ts',
        'docs/config.schema.json',
        'hooks/scan.sh',
        'package.json',
        'patterns/rule.schema.json',
      ]),
    );
    const wanted = /^(?:(?:LICENSE|README\.md|package\.json)$|docs\/config\.schema\.json$|(?:dist|patterns|hooks)\/)/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.map$|\.test\.|(?<!\.d)\.ts$|node_modules/.test(path))).toEqual([]);
  });

  test('is small: 1.5 MB packed, 6.5 MB unpacked, with 850 rules, 45 assistants and the page of the map', () => {
    expect(size).toBeLessThan(1.5e6);
    expect(files.reduce((sum, file) => sum + file.size, 0)).toBeLessThan(6.5e6);
  });

  test.each([
    ['publint', ['publint/src/cli.js', '--strict']],
    ['attw', ['@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', '--format', 'ascii']],
  ])('passes %s', (_, [script = '', ...args]) => {
    const { code, out, err } = run(base, process.execPath, [join(PACKAGE, 'node_modules', script), tarball, ...args]);
    expect({ code, told: code === 0 ? '' : out + err }).toEqual({ code: 0, told: '' });
  });

  test('no file names a folder of the machine that built it', () => {
    const folder = PACKAGE.replace(/\/$/, '');
    const naming = files.filter(({ path }) => readFileSync(join(PACKAGE, path), 'utf8').includes(folder));
    expect(naming).toEqual([]);
  });

  describe.each(packageManagers())('installed by $name, without install scripts', (manager) => {
    test.skipIf(manager.missing !== undefined)('keepmum scan --staged finds a planted key', async () => {
      await using repo = temporaryRepository();
      const key = stripeKey();
      writeFileSync(join(repo.root, 'package.json'), '{"name":"shop","version":"1.0.0","private":true}\n');
      repo.write('.gitignore', 'node_modules/\n');
      const [program = '', ...first] = manager.command;
      // The caches of the machine are used, its settings of git are not.
      const added = run(repo.root, program, [...first, ...manager.add, `file:${tarball}`], { CI: 'true' });
      expect({ code: added.code, err: added.code === 0 ? '' : added.err + added.out }).toEqual({ code: 0, err: '' });
      repo.git('add', 'package.json', '.gitignore');
      repo.git('commit', '-q', '-m', 'Start');
      const keepmum = join(repo.root, 'node_modules', '.bin', 'keepmum');
      const scan = () => run(repo.root, keepmum, ['scan', '--staged'], { HOME: repo.home });
      expect(scan()).toMatchObject({ code: 0, err: '' });
      repo.write('pay.ts', `const stripe = new Stripe('${key}');\n`);
      repo.git('add', 'pay.ts');
      const found = scan();
      expect(found).toMatchObject({ code: 1, out: expect.stringContaining('pay.ts:1:') });
      expect(found.out + found.err).not.toContain(key.slice(12, 40));
    });
  });
});
