import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGitignore } from '../../../src/exposure/matching/gitignore.ts';
import { MAX_PATTERN_BYTES, MAX_RULES, type RuleSource } from '../../../src/exposure/matching/rule.ts';
import { temporaryRepository } from '../../support/repository.ts';

const NAMES = ['a', 'b', 'A', 'ab', 'aB', 'a.b', '.env', '.env.local', 'é', 'x y', 'end ', '!a', '#a', '[a]', 'a-b', '*'];
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
  fc.constantFrom('[a', '[', '[[:foo:]]', '[[:alpha:]', '[b-a]', '\\', '\\\\', '\\a', '\\A', '\\*', '\\ ', ' ', '  ', '\r'),
);
/** A path, with some of its names or letters made globs, so that many patterns match something. */
const loose = fc
  .tuple(path, fc.array(fc.tuple(fc.nat(), fc.constantFrom('*', '**', '?', '', '[a-b]', '**/'))))
  .map(([text, changes]) => {
    const parts = text.split('/');
    for (const [at, glob] of changes) parts[at % parts.length] = glob + (at % 3 === 0 ? '' : (parts[at % parts.length] ?? '').slice(1));
    return parts.join('/');
  });
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '!', '#', '/', '\\'),
    fc.oneof(loose, fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(''))),
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
async function compare({ global, exclude, root, folders, paths }: Batch, ignoreCase: boolean): Promise<{ asked: number; matched: number }> {
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
    for (const one of fc.sample(batch, { seed: Number(process.env['SEED'] ?? 20_261_128), numRuns: Number(process.env['RUNS'] ?? 40) })) {
      const counts = await compare(one, ignoreCase);
      asked += counts.asked;
      matched += counts.matched;
    }
    expect(asked).toBeGreaterThan(2000);
    expect(matched).toBeGreaterThan(1000);
  });
});
