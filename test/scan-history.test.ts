import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import patterns from '#patterns/index';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Source } from '../src/core/chunk.ts';
import { builtInEngine } from '../src/engine/built-in.ts';
import type { RuleDetails } from '../src/rules/compiled.ts';
import { scanAll, type ScanOptions } from '../src/scan.ts';
import { historySource } from '../src/sources/history.ts';
import { randomText, stripeKey } from './support/cli.ts';

const DETAILS: RuleDetails = {
  title: '',
  provider: '',
  identity: { class: '', type: '', grants: '', lifetime: '' },
  advice: { text: '' },
  references: [],
};

const options: ScanOptions = {
  engine: builtInEngine(patterns),
  details: () => Promise.resolve(DETAILS),
  severityOf: () => 'high',
  suppressors: () => Promise.resolve([]),
  skipPath: () => false,
  failOn: { confidence: 'possible', severity: 'low' },
  showSecrets: true,
};

/** Lines, of which some are secrets, begin one, name one for the next line, or speak against one. */
const LINES: readonly (() => string)[] = [
  () => `stripe_key = "${stripeKey()}"`,
  () => `password: "${randomText(14)}"`,
  () => 'password:',
  () => `  ${randomText(18)}`,
  () => `token = '${randomText(32)}'`,
  () => `value = "${randomText(40)}"`,
  () => `url = postgres://app:${randomText(16)}@db.internal/app`,
  () => '"""',
  () => '# an example, not a real key',
  () => 'datadog twilio cloudflare algolia',
  () => randomText(32).toLowerCase(),
  () => '-----BEGIN RSA PRIVATE KEY-----',
  () => Buffer.from(randomText(48)).toString('base64'),
  () => '-----END RSA PRIVATE KEY-----',
];
const POOL = LINES.flatMap((make) => [make(), make()]);
const TOKENS = Array.from({ length: 30 }, () => `value = "${randomText(40)}"`);
const FILLER = Array.from({ length: 40 }, (_, index) => `  const item${index} = compute(${index}); // nothing here`);
const PATHS = ['src/config.py', 'src/settings.yaml', '.env', 'test/fixture.ts', 'docs/readme.md'];

const line = fc.oneof(
  { arbitrary: fc.constantFrom(...FILLER), weight: 9 },
  { arbitrary: fc.constantFrom(...POOL), weight: 2 },
  // About as many in a text as make the difference between few and many.
  { arbitrary: fc.constantFrom(...TOKENS), weight: 1 },
);
const edit = fc.record({
  path: fc.nat({ max: PATHS.length - 1 }),
  at: fc.nat({ max: 400 }),
  cut: fc.constantFrom(0, 0, 1, 1, 2, 30),
  lines: fc.array(line, { maxLength: 4 }),
  /** Lines that are copied from another place of the file. */
  moved: fc.option(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 30 })), { nil: undefined, freq: 4 }),
  rename: fc.option(fc.nat({ max: PATHS.length - 1 }), { nil: undefined, freq: 8 }),
});

type Tree = Map<string, string>;

function fastImport(trees: readonly Tree[], cwd: string): void {
  const parts: string[] = [];
  trees.forEach((tree, index) => {
    const message = `commit ${index}\n`;
    parts.push(`commit refs/heads/main\ncommitter C <c@example.invalid> ${1_700_000_000 + index} +0000\n`);
    parts.push(`data ${message.length}\n${message}deleteall\n`);
    for (const [path, text] of tree) {
      parts.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
    }
  });
  git(cwd, ['fast-import', '--quiet'], parts.join(''));
}

function git(cwd: string, args: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync('git', args, { cwd, input });
  if (status !== 0) throw new Error(stderr.toString());
}

