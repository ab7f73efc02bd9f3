/**
 * The entry of the `keepmum` command. It decides one thing: the hook's own call goes straight to
 * the scan, everything else through the argument parser, which costs more to load than the hook
 * needs altogether.
 */
import module from 'node:module';
import { PipedOutput } from '../git/piped.ts';

const { env } = process;
// A folder of the user's own: the default is below a temporary folder that others can write to.
// Node 20 has no such cache, and neither have its types.
const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };
const home = env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : `${env['HOME']}/.cache`);
const cache = env['NODE_COMPILE_CACHE'] ?? (home === undefined ? undefined : `${home}/keepmum`);
if (cache !== undefined) enableCompileCache?.(cache);

const argv = process.argv.slice(2);
const isHookCall = argv[0] === 'scan' && argv[1] === '--staged';

async function start(): Promise<number> {
  // Only `dist/staged.sh` calls it so.
  const piped = isHookCall && argv.length === 3 && argv[2] === '--piped' ? new PipedOutput(0) : undefined;
  if (piped !== undefined || (isHookCall && argv.length === 2)) {
    piped?.readSome();
    return (require('./hook/hook.cjs') as typeof import('./hook.ts')).runHook(piped);
  }
  return (require('./main/main.cjs') as typeof import('./main.ts')).main(argv);
}

// The exit code is set and the process ends by itself: `process.exit` would cut piped output short.
start().then(
  (code) => {
    // Set already where nobody reads the output any more.
    process.exitCode ??= code;
  },
  (error: unknown) => {
    process.stderr.write(
      `keepmum: it cannot start; install it again (${error instanceof Error ? error.name : 'error'})\n`,
    );
    process.exitCode = 2;
  },
);
