import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const CACHE = new URL('../../node_modules/.cache/pre-commit-venv', import.meta.url).pathname;

/**
 * The folder with the `pre-commit` program, made on first use in a Python environment of its own.
 * A string that says why is given where this machine cannot have it.
 */
export function preCommitFramework(): { readonly bin: string } | { readonly missing: string } {
  const bin = join(CACHE, 'bin');
  if (existsSync(join(bin, 'pre-commit'))) return { bin };
  if (spawnSync('python3', ['--version']).status !== 0) return { missing: 'python3 is not on this machine' };
  mkdirSync(dirname(CACHE), { recursive: true });
  const venv = spawnSync('python3', ['-m', 'venv', CACHE], { encoding: 'utf8' });
  if (venv.status !== 0) return { missing: 'python3 has no venv module' };
  const pip = spawnSync(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', 'pre-commit==4.*'], {
    encoding: 'utf8',
  });
  return pip.status === 0 ? { bin } : { missing: 'pip could not install pre-commit' };
}
