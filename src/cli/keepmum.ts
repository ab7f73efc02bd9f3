/**
 * The entry of the `keepmum` command. It decides one thing: the hook's own call goes straight to
 * the scan, everything else through the argument parser, which costs more to load than the hook
 * needs altogether.
 */
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// A folder of the user's own: the default is below a temporary folder that others can write to.
// Node 20 has none, and neither have its types.
const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };
enableCompileCache?.(
  process.env['NODE_COMPILE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'keepmum'),
);

const argv = process.argv.slice(2);
const [command, flag, ...rest] = argv;
const isHookCall = command === 'scan' && flag === '--staged' && rest.length === 0;

const run = isHookCall
  ? import('./hook.ts').then(({ runHook }) => runHook())
  : import('./main.ts').then(({ main }) => main(argv));

// The exit code is set and the process ends by itself: `process.exit` would cut piped output short.
run.then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `keepmum: it cannot start; install it again (${error instanceof Error ? error.name : 'error'})\n`,
    );
    process.exitCode = 2;
  },
);
