import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataFile } from '../config/data-file.ts';
import { ExceptionError } from '../core/errors.ts';
import { formatBaseline, MAP_BASELINE_FILE, parseBaseline, type Known } from '../exposure/changes.ts';
import type { ExposureMap } from '../exposure/exposure-map.ts';

const MAX_BYTES = 64_000_000;

/** What is accepted; nothing where there is no such file. @throws {ExceptionError} */
export async function readMapBaseline(root: string): Promise<Known | undefined> {
  const text = await readDataFile(
    { root, name: MAP_BASELINE_FILE, where: MAP_BASELINE_FILE, maxBytes: MAX_BYTES },
    (message, fix) => new ExceptionError(message, { fix }),
  );
  return text === undefined ? undefined : parseBaseline(text);
}

/** Whole or not at all. @throws {ExceptionError} */
export function writeMapBaseline(root: string, map: ExposureMap): void {
  const path = join(root, MAP_BASELINE_FILE);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, formatBaseline(map), { flag: 'wx' });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new ExceptionError(`${MAP_BASELINE_FILE}: cannot be written`, {
      fix: 'check that its folder is yours',
      cause,
    });
  }
}
