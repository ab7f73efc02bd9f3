import type { Argv } from 'yargs';
import { frameworkCall } from '../../hooks/framework.ts';
import { HOOK_NAMES, type HookName } from '../../hooks/manager.ts';
import type { Io } from '../io.ts';
import type { Command } from './command.ts';

interface FrameworkArgs {
  readonly hook: HookName;
  readonly files?: readonly string[];
}

/** What the pre-commit framework starts: chooses the scan from what the framework says. */
export const hook: Command = {
  builder: (parser: Argv): Argv =>
    parser
      .positional('hook', { choices: HOOK_NAMES, demandOption: true, describe: 'the hook that runs' })
      .positional('files', { type: 'string', array: true, describe: 'the files that the framework picked' })
      .parserConfiguration({ 'populate--': true }),
  run: async (args: object, io: Io): Promise<number> => {
    const { hook: name, files = [], ...rest } = args as FrameworkArgs & { readonly '--'?: readonly string[] };
    const call = await frameworkCall(name, [...files, ...(rest['--'] ?? [])], io.cwd, io.env);
    const { runCommandLine } = await import('../main.ts');
    const { stdin } = call;
    return runCommandLine(call.args, stdin === undefined ? io : { ...io, stdin: () => once(stdin) });
  },
};

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
