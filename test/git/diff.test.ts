import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffArguments, DiffOutOfStep, DiffParser, type DiffRecord } from '../../src/git/diff.ts';
import { temporaryRepository } from '../support/repository.ts';

/** Hostile lines: they look like the parts of a patch. */
const line = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    'c',
    '++ b/x',
    '-- a/x',
    '@@ -1 +1 @@',
    'diff --git a/x b/x',
    '\\ No newline at end of file',
    '* Unmerged path x',
    'Binary files a and b differ',
    'x\r',
    'y\rz',
    ' lead',
  ),
  fc.string({ maxLength: 6 }).map((text) => text.replaceAll('\n', '')),
);
const file = fc.record({ lines: fc.array(line, { maxLength: 25 }), finalEnd: fc.boolean() });
type File = typeof file extends fc.Arbitrary<infer T> ? T : never;

function content({ lines: texts, finalEnd }: File): Buffer {
  return Buffer.from(texts.join('\n') + (finalEnd && texts.length > 0 ? '\n' : ''));
}

function parse(output: Buffer, cuts: readonly number[] = []): DiffRecord[] {
  const parser = new DiffParser();
  const records: DiffRecord[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const to = Math.min(cut, output.length);
    records.push(...parser.push(output.subarray(from, to)));
    from = Math.max(from, to);
  }
  records.push(...parser.push(output.subarray(from)), ...parser.finish());
  return records;
}

