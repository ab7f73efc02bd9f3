/**
 * The entry of the `keepmum` command. It decides one thing: the hook's own call goes straight to
 * the scan, everything else through the argument parser, which costs more to load than the hook
 * needs altogether.
 */
import { PipedOutput } from '../git/piped.ts';
import { spawnGit, type GitProcess } from '../git/run.ts';
import { stagedArguments } from '../sources/staged.ts';
import { compileCached } from './code-cache.ts';
import { isShortRun, runLonger } from './short-run.ts';

/** Made by the build: of the hook's bundle. */
declare const __KEEPMUM_HOOK_HASH__: string;

const { env, argv: words } = process;
// A folder of the user's own: the default is below a temporary folder that others can write to.
const home = env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : `${env['HOME']}/.cache`);
const own = env['NODE_COMPILE_CACHE'] ?? (home === undefined ? undefined : `${home}/keepmum`);
const cache = env['NODE_DISABLE_COMPILE_CACHE'] === undefined ? own : undefined;

const argv = words.slice(2);

/** Bytes of git's output from which a hook is no short run: up to some 4 MB it ends no sooner with optimized code. */
const LONG = 8 << 20;

async function start(): Promise<void> {
  if (argv[0] === 'scan' && argv[1] === '--staged') {
    if (argv.length === 2) return hook(spawnGit(stagedArguments(), { cwd: process.cwd() }));
    // Only `dist/staged.sh` calls it so.
    if (argv.length === 3 && argv[2] === '--piped') return hook(new PipedOutput(0, LONG, runLonger));
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

async function hook(asked: GitProcess | PipedOutput): Promise<void> {
  // Git waits where its pipe is full.
  const letGitGoOn = (): void => {
    if ('readSome' in asked) asked.readSome();
  };
  letGitGoOn();
  // V8 takes no code that was made under other options.
  const key = isShortRun ? `${__KEEPMUM_HOOK_HASH__}-short` : __KEEPMUM_HOOK_HASH__;
  const module = compileCached(require, `${__dirname}/hook.cjs`, key, cache);
  letGitGoOn();
  const { runHook, isWritten } = module.run() as typeof import('./hook.ts');
  letGitGoOn();
  const code = await runHook(asked);
  if (!('isLong' in asked && asked.isLong)) module.keep();
  process.exitCode ??= code;
  // To end in an orderly way takes Node two milliseconds.
  if (isShortRun && isWritten()) process.exit();
}

start().catch((error: unknown) => {
  process.stderr.write(
    `keepmum: it cannot start; install it again (${error instanceof Error ? error.name : 'error'})\n`,
  );
  process.exitCode = 2;
});
