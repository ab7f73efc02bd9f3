import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { UsageError } from '../core/errors.ts';
import { COMMANDS } from './commands/index.ts';
import { guarded } from './guarded.ts';
import { type Io, standardStream } from './io.ts';
import { version } from './version.ts';

/** The command line as people type it. @returns the exit code */
export function main(argv: readonly string[]): Promise<number> {
  // The parser of arguments writes its help by itself.
  standardStream(1);
  standardStream(2);
  return guarded((io) => runCommandLine(argv, io));
}

const ASKS_FOR_HELP = /^(?:--help|-[a-z]*h)/;

/** `scan -` is `scan --stdin`: yargs drops a lone dash without a word, and the whole tree would be scanned. */
function withStdin(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((word, index) =>
    word === '-' && argv[0] === 'scan' && argv[index - 1] !== '--patch' && (end < 0 || index < end) ? '--stdin' : word,
  );
}

/** The same for a command that starts another; errors are thrown. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  let chosen: (() => Promise<number>) | undefined;
  const parser = yargs(hideBin(['node', 'keepmum', ...withStdin(argv)]))
    .scriptName('keepmum')
    .usage('$0 <command>\n\nKeeps secrets out of commits. Offline, and redacted by default.')
    .version(version)
    .help()
    .alias('help', 'h')
    .strict()
    // The help of a command is written whether it is asked for or not, which takes three times as long with line breaks.
    .wrap(argv.some((word) => ASKS_FOR_HELP.test(word)) ? Math.min(io.width, 110) : null)
    .demandCommand(1, 'keepmum needs a command, such as `keepmum scan`')
    .recommendCommands()
    .exitProcess(false)
    .epilogue('Exit codes: 0 clean, 1 findings, 2 could not do the job.')
    .fail((message, error) => {
      throw error ?? new UsageError(message, { fix: 'see `keepmum --help`' });
    });
  for (const { command, describe, load } of COMMANDS) {
    const [name = ''] = command.split(' ', 1);
    // One that is not named cannot be meant.
    const { builder, run } = argv.includes(name) ? await load() : {};
    parser.command({
      command,
      describe,
      ...(builder && { builder }),
      handler: (args: object) => {
        // Afterwards yargs puts what stands behind `--` among the other words.
        const given = { ...args };
        chosen = run && (() => run(given, io));
      },
    });
  }
  await parser.parseAsync();
  return (await chosen?.()) ?? 0;
}
