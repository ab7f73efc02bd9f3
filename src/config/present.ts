import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a root has settings at all, asked before anything that could read them is loaded: most
 * repositories have none, and a hook should not pay for a YAML parser.
 */
export function hasConfig(root: string): boolean {
  if (existsSync(join(root, '.keepmum.yaml')) || existsSync(join(root, '.keepmum.yml'))) return true;
  try {
    return readFileSync(join(root, 'package.json'), 'latin1').includes('"keepmum"');
  } catch {
    return false;
  }
}
