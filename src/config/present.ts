import { lstatSync, readFileSync } from 'node:fs';
import { below } from '../core/path.ts';

/** A package.json larger than this is looked at by `load.ts`, which has its own limit. */
const MAX_BYTES = 1_000_000;

/**
 * Whether a root has settings at all, asked before anything that could read them is loaded: most
 * repositories have none, and a hook should not pay for a YAML parser.
 */
export function hasConfig(root: string): boolean {
  if (exists(below(root, '.keepmum.yaml')) || exists(below(root, '.keepmum.yml'))) return true;
  try {
    const path = below(root, 'package.json');
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    // A link could lead to a device.
    if (!stat.isFile() || stat.size > MAX_BYTES) return true;
    const text = readFileSync(path, 'latin1');
    // Most that name keepmum have it among their dependencies.
    return text.includes('"keepmum"') && namesIt(text);
  } catch {
    return false;
  }
}

/** Whether gitleaks has rules of its own here, which are looked for as well. */
export function hasGitleaksRules(root: string): boolean {
  try {
    const path = below(root, '.gitleaks.toml');
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    return !stat.isFile() || stat.size > MAX_BYTES || readFileSync(path, 'latin1').includes('[[rules]]');
  } catch {
    return false;
  }
}

function namesIt(text: string): boolean {
  try {
    return Object.hasOwn(JSON.parse(text) as object, 'keepmum');
  } catch {
    return true;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
