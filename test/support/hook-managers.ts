import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = new URL('../../node_modules/.cache/', import.meta.url).pathname;

/** Where a program for tests is, or why this machine cannot have it. */
export type TestProgram = { readonly bin: string } | { readonly missing: string };

/** The folder with the `pre-commit` program, made on first use in a Python environment of its own. */
export function preCommitFramework(): TestProgram {
  const folder = join(CACHE, 'pre-commit-venv');
  const bin = join(folder, 'bin');
  if (existsSync(join(bin, 'pre-commit'))) return { bin };
  if (spawnSync('python3', ['--version']).status !== 0) return { missing: 'python3 is not on this machine' };
  mkdirSync(CACHE, { recursive: true });
  if (spawnSync('python3', ['-m', 'venv', folder]).status !== 0) return { missing: 'python3 has no venv module' };
  const pip = ['install', '--quiet', '--disable-pip-version-check', 'pre-commit==4.*'];
  return spawnSync(join(bin, 'pip'), pip).status === 0 ? { bin } : { missing: 'pip could not install pre-commit' };
}

/**
 * The folder with the `lefthook` program, installed on first use. It is no dependency of ours: its
 * install script would write hooks and a `lefthook.yml` into the developer's own checkout.
 */
export function lefthookProgram(): TestProgram {
  const folder = join(CACHE, 'lefthook');
  const bin = join(folder, 'node_modules', '.bin');
  if (existsSync(join(bin, 'lefthook'))) return { bin };
  mkdirSync(folder, { recursive: true });
  const npm = spawnSync('npm', ['install', '--ignore-scripts', '--no-save', '--prefix', folder, 'lefthook@2'], {
    cwd: folder,
  });
  return npm.status === 0 ? { bin } : { missing: 'npm could not install lefthook' };
}