/** Lines with their ends, as bytes in Latin-1. */
function lines(bytes: Buffer): string[] {
  return bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

describe('DiffParser on real git', () => {
  it('new side, line numbers and added lines are those of the files, however the bytes are split', () => {
    using_(temporaryRepository(), (repo) => {
      fc.assert(
        fc.property(
          fc.dictionary(fc.constantFrom('a', 'b x', 'c"q', 'd/é', 'e\nf'), fc.tuple(fc.option(file), fc.option(file)), {
            minKeys: 1,
          }),
          fc.array(fc.nat(4000), { maxLength: 8 }),
          fc.constantFrom(0, 5),
          (files, cuts, context) => {
            const before = Object.entries(files).flatMap(([path, [old]]) =>
              old ? [[path, content(old)] as const] : [],
            );
            const after = new Map(
              Object.entries(files).flatMap(([path, [, next]]) => (next ? [[path, content(next)] as const] : [])),
            );
            const tree = writeTree(repo, before);
            const next = writeTree(repo, [...after]);
            const output = repo.gitWith(
              ['diff', ...diffArguments({ patch: true, context }), '--no-renames', tree, next, '--'],
              {},
            );
            const records = parse(output);
            expect(parse(output, cuts)).toEqual(records);

            const added = new Map<string, Set<number>>();
            for (const record of records) {
              if (record.kind !== 'hunk') continue;
              const path = record.entry.path.toString();
              const all = lines(after.get(path) ?? Buffer.alloc(0));
              const shown = lines(record.bytes);
              expect(shown).toEqual(all.slice(record.firstLine - 1, record.firstLine - 1 + shown.length));
              const set = added.get(path) ?? new Set();
              added.set(path, set);
              for (const range of record.added) {
                for (let number = range.first; number <= range.last; number++) set.add(number);
              }
            }
            // Independent of git's choice of lines: what is not added is a subsequence of the old file,
            // and the number of added lines is the least there can be, or at least explains the change.
            const old = new Map(before);
            for (const [path, bytes] of after) {
              const news = added.get(path) ?? new Set<number>();
              const kept = lines(bytes).filter((_, index) => !news.has(index + 1));
              expect(isSubsequence(kept, lines(old.get(path) ?? Buffer.alloc(0)))).toBe(true);
              const oldSet = new Set(lines(old.get(path) ?? Buffer.alloc(0)));
              for (const [index, text] of lines(bytes).entries()) {
                if (!oldSet.has(text)) expect(news.has(index + 1)).toBe(true);
              }
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  });

  it('refuses a patch that does not follow its list', () => {
    using_(temporaryRepository(), (repo) => {
      const tree = writeTree(repo, []);
      const next = writeTree(repo, [
        ['a', Buffer.from('a\n')],
        ['b', Buffer.from('b\n')],
      ]);
      const output = repo.gitWith(['diff', ...diffArguments({ patch: true }), tree, next, '--'], {});
      expect(parse(output).filter((record) => record.kind === 'hunk')).toHaveLength(2);
      const text = output.toString('latin1');
      const patchAt = text.indexOf('diff --git');
      for (const broken of [
        text.slice(0, text.lastIndexOf('diff --git')),
        text.slice(0, patchAt),
        text.slice(0, patchAt) + text.slice(text.lastIndexOf('diff --git')),
        text.replace(/^index .*$/m, 'index 123..456'),
        `${text}diff --git a/c b/c\n`,
        text.replace('+1 @@', '+1,2 @@'),
        text.replace('+1 @@', '+1,0 @@'),
        text.slice(0, -3),
        text.slice(1),
      ]) {
        expect(() => parse(Buffer.from(broken, 'latin1'))).toThrow(DiffOutOfStep);
      }
    });
  });

  it('says so where an entry changed and its patch shows nothing', () => {
    using_(temporaryRepository(), (repo) => {
      const tree = writeTree(repo, [['b', Buffer.from('b\n')]]);
      const next = writeTree(repo, [
        ['a', Buffer.from('a\n')],
        ['b', Buffer.from('c\n')],
        ['empty', Buffer.from('')],
      ]);
      const output = repo.gitWith(['diff', ...diffArguments({ patch: true }), tree, next, '--'], {}).toString('latin1');
      const hidden = output.replaceAll(/^(?:---|\+\+\+|@@|[-+ ]).*\n/gm, '');
      const records = parse(Buffer.from(hidden, 'latin1')).filter((record) => record.kind !== 'entries');
      expect(records.map((record) => record.kind === 'no-text' && record.entry.path.toString())).toEqual(['a', 'b']);
    });
  });
});

describe('very large hunks', () => {
  const id = (digit: string): string => digit.repeat(40);
  function patchOf(body: string, count: number): Buffer {
    return Buffer.from(
      `:000000 100644 ${id('0')} ${id('1')} A\0f\0\0diff --git a/f b/f\nnew file mode 100644\nindex ${id('0')}..${id('1')}\n--- /dev/null\n+++ b/f\n@@ -0,0 +1,${count} @@\n${body}`,
    );
  }

  it('come in parts that repeat whole old lines, and every line is new once', () => {
    const count = 130_000;
    const text = Array.from({ length: count }, (_, index) => `+line ${index + 1} ${'.'.repeat(70)}\n`).join('');
    const seen: number[] = [];
    let parts = 0;
    for (const record of parse(patchOf(text, count))) {
      if (record.kind !== 'hunk') continue;
      parts++;
      expect(record.whole).toBe(false);
      for (const [index, shown] of lines(record.bytes).entries()) {
        const number = record.firstLine + index;
        if (!shown.startsWith(`line ${number} `)) throw new Error(`line ${number} is ${shown.slice(0, 20)}`);
        if (record.added.some(({ first, last }) => first <= number && number <= last)) seen.push(number);
      }
    }
    expect(parts).toBeGreaterThan(1);
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('a very long line comes in overlapping parts with true columns', () => {
    const size = 9 << 20;
    const long = Array.from({ length: size / 8 }, (_, index) => String(index).padStart(8, '0')).join('');
    for (const cuts of [[], [1 << 20, 5 << 20, (5 << 20) + 3]]) {
      let covered = 0;
      let parts = 0;
      for (const record of parse(patchOf(`+é${long}\n`, 1), cuts)) {
        if (record.kind !== 'hunk') continue;
        parts++;
        const text = record.bytes.toString();
        expect(record.firstColumn).toBeLessThanOrEqual(covered);
        if (`é${long}\n`.slice(record.firstColumn, record.firstColumn + text.length) !== text) {
          throw new Error('wrong column');
        }
        covered = record.firstColumn + text.length;
      }
      expect(parts).toBeGreaterThan(1);
      expect(covered).toBe(size + 2);
    }
  });
});

function using_<T extends { remove(): void }>(resource: T, use: (resource: T) => void): void {
  try {
    use(resource);
  } finally {
    resource.remove();
  }
}

function writeTree(
  repo: ReturnType<typeof temporaryRepository>,
  files: readonly (readonly [string, Buffer])[],
): string {
  const index = `${repo.root}/.git/fuzz-index`;
  const env = { GIT_INDEX_FILE: index };
  repo.gitWith(['read-tree', '--empty'], { env });
  const parts: Buffer[] = [];
  for (const [path, bytes] of files) {
    const blob = repo.gitWith(['hash-object', '-w', '--stdin'], { input: bytes }).toString().trim();
    parts.push(Buffer.from(`100644 ${blob}\t${path}\0`));
  }
  if (parts.length > 0) repo.gitWith(['update-index', '-z', '--index-info'], { env, input: Buffer.concat(parts) });
  return repo.gitWith(['write-tree'], { env }).toString().trim();
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const text of whole) if (at < part.length && part[at] === text) at++;
  return at === part.length;
}