/** What a scan of each checkout finds, all together. */
async function oneByOne(trees: readonly Tree[]): Promise<Set<string>> {
  const found = new Set<string>();
  const seen = new Set<string>();
  for (const tree of trees) {
    for (const [path, text] of tree) {
      const key = `${path}\0${text}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const finding of await findingsOf(path, text)) found.add(finding);
    }
  }
  return found;
}

async function findingsOf(path: string, text: string): Promise<string[]> {
  const source: Source = {
    name: 'worktree',
    async *read() {
      const origin = { source: 'worktree', path } as const;
      yield await Promise.resolve({
        kind: 'chunk',
        origin,
        bytes: Buffer.from(text),
        firstLine: 1,
        whole: true,
        newFile: true,
      });
    },
  };
  const { findings } = await scanAll(source, options);
  return findings.map(({ rule, secret }) => `${rule} ${path} ${secret}`);
}

/** What a scan of the history of these trees gives, and what it finds as {@link findingsOf} has it. */
async function scannedHistory(
  trees: readonly Tree[],
  packed = true,
): Promise<Awaited<ReturnType<typeof scanAll>> & { readonly all: readonly string[] }> {
  const cwd = mkdtempSync(join(tmpdir(), 'keepmum-test-'));
  try {
    git(cwd, ['init', '-q', '-b', 'main']);
    fastImport(trees, cwd);
    if (packed) git(cwd, ['repack', '-adfq', '--depth=20']);
    const scanned = await scanAll(historySource({ cwd }), options);
    return { ...scanned, all: scanned.findings.map(({ rule, path, secret }) => `${rule} ${path} ${secret}`) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

test('a value that comes again elsewhere is found in each version, whichever is stored as a change to which', async () => {
  const secret = `${randomText(20)}7aZ${randomText(17)}`;
  const filler = Array.from({ length: 150 }, (_, n) => `line ${n} of what stands between them\n`).join('');
  const text = (times: number): string => `${`value = "${secret}"\n${filler}`.repeat(times)}end\n`;
  const trees: Tree[] = [2, 3, 2, 4].map((times) => new Map([['docs/readme.md', text(times)]]));
  const { findings, all } = await scannedHistory(trees);
  expect(all).toEqual([...(await oneByOne(trees))]);
  expect(all).toEqual([`generic-high-entropy docs/readme.md ${secret}`]);
  expect(findings[0]?.history?.inHead).toBe(true);
});

test.each([
  [10, 18, 10, 17, 12],
  [4, 40, 11],
  [60, 8, 60],
])('a token is found where few others stand beside it: %i, then %i, %i', async (...counts) => {
  const tokens = Array.from({ length: 60 }, () => `value = "${randomText(20)}7aZ${randomText(17)}"\n`);
  const filler = Array.from({ length: 150 }, (_, n) => `line ${n} of what stands between them\n`).join('');
  const near = Math.min(...counts);
  const text = (count: number): string =>
    [tokens.slice(0, near).join(''), tokens.slice(near, count).join(''), 'end\n'].join(filler);
  const trees: Tree[] = counts.map((count) => new Map([['src/table.py', text(count)]]));
  const few = await oneByOne(trees.filter((_, index) => (counts[index] ?? 0) <= 15));
  expect(few.size).toBeGreaterThan(near - 3);
  expect(await oneByOne(trees)).toEqual(few);
  for (const inOrder of [trees, trees.toReversed()]) {
    const { all } = await scannedHistory(inOrder);
    expect(all.toSorted()).toEqual([...few].toSorted());
  }
});

test('a history has the secrets of all its checkouts, each once', { timeout: 240_000 }, async () => {
  const starts = fc.array(line, { minLength: 60, maxLength: 250 });
  await fc.assert(
    fc.asyncProperty(
      starts,
      fc.array(edit, { minLength: 3, maxLength: 12 }),
      fc.boolean(),
      async (start, edits, packed) => {
        const trees: Tree[] = [new Map(PATHS.slice(0, 2).map((path) => [path, `${start.join('\n')}\n`]))];
        for (const { path: which, at, cut, lines, moved, rename } of edits) {
          const tree: Tree = new Map(trees.at(-1));
          const path = PATHS[which] ?? '';
          const old = (tree.get(path) ?? '').split('\n').slice(0, -1);
          const copied = moved === undefined ? [] : old.slice(moved[0], moved[0] + moved[1]);
          old.splice(Math.min(at, old.length), cut, ...lines, ...copied);
          if (rename !== undefined) tree.delete(path);
          tree.set(PATHS[rename ?? which] ?? '', old.map((text) => `${text}\n`).join(''));
          trees.push(tree);
        }
        const { findings, summary, all } = await scannedHistory(trees, packed);
        expect(all.toSorted()).toEqual([...(await oneByOne(trees))].toSorted());
        expect(summary.incomplete).toBe(false);
        const head = [...(trees.at(-1) ?? [])];
        const inHead = new Set((await Promise.all(head.map(([path, text]) => findingsOf(path, text)))).flat());
        for (const { rule, path, line: number, secret = '', history } of findings) {
          expect(history?.inHead).toBe(inHead.has(`${rule} ${path} ${secret}`));
          // A token on one line stands where it is said to stand, in the oldest version that has it.
          if (rule !== 'stripe-live-secret-key') continue;
          const first = trees.find((tree) => tree.get(path)?.includes(secret))?.get(path);
          expect(first?.split('\n')[number - 1]).toContain(secret);
        }
      },
    ),
    { numRuns: 60 },
  );
});
