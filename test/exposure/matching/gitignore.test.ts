import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePath, encodePath } from '../../../src/core/path.ts';
import { compileGitignore } from '../../../src/exposure/matching/gitignore.ts';
import { MAX_PATTERN_BYTES, MAX_RULES, type RuleSource } from '../../../src/exposure/matching/rule.ts';
import { temporaryRepository } from '../../support/repository.ts';

const NAMES = [
  'a',
  'b',
  'A',
  'ab',
  'aB',
  'a.b',
  '.env',
  '.env.local',
  'é',
  'x y',
  'end ',
  '!a',
  '#a',
  '[a]',
  'a-b',
  '*',
];
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  fc
    .array(fc.constantFrom('a', 'b', 'A', '.', '-', '\\', ' ', '!', ']', '\t'), { minLength: 1, maxLength: 4 })
    .map((chars) => chars.join(''))
    .filter((text) => text !== '.' && text !== '..'),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const piece = fc.oneof(
  { weight: 2, arbitrary: name },
  fc.constantFrom('*', '**', '?', '/', '/', '**/', '/**', '/**/', '***', '[ab]', '[a-b]', '[!a]', '[^A-B]', '[A-Z]'),
  fc.constantFrom('[[:alpha:]]', '[[:upper:]b]', '[[:punct:][:space:]]', '[]a]', '[!]]', '[a-]', '[\\a-\\b]', '[[:]'),
  fc.constantFrom(
    '[a',
    '[',
    '[[:foo:]]',
    '[[:alpha:]',
    '[b-a]',
    '\\',
    '\\\\',
    '\\a',
    '\\A',
    '\\*',
    '\\ ',
    ' ',
    '  ',
    '\r',
  ),
);
/** A path, with some of its names or letters made globs, so that many patterns match something. */
const loose = fc
  .tuple(path, fc.array(fc.tuple(fc.nat(), fc.constantFrom('*', '**', '?', '', '[a-b]', '**/'))))
  .map(([text, changes]) => {
    const parts = text.split('/');
    for (const [at, glob] of changes)
      parts[at % parts.length] = glob + (at % 3 === 0 ? '' : (parts[at % parts.length] ?? '').slice(1));
    return parts.join('/');
  });
/** Globs by the name, so that folders of any number stand behind other globs. */
const segments = fc
  .array(fc.constantFrom('*', '**', '**', '?', 'a', 'b', 'a*', '[ab]', '***'), { minLength: 2, maxLength: 5 })
  .map((parts) => parts.join('/'));
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '!', '#', '/', '\\'),
    fc.oneof(
      loose,
      segments,
      fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')),
    ),
    fc.constantFrom('', '', '', '/', ' ', '/ ', '\r', '\\ '),
  )
  .map((parts) => parts.join(''));
const file = fc
  .tuple(fc.constantFrom('', '', '\uFEFF'), fc.array(line, { maxLength: 6 }), fc.constantFrom('', '\n'))
  .map(([mark, lines, end]) => mark + lines.join('\n') + end);
const batch = fc.record({
  global: file,
  exclude: file,
  root: file,
  folders: fc.dictionary(path, file, { maxKeys: 3 }),
  paths: fc.uniqueArray(path, { minLength: 30, maxLength: 50 }),
});

