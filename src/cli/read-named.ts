import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';

/**
 * The bytes of a file that was named on the command line.
 * @param by what named it, as an error says it: `--repos: `
 * @throws {UsageError} where it cannot be read
 */
export function readNamed(file: string, cwd: string, by: string, fix: string): Buffer {
  try {
    return readFileSync(resolve(cwd, file));
  } catch (cause) {
    throw new UsageError(`${by}${JSON.stringify(file)} cannot be read`, { fix, cause });
  }
}
