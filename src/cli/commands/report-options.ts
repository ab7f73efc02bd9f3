import type { Argv } from 'yargs';
import { FORMATS, MAX } from '../report.ts';

/** The flags of every command that reports findings. */
export function reportOptions(parser: Argv): Argv {
  return parser
    .option('format', { type: 'string', default: 'text', describe: FORMATS.join(', ') })
    .option('output', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'FORMAT=FILE beside it, more than once if wanted',
    })
    .option('max', {
      type: 'number',
      default: MAX,
      describe: 'text: findings shown in full, the rest is counted; 0 for all',
    })
    .option('show-suppressed', { type: 'boolean', describe: 'list what exceptions and comments suppress' })
    .option('show-secrets', { type: 'boolean', describe: 'put whole secrets into json and jsonl' })
    .option('color', { type: 'boolean', describe: 'colours; on a terminal by default' });
}
