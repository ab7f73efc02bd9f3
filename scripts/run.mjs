// Runs a TypeScript script of this repository on any Node: `node scripts/run.mjs FILE.ts ARGUMENTS…`.
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const [, , file = '', ...rest] = process.argv;
// In this package, as deep as the tests, so that its imports and the files beside them are found.
const out = join(root, '.cache', 'run', `${process.pid}.mjs`);
const build = await rolldown({
  input: resolve(file),
  platform: 'node',
  external: ['re2', 'playwright-core', /^#patterns\//, '#page'],
  checks: { circularDependency: false, ineffectiveDynamicImport: false },
});
await build.write({ file: out, format: 'esm', codeSplitting: false });
await build.close();
process.once('exit', () => rmSync(out, { force: true }));
process.argv = [process.argv[0], resolve(file), ...rest];
await import(pathToFileURL(out).href);
