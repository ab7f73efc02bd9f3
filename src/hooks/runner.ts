import { rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEditable, readText, writeAtomically } from './file.ts';
import type { Change, Program, Site } from './manager.ts';
import { render } from './template.ts';

/** The committed script that hook managers start: it holds no path of any machine. */
const RUNNER = '.keepmum/hook.sh';
const USERS = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml', '.pre-commit-config.yaml'];

function runnerPath(site: Site): string {
  return join(site.root, RUNNER);
}

export function installRunner(site: Site, program: Program): Change {
  const path = runnerPath(site);
  const old = readEditable(site.root, path);
  const text = render(program.templates, 'shared.sh');
  if (old?.text === text && old.mode === 0o755) return { path, action: 'unchanged' };
  writeAtomically(path, text, 0o755);
  return { path, action: old === undefined ? 'created' : 'updated' };
}

/** Removes the script unless something still starts it. `husky` is the folder of husky's hooks. */
export function removeRunner(site: Site, huskyHooks: readonly string[]): Change | undefined {
  const path = runnerPath(site);
  const users = [...USERS.map((name) => join(site.root, name)), ...huskyHooks];
  if (users.some((user) => readText(user)?.includes(RUNNER))) return undefined;
  if (readEditable(site.root, path) === undefined) return undefined;
  rmSync(path);
  try {
    rmdirSync(dirname(path));
  } catch {
    // Something else lives there.
  }
  return { path, action: 'removed' };
}

export function runnerState(site: Site, program: Program): 'ours' | 'stale' | 'none' {
  const text = readText(runnerPath(site));
  if (text === undefined) return 'none';
  return text === render(program.templates, 'shared.sh') ? 'ours' : 'stale';
}
