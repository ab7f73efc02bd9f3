import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../src/hooks/manager.ts';
import type { TemporaryRepository } from './repository.ts';

/** Stands in for keepmum where only the way to it is under test: writes down how it was started. */
export interface StubProgram extends Program {
  /** What it ends with from now on. */
  endWith(code: number): void;
  /** Arguments and stdin of every start so far. */
  calls(): readonly { readonly args: readonly string[]; readonly stdin: string; readonly cwd: string }[];
}

const SOURCE = String.raw`
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const folder = new URL('.', import.meta.url);
const args = process.argv.slice(2);
const stdin = args.some((arg) => arg.startsWith('--push')) ? readFileSync(0, 'utf8') : '';
appendFileSync(new URL('calls', folder), JSON.stringify({ args, stdin, cwd: process.cwd() }) + '\n');
process.exitCode = existsSync(new URL('code', folder)) ? Number(readFileSync(new URL('code', folder), 'utf8')) : 0;
`;

export function stubProgram(
  repo: TemporaryRepository,
  folder: string = join(repo.home, 'it’s keepmum', 'dist'),
): StubProgram {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'keepmum.js'), SOURCE);
  return {
    node: process.execPath,
    entry: join(folder, 'keepmum.js'),
    templates: new URL('../../hooks', import.meta.url).pathname,
    endWith(code) {
      writeFileSync(join(folder, 'code'), String(code));
    },
    calls() {
      let text = '';
      try {
        text = readFileSync(join(folder, 'calls'), 'utf8');
      } catch {
        return [];
      }
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { args: string[]; stdin: string; cwd: string });
    },
  };
}
