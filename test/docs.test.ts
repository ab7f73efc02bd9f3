import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const PACKAGE = new URL('..', import.meta.url).pathname;
const PAGES = [
  'README.md',
  'patterns/README.md',
  ...readdirSync(join(PACKAGE, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test('what is generated in README.md and docs/ is what keepmum prints now', () => {
  const args = [join(PACKAGE, 'scripts', 'docs.mjs'), '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: PACKAGE, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.each(PAGES)('%s: every link leads to a file', (page) => {
  const text = readFileSync(join(PACKAGE, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
  expect(links.filter((link) => !existsSync(join(PACKAGE, dirname(page), link)))).toEqual([]);
});

test('README.md leads to every page of docs/', () => {
  const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
  expect(PAGES.filter((page) => page.startsWith('docs/') && !readme.includes(`](${page})`))).toEqual([]);
});

test('docs/dependencies.md tells of every dependency, and of no other', () => {
  const { optionalDependencies, devDependencies } = JSON.parse(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  ) as Readonly<Record<'optionalDependencies' | 'devDependencies', Readonly<Record<string, string>>>>;
  const rows = readFileSync(join(PACKAGE, 'docs', 'dependencies.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1] ?? '');
  const told = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
  expect(new Set(told)).toEqual(new Set(Object.keys({ ...optionalDependencies, ...devDependencies })));
});
