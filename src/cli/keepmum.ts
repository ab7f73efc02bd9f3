/**
 * The entry of the `keepmum` command. It decides one thing: the hook's own call goes straight to
 * the scan, everything else through the argument parser, which costs more to load than the hook
 * needs altogether.
 */
import { PipedOutput } from '../git/piped.ts';
import { requireCached } from './code-cache.ts';

/** Made by the build: of the hook's bundle. */
declare const __KEEPMUM_HOOK_HASH__: string;

const { env, argv: words } = process;
// A folder of the user's own: the default is below a temporary folder that others can write to.
const home = env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : `${env['HOME']}/.cache`);
const own = env['NODE_COMPILE_CACHE'] ?? (home === undefined ? undefined : `${home}/keepmum`);
const cache = env['NODE_DISABLE_COMPILE_CACHE'] === undefined ? own : undefined;

const argv = words.slice(2);

async function start(): Promise<void> {
  if (argv[0] === 'scan' && argv[1] === '--staged') {
    if (argv.length === 2) return hook(undefined);
    // Only `dist/staged.sh` calls it so.
    if (argv.length === 3 && argv[2] === '--piped') return hook(new PipedOutput(0));
  }
  // Node 20 has no such cache, and neither have its types.
  const { enableCompileCache } = process.getBuiltinModule('node:module') as {
    readonly enableCompileCache?: (folder: string) => unknown;
  };
  if (cache !== undefined) enableCompileCache?.(cache);
  const code = await (require('./main/main.cjs') as typeof import('./main.ts')).main(argv);
  // Set already where nobody reads the output any more. The process ends by itself: `process.exit` would
  // cut piped output short.
  process.exitCode ??= code;
}

async function hook(piped: PipedOutput | undefined): Promise<void> {
  piped?.readSome();
  const loaded = requireCached(require, `${__dirname}/hook.cjs`, __KEEPMUM_HOOK_HASH__, cache);
  const { runHook, isWritten } = loaded.exports as typeof import('./hook.ts');
  const code = await runHook(piped);
  loaded.keep();
  process.exitCode ??= code;
  // To end in an orderly way takes Node two milliseconds.
  if (isWritten()) process.exit();
}

start().catch((error: unknown) => {
  process.stderr.write(
    `keepmum: it cannot start; install it again (${error instanceof Error ? error.name : 'error'})\n`,
  );
  process.exitCode = 2;
});
