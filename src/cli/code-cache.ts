import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Module } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Milliseconds after which a file of another version is taken for forgotten. */
const FORGOTTEN = 90 * 24 * 3600 * 1000;
const PREFIX = 'code-';

/** A module that is compiled. */
export interface CachedModule {
  /** Runs it, as `require` would, and gives what it exports. */
  run(): unknown;
  /** Keeps the code for the next start where there is more than before; a folder that cannot be written to is let be. */
  keep(): void;
}

/**
 * Compiles a CommonJS file together with the bytecode that an earlier run left in `folder`. Node's own
 * compile cache has the functions that are compiled at once; this has all that ran, and a hook runs
 * most of its functions once. The file holds the function of such a module, `(function (exports, …) {…})`:
 * to put that around it here would double what is in memory, and bring on a garbage collection.
 *
 * V8 rejects code of another version of itself. It does not notice a flipped bit, so that the code is
 * stored twice and believed where both are alike. `folder` must be the user's own: whoever can write
 * there can have us run anything.
 * @param require of a file in the same folder
 * @param file an absolute path without symbolic links
 * @param key changes whenever the file does
 */
export function compileCached(
  require: NodeJS.Require,
  file: string,
  key: string,
  folder: string | undefined,
): CachedModule {
  const cacheFile = folder && join(folder, `${PREFIX}${key}-${process.version}-${process.arch}`);
  const cachedData = cacheFile === undefined ? undefined : readTwice(cacheFile);
  // What is built is ASCII, so that V8 keeps it with one byte for each character.
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, ...(cachedData && { cachedData }) });
  const known = script.cachedDataRejected === true ? undefined : cachedData;
  return {
    run() {
      const loaded = new Module(file);
      loaded.filename = file;
      loaded.loaded = true;
      // What is loaded later requires this file: it is to get this module, not a second one with other classes.
      require.cache[file] = loaded;
      const run = script.runInThisContext() as (...values: [object, NodeJS.Require, object, string, string]) => void;
      run(loaded.exports as object, require, loaded, file, dirname(file));
      return loaded.exports;
    },
    keep() {
      // One run in eight looks whether it had to compile more than the earlier ones.
      if (cacheFile === undefined || (known !== undefined && process.pid % 8 !== 0)) return;
      const code = script.createCachedData();
      if (code.length > (known?.length ?? 0) * 1.02) writeTwice(cacheFile, code);
    },
  };
}

function readTwice(file: string): Buffer | undefined {
  try {
    const both = readFileSync(file);
    const half = both.length >> 1;
    const code = both.subarray(0, half);
    return code.equals(both.subarray(half)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function writeTwice(file: string, code: Buffer): void {
  const folder = dirname(file);
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, Buffer.concat([code, code]), { mode: 0o600 });
    renameSync(unfinished, file);
    for (const name of readdirSync(folder)) {
      const other = join(folder, name);
      if (name.startsWith(PREFIX) && Date.now() - statSync(other).mtimeMs > FORGOTTEN) tryTo(() => rmSync(other));
    }
  } catch {
    tryTo(() => rmSync(unfinished));
  }
}

function tryTo(remove: () => void): void {
  try {
    remove();
  } catch {
    // Another run has removed it, or there is no such folder.
  }
}
