// Builds dist/: rules compiled to their compact form, validators generated from the schemas, one
// bundled file per entry, and the public types.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { assistantSchemas, buildValidators } from './validators.mjs';
import { thirdPartyNotices } from './third-party.mjs';
import { buildWasm } from './wasm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const staging = join(root, 'node_modules', '.cache', 'keepmum-build');
const version = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version;

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, 'patterns'), { recursive: true });
await mkdir(join(dist, 'page'), { recursive: true });

// Few bytes, and every bundle takes them in.
const wasm = await buildWasm(root, staging, 'byte-loops');
await writeFile(
  join(dist, 'byte-loops.js'),
  `export const wasm = Buffer.from('${wasm.toString('base64')}', 'base64');\n`,
);

// The compiler of the rules is our own TypeScript: bundled first, run, and left out of dist.
await bundle(
  {
    'build-patterns': 'scripts/build-patterns.ts',
    'build-shell': 'scripts/build-shell.ts',
    'assistant-page': 'scripts/assistant-page.ts',
  },
  staging,
  {
    // Not there yet, and not asked for.
    outside: ['#patterns/words'],
  },
);
const { buildPatterns } = await import(`${pathToFileURL(join(staging, 'build-patterns.js')).href}?${Date.now()}`);
const { index, details, words, assistants } = await buildPatterns(
  join(root, 'patterns'),
  await assistantSchemas(root),
).catch((error) => {
  // What is wrong with a file of patterns/ names it; where in the bundle it was found says nothing.
  if (error.fix === undefined) throw error;
  console.error(`${error.message}: ${error.fix}`);
  process.exit(1);
});
// A clean commit needs the automaton and little else: each part is a file, read when first asked for.
const { automaton, runs, detectors, ...parts } = index;
await writeFile(join(dist, 'patterns', 'automaton.bin'), automaton);
// Most sets of bytes are those of many rules; written once, they are read in half the time.
const sets = [...new Set(runs.map((run) => run?.set))];
const { anchors, owners } = parts.anchorIndex;
const starts = [0];
for (const anchor of anchors) starts.push(starts.at(-1) + anchor.length);
parts.anchorIndex = { text: anchors.join(''), starts, owners };
parts.runs = { sets, runs: runs.map((run) => run && { ...run, set: sets.indexOf(run.set) }) };
for (const [name, part] of Object.entries(parts)) {
  await writeFile(join(dist, 'patterns', `${name}.json`), JSON.stringify(part));
}
for (const { name, rules } of detectors) {
  await writeFile(join(dist, 'patterns', `rules-of-${name}.json`), JSON.stringify(rules));
}
await writeFile(join(dist, 'patterns', 'index.js'), lazyPatterns('new URL(name, import.meta.url)'));
for (const [name, data] of Object.entries({ details, assistants })) {
  await writeFile(join(dist, 'patterns', `${name}.json`), JSON.stringify(data));
  await writeFile(join(dist, 'patterns', `${name}.js`), lazyData(name, 'new URL(name, import.meta.url)'));
}
await writeFile(join(dist, 'patterns', 'words.js'), asModule(words));
await writeFile(join(dist, 'validators.js'), await buildValidators(root));

await writeFile(join(dist, 'page', 'index.json'), JSON.stringify(await buildPage()));
await writeFile(join(dist, 'page', 'index.js'), lazyData('index', 'new URL(name, import.meta.url)'));

/** Characters of a chunk that is worth another file to be read. */
const LARGE_CHUNK = 16_384;

