import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = new URL('../src/', import.meta.url).pathname;

/** Who may import whom, by folder of `src`; a folder may always import itself and `core`. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  git: [],
  rules: [],
  wasm: [],
  reporters: ['exposure'],
  sources: ['git'],
  hooks: ['git'],
  exposure: ['git'],
  engine: ['rules', 'detectors'],
  detectors: ['rules', 'engine'],
  suppress: ['rules', 'engine', 'config'],
  config: ['rules'],
};
/** Files in `src` itself and `cli` may import everything. */
const FREE = new Set(['cli', '']);

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

describe('imports go one way', () => {
  test('every folder of src has its arrows', () => {
    const folders = new Set(files.map(folderOf));
    expect([...folders].filter((folder) => !FREE.has(folder) && !(folder in ARROWS))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  test.each(files)('%s', (file) => {
    const folder = folderOf(file);
    if (FREE.has(folder)) {
      expect(Object.keys(ARROWS)).not.toContain(folder);
      return;
    }
    const text = readFileSync(join(SRC, file), 'utf8');
    const wrong = [...text.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)]
      .map((match) => new URL(match[1] ?? '', `file:///${file}`).pathname.slice(1))
      .map(folderOf)
      .filter((target) => target !== folder && target !== 'core' && !ARROWS[folder]?.includes(target));
    expect(wrong).toEqual([]);
  });

  test('only src/git starts processes', () => {
    const starters = files.filter((file) =>
      /node:child_process|from 'simple-git'|import\('simple-git'\)/.test(readFileSync(join(SRC, file), 'utf8')),
    );
    expect(starters.filter((file) => folderOf(file) !== 'git')).toEqual([]);
  });

  test('only src/cli writes to the process', () => {
    const writers = files.filter((file) =>
      /\bprocess\.(stdout|stderr|exit\b|exitCode)/.test(readFileSync(join(SRC, file), 'utf8')),
    );
    expect(writers.filter((file) => folderOf(file) !== 'cli')).toEqual([]);
  });
});
