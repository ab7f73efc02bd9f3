import type { Argv } from 'yargs';
import { MAP_BASELINE_FILE } from '../../exposure/changes.ts';
import type { Io } from '../io.ts';
import { MAP_FORMATS } from '../map-report.ts';
import type { Command } from './command.ts';

/** Which secrets each AI coding assistant could read. */
export const map: Command = {
  builder: (parser: Argv): Argv =>
    parser
      .positional('action', {
        choices: ['selftest'] as const,
        describe: 'selftest: makes a folder with canary values, and checks transcripts for them',
      })
      .positional('target', { type: 'string', describe: 'selftest: the id of an assistant' })
      .positional('folder', { type: 'string', describe: 'selftest: a new folder; default: one beside this repository' })
      .option('check', { type: 'string', array: true, describe: 'selftest: transcripts to look for canaries in' })
      .option('key', { type: 'string', implies: 'check', describe: 'selftest: the key that came with the folder' })
      .option('assistant', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'this one, more than once if wanted; default: all',
      })
      .option('home', {
        type: 'boolean',
        describe: 'settings, transcripts and credential files of your home folder too',
      })
      .option('history', {
        type: 'boolean',
        default: true,
        describe: 'old commits and stashes; --no-history leaves them out',
      })
      .option('env', { type: 'boolean', default: true, describe: 'names of variables; --no-env leaves them out' })
      .option('dependencies', { type: 'boolean', describe: 'ignored folders of dependencies and of build output too' })
      .option('possible', { type: 'boolean', describe: 'findings that are merely possible too' })
      .option('show-suppressed', { type: 'boolean', describe: 'what exceptions and comments suppress too' })
      .option('fix', {
        type: 'boolean',
        describe: 'what settings could close, as a diff; asks on a terminal before it writes',
      })
      .option('yes', { type: 'boolean', implies: 'fix', describe: 'with --fix: write without asking' })
      .option('format', { type: 'string', default: 'text', describe: MAP_FORMATS.join(', ') })
      .option('output', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'FORMAT=FILE beside it, more than once if wanted',
      })
      .option('fail-on', {
        type: 'string',
        describe: 'visible or reachable, a severity, problem: exit 1 for these; visible,high',
      })
      .option('diff', {
        type: 'string',
        describe: 'what is open and was not in this commit or branch; --fail-on counts that only',
      })
      .option('write-baseline', { type: 'boolean', describe: `accept what is open now, in ${MAP_BASELINE_FILE}` })
      .option('baseline', { type: 'boolean', default: true, describe: `--no-baseline: without ${MAP_BASELINE_FILE}` })
      .option('html', { type: 'string', describe: 'write one self-contained page to this file' })
      .option('long', { type: 'boolean', describe: 'text: every channel, with its reason and its source' })
      .option('max', { type: 'number', default: 50, describe: 'text: secrets that are shown; 0 for all' })
      .option('color', { type: 'boolean', describe: 'colours; on a terminal by default' })
      .option('config', { describe: 'a file to take instead of .keepmum.yaml; --no-config for none' })
      .option('threads', { type: 'number', describe: 'threads at most; default: as many as are worth it' }),
  run: async (args: object, io: Io): Promise<number> =>
    (args as { readonly action?: string }).action === 'selftest'
      ? (await import('../map-selftest.ts')).runSelftest(args, io)
      : (await import('../run-map.ts')).runMap(args, io),
};