const define = { __KEEPMUM_VERSION__: JSON.stringify(version) };
const modules = [
  ...(await bundle({ index: 'src/index.ts' }, dist, { define })),
  // What people start is CommonJS: Node loads it sooner, and its compile cache covers it on every version.
  // The hook's path is a bundle of its own: one file, and nothing in it that a clean commit does not need.
  ...(await bundle({ hook: 'src/cli/hook.ts' }, join(dist, 'cli'), { define, format: 'cjs' })),
  // A thread loads what it needs and no more; what it shares with the command is there once.
  ...(await bundle({ main: 'src/cli/main.ts', worker: 'src/cli/worker.ts' }, join(dist, 'cli', 'main'), {
    define,
    format: 'cjs',
  })),
];
await shareChunks(join(dist, 'cli'), 'main');
const hook = await toFunction(join(dist, 'cli', 'hook.cjs'));
modules.push(
  ...(await bundle({ keepmum: 'src/cli/keepmum.ts' }, join(dist, 'cli'), {
    define: { __KEEPMUM_HOOK_HASH__: JSON.stringify(createHash('sha256').update(hook).digest('hex').slice(0, 16)) },
    format: 'cjs',
    outside: ['./main/main.cjs'],
  })),
);
await writeFile(
  join(dist, 'keepmum.js'),
  `#!/usr/bin/env node\nimport { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('./cli/keepmum.cjs');\n`,
  // `npx keepmum` in a clone runs it as it is: nobody has installed it.
  { mode: 0o755 },
);
const { buildShell } = await import(`${pathToFileURL(join(staging, 'build-shell.js')).href}?${Date.now()}`);
await writeFile(join(dist, 'staged.sh'), buildShell());
await writeFile(join(dist, 'THIRD-PARTY.txt'), await thirdPartyNotices(root, modules));
execFileSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});

await removeUnreachableTypes(join(dist, 'types'), 'index.d.ts');

/** Leaves the declarations that the public ones lead to; tsc writes one for every source file. */
async function removeUnreachableTypes(folder, entry) {
  const reached = new Set([entry]);
  for (const file of reached) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.ts'/g)) {
      reached.add(join(dirname(file), `${target}.d.ts`));
    }
  }
  for (const file of await readdir(folder, { recursive: true })) {
    if (file.endsWith('.ts') && !reached.has(file)) await rm(join(folder, file));
  }
}

/** A module of the compiled rules; `file`: the expression for the place of the file `name`. */
function lazyPatterns(file) {
  const names = Object.keys(parts);
  return `import { readFileSync } from 'node:fs';
const read = (name, encoding) => readFileSync(${file}, encoding);
const rulesOf = {};
const detectors = ${JSON.stringify(detectors.map(({ name }) => name))}.map((name) => ({
  name,
  get rules() { return (rulesOf[name] ??= JSON.parse(read('rules-of-' + name + '.json', 'utf8'))); },
}));
let ${names.join(', ')};
export default {
  detectors,
  get automaton() { return read('automaton.bin'); },
  get runs() {
    if (runs === undefined) {
      const packed = JSON.parse(read('runs.json', 'utf8'));
      for (const run of packed.runs) if (run !== null) run.set = packed.sets[run.set];
      runs = packed.runs;
    }
    return runs;
  },
  get anchorIndex() {
    if (anchorIndex === undefined) {
      const { text, starts, owners } = JSON.parse(read('anchorIndex.json', 'utf8'));
      // A thousand strings that nobody may ask for would be made at the start of every hook.
      anchorIndex = { anchors: { at: (index) => (index < owners.length ? text.slice(starts[index], starts[index + 1]) : undefined) }, owners };
    }
    return anchorIndex;
  },
${names
  .filter((name) => name !== 'runs' && name !== 'anchorIndex')
  .map((name) => `  get ${name}() { return (${name} ??= JSON.parse(read('${name}.json', 'utf8'))); },\n`)
  .join('')}};
`;
}

/** A module of one file of data; `file`: the expression for the place of the file `name`. */
function lazyData(data, file) {
  return `import { readFileSync } from 'node:fs';
const name = '${data}.json';
export default JSON.parse(readFileSync(${file}, 'utf8'));
`;
}

/** Style and script of the page of the exposure map, as they stand in it. */
async function buildPage() {
  const folder = join(root, 'src', 'exposure', 'page');
  const build = await rolldown({
    cwd: root,
    input: join(folder, 'client', 'client.ts'),
    platform: 'browser',
    // In a page there is nothing to import from.
    onLog(level, log) {
      throw new Error(`${level} in the script of the page: ${log.message}`);
    },
  });
  const { output } = await build.generate({ format: 'iife', minify: true });
  await build.close();
  const script = output[0].code.trim();
  const style = (await readFile(join(folder, 'page.css'), 'utf8'))
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (/<\/script|<!--/i.test(script) || style.includes('<'))
    throw new Error('the page would end within its script or style');
  return { style, script };
}