interface Batch {
  readonly global: string;
  readonly exclude: string;
  readonly root: string;
  readonly folders: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

/** What git says of each path, and what we say, as `file:line:pattern`. */
async function compare(
  { global, exclude, root, folders, paths }: Batch,
  ignoreCase: boolean,
): Promise<{ asked: number; matched: number }> {
  await using repository = temporaryRepository();
  repository.git('config', 'core.ignoreCase', String(ignoreCase));
  const excludesFile = join(repository.home, 'excludes');
  writeFileSync(excludesFile, global);
  repository.git('config', 'core.excludesFile', excludesFile);
  repository.write('.git/info/exclude', exclude);
  repository.write('.gitignore', root);
  const sources: RuleSource[] = [
    { file: excludesFile, rank: 0, rules: global },
    { file: '.git/info/exclude', rank: 1, rules: exclude },
    { file: '.gitignore', rank: 2, rules: root },
  ];
  const isFolder = new Map<string, boolean>(Object.keys(folders).map((folder) => [folder, true]));
  for (const one of [...paths, ...Object.keys(folders)]) {
    for (let above = dirname(one); above !== '.'; above = dirname(above)) isFolder.set(above, true);
  }
  for (const one of paths) if (!isFolder.has(one)) isFolder.set(one, false);
  for (const [one, folder] of isFolder) if (folder) mkdirSync(join(repository.root, one), { recursive: true });
  for (const [folder, rules] of Object.entries(folders)) {
    repository.write(`${folder}/.gitignore`, rules);
    sources.push({ file: `${folder}/.gitignore`, folder, rank: 2, rules });
  }
  // Names with capitals may be one folder on other systems; here they are two.
  const asked = [...isFolder.keys()];
  // Ends with 1 where nothing is ignored.
  const git = spawnSync('git', ['check-ignore', '--no-index', '-v', '-n', '--stdin', '-z'], {
    cwd: repository.root,
    env: repository.env,
    input: asked.join('\0') + '\0',
  });
  expect(git.stderr.toString()).toBe('');
  const fields = git.stdout.toString().split('\0');
  const expected = asked.map((one, at) => {
    const [source = '', number = '', pattern = '', named = ''] = fields.slice(at * 4, at * 4 + 4);
    expect(named).toBe(one);
    return source === '' ? `${one}: none` : `${one}: ${source}:${number}:${pattern}`;
  });
  const matcher = compileGitignore(sources, { ignoreCase });
  const found = asked.map((one) => {
    const decision = matcher.decide({ path: Buffer.from(one), isFolder: isFolder.get(one) ?? false });
    if (decision === undefined) return `${one}: none`;
    expect(decision.effect).toBe(decision.pattern.startsWith('!') ? 'allow' : 'deny');
    return `${one}: ${decision.file}:${decision.line}:${decision.pattern}`;
  });
  expect({ found, sources }).toEqual({ found: expected, sources });
  return { asked: asked.length, matched: expected.filter((one) => !one.endsWith(': none')).length };
}

describe('agrees with git check-ignore', () => {
  test.each([false, true])('ignoreCase %s', async (ignoreCase) => {
    let asked = 0;
    let matched = 0;
    for (const one of fc.sample(batch, {
      seed: Number(process.env['SEED'] ?? 20_261_128),
      numRuns: Number(process.env['RUNS'] ?? 60),
    })) {
      const counts = await compare(one, ignoreCase);
      asked += counts.asked;
      matched += counts.matched;
    }
    expect(asked).toBeGreaterThan(2000);
    expect(matched).toBeGreaterThan(1000);
  });
});

function ignored(rules: string | Uint8Array, asked: string | Uint8Array, isFolder = false): string | undefined {
  const decision = compileGitignore([{ file: '.gitignore', rules }]).decide({ path: asked, isFolder });
  return decision && `${decision.line}:${decision.pattern}`;
}

test('bytes that are no UTF-8 match by themselves', () => {
  const latin = Buffer.from('caf\xE9', 'latin1');
  expect(ignored(latin, latin)).toBe('1:caf\\xE9');
  expect(ignored(latin, 'caf\\xE9')).toBe('1:caf\\xE9');
  expect(ignored(Buffer.from('caf?', 'latin1'), latin)).toBe('1:caf?');
  // A character of two bytes is two to git.
  expect(ignored('caf?', 'café')).toBeUndefined();
  expect(ignored('caf??', 'café')).toBe('1:caf??');
});

test('a NUL ends a pattern, CRLF ends a line, a byte order mark is none of it', () => {
  expect(ignored('a\0b\r\n.env\r\n', 'a')).toBe('1:a');
  expect(ignored('a\r\n.env\r\n', '.env')).toBe('2:.env');
  expect(ignored('\uFEFFa', 'a')).toBe('1:a');
});

test('what cannot be opened again, and what can', () => {
  expect(ignored('secrets/\n!secrets/keep', 'secrets/keep')).toBe('1:secrets/');
  expect(ignored('secrets/*\n!secrets/keep', 'secrets/keep')).toBe('2:!secrets/keep');
  expect(ignored('secrets/', 'secrets')).toBeUndefined();
  expect(ignored('secrets/', 'secrets', true)).toBe('1:secrets/');
});

test('a decision names the file and the folder that matched', () => {
  const matcher = compileGitignore([
    { file: '.gitignore', rules: '*.pem\nbuild' },
    { file: 'certs/.gitignore', folder: 'certs', rules: '\n!*.pem' },
  ]);
  expect(matcher.decide({ path: 'certs/a.pem' })).toEqual({
    effect: 'allow',
    file: 'certs/.gitignore',
    line: 2,
    pattern: '!*.pem',
    matched: 'certs/a.pem',
  });
  expect(matcher.decide({ path: 'certsx/a.pem' })?.effect).toBe('deny');
  expect(matcher.decide({ path: 'certs/build/x/y' })).toMatchObject({ line: 2, matched: 'certs/build' });
});

test('limits are told of', () => {
  const long = 'a'.repeat(MAX_PATTERN_BYTES + 1);
  const many = 'x\n'.repeat(MAX_RULES + 1);
  const { omitted, decide } = compileGitignore([
    { file: 'long', rules: `b\n${long}\nc` },
    { file: 'many', rules: many },
  ]);
  expect(omitted).toEqual([
    { file: 'long', line: 2, reason: `longer than ${MAX_PATTERN_BYTES} bytes` },
    { file: 'many', line: MAX_RULES + 1, reason: `only the first ${MAX_RULES} rules of a file are read` },
  ]);
  expect(decide({ path: 'c' })?.line).toBe(3);
});

test('patterns made to take for ever do not', () => {
  const letters = 'a'.repeat(4000);
  const stars = `${'*a'.repeat(2000)}b`;
  const folders = `${'**/a*/'.repeat(600)}b`;
  const deep = 'a/'.repeat(2000) + 'a';
  for (const rules of [stars, `x/${stars}`, folders, '[a-z]*'.repeat(680) + 'B']) {
    for (const one of [letters, `x/${letters}`, deep]) expect(ignored(rules, one)).toBeUndefined();
  }
});

test('never throws; the last pattern wins; a negation put behind opens every file that no folder closes', () => {
  const anyLine = fc.oneof(line, fc.string({ maxLength: 12, unit: 'binary' }));
  const anyPath = fc.oneof(path, fc.string({ maxLength: 12, unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 8 }), anyPath, fc.boolean(), (lines, one, ignoreCase) => {
      const rules = lines.join('\n');
      compileGitignore([{ file: 'f', rules }], { ignoreCase }).decide({ path: one });
      const literal = '/' + one.replace(/[*?[\]\\ #!]/g, '\\$&');
      if (/[\0\n\r]|^\/|\/\/|\/$|^$/.test(one) || one.includes('\\x')) return;
      const behind = (last: string): string | undefined =>
        compileGitignore([{ file: 'f', rules: `${rules}\n${last}` }]).decide({ path: one })?.effect;
      expect(behind(literal)).toBe('deny');
      const closed = compileGitignore([{ file: 'f', rules }]).decide({ path: one });
      if (closed?.effect !== 'deny' || closed.matched === readableOf(one)) expect(behind(`!${literal}`)).toBe('allow');
    }),
    { numRuns: 3000 },
  );
});

/** A path as decisions name it. */
function readableOf(one: string): string {
  return decodePath(encodePath(one));
}

test('a path as text and as bytes is one path', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const text = decodePath(bytes);
      // Letters that look like a byte are the exception.
      if (!bytes.includes(0x5c)) expect(encodePath(text)).toEqual(Buffer.from(bytes));
    }),
  );
});