/** JSON in a string parses faster than an object literal of the same size. */
function asModule(value) {
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(value))});\n`;
}

/** What a folder holds, and one within it, too, such as the engine of regular expressions, is there once: it is a tenth of the package. */
async function shareChunks(folder, inner) {
  for (const name of await readdir(join(folder, inner))) {
    const [text, same] = await Promise.all(
      [join(folder, inner, name), join(folder, name)].map((file) => readFile(file, 'utf8').catch(() => undefined)),
    );
    if (text !== same || text.length < LARGE_CHUNK) continue;
    await writeFile(join(folder, inner, name), `module.exports=require('../${name}');\n`);
  }
}

/** Makes a module the function that `src/cli/code-cache.ts` runs, in ASCII: other characters stand in strings and patterns only. */
async function toFunction(file) {
  const text = await readFile(file, 'utf8');
  if (/\bimport\(/.test(text)) throw new Error(`${file} imports what a script cannot`);
  const ascii = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const made = `(function (exports, require, module, __filename, __dirname) {${ascii}\n})`;
  await writeFile(file, made);
  return made;
}

/**
 * Bundles entries into `dir`, code that is asked for later in chunks; gives the ids of the modules
 * that went in.
 */
async function bundle(input, dir, { define: values = {}, format = 'esm', outside = [] }) {
  const lazy = {
    '#patterns/index': join(staging, 'patterns.js'),
    '#patterns/details': join(staging, 'details.js'),
    '#patterns/assistants': join(staging, 'assistants.js'),
    '#page': join(staging, 'page.js'),
  };
  if (format === 'cjs') {
    // To ask Node for a module by a name of package.json costs a hook two milliseconds.
    const place = relative(dir, join(dist, 'patterns')).replaceAll('\\', '/');
    const file = `__dirname + '/${place}/' + name`;
    await writeFile(lazy['#patterns/index'], lazyPatterns(file));
    await writeFile(lazy['#patterns/details'], lazyData('details', file));
    await writeFile(lazy['#patterns/assistants'], lazyData('assistants', file));
    const page = relative(dir, join(dist, 'page')).replaceAll('\\', '/');
    await writeFile(lazy['#page'], lazyData('index', `__dirname + '/${page}/' + name`));
  }
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    // What chunks share with an entry stays in it: fewer files to find and read.
    preserveEntrySignatures: 'allow-extension',
    // A native addon, and optional.
    external: ['re2', ...outside, ...(format === 'esm' ? [...Object.keys(lazy), '#validators'] : [])],
    resolve: {
      // What its `main` names cannot be bundled.
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js', ...(format === 'cjs' && lazy) },
    },
    transform: { define: values },
    // re2.ts, which loads RE2 on demand itself, is imported both ways.
    checks: { circularDependency: false, ineffectiveDynamicImport: false },
    onLog(level, log, handler) {
      // The `extends` of settings of yargs, which nothing here uses.
      if (log.code !== 'EMPTY_IMPORT_META' || !log.message.includes('/yargs/')) handler(level, log);
    },
  });
  const extension = format === 'cjs' ? 'cjs' : 'js';
  const { output } = await build.write({
    dir,
    format,
    minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
    entryFileNames: `[name].${extension}`,
    // What several entries share may be the rules, which say where they lie from the folder of the entries.
    chunkFileNames: `${format === 'cjs' ? '' : 'chunks/'}[name]-[hash].${extension}`,
    // Else the bundler puts what hook and entry share into a file of its own, and a hook reads two.
    ...(input.hook && { codeSplitting: { groups: [{ name: 'hook', test: /src[\\/]cli[\\/]hook\.ts$/ }] } }),
  });
  await build.close();
  return output
    .flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    .filter((id) => !id.startsWith(staging));
}
