import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import { safe } from '../../core/terminal-text.ts';
import { stringify } from '../../reporters/record.ts';
import { count, notExamined } from '../../reporters/wording.ts';
import { scanAll } from '../../scan.ts';
import {
  EXCEPTIONS_FILE,
  hasExpired,
  type PlacedEntry,
  readExceptions,
  writeExceptions,
} from '../../suppress/exceptions.ts';
import { day } from '../exception-flags.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { openScan, type ScanFlags } from '../setup.ts';
import type { Command } from './command.ts';
import { scanOptions } from './scan.ts';

interface AuditArgs extends ScanFlags {
  readonly prune?: boolean;
  readonly soon?: number;
  readonly json?: boolean;
}

/** Why an entry is listed. */
type Trouble = 'expired' | 'unmatched' | 'expires-soon';

const WORDS: Readonly<Record<Trouble, string>> = {
  expired: 'has run out',
  unmatched: 'matches nothing in the working tree',
  'expires-soon': 'runs out soon',
};
const SOON = 14;

/** Exceptions that somebody should look at again. */
export const audit: Command = {
  builder: (parser: Argv): Argv =>
    scanOptions(parser)
      .option('prune', { type: 'boolean', describe: 'remove those that have run out or match nothing' })
      .option('soon', { type: 'number', default: SOON, describe: 'days that count as soon; 0 for none' })
      .option('json', { type: 'boolean', default: false, describe: 'print JSON' }),
  run: (args: object, io: Io): Promise<number> => runAudit(args, io),
};

async function runAudit(flags: AuditArgs, io: Io): Promise<number> {
  const { soon = SOON } = flags;
  if (!Number.isInteger(soon) || soon < 0) {
    throw new UsageError('--soon is not a whole number of days', { fix: 'use a number such as 14' });
  }
  const { options, root } = await openScan(io, flags);
  const entries = await readExceptions(root);
  const { worktreeSource } = await import('../../sources/index.ts');
  const { findings, summary } = await scanAll(worktreeSource({ cwd: root }), {
    ...options,
    suppressors: async () => [],
  });
  const present = new Set(findings.map(({ fingerprint }) => fingerprint));
  const limit = soon === 0 ? '' : day(soon);
  const troubleOf = (entry: PlacedEntry): Trouble | undefined => {
    // What could not be read may hold it.
    if (!summary.incomplete && !present.has(entry.fingerprint)) return 'unmatched';
    if (hasExpired(entry, day())) return 'expired';
    return entry.expires !== 'never' && entry.expires <= limit ? 'expires-soon' : undefined;
  };
  const judged = entries.map((entry) => ({ entry, trouble: troubleOf(entry) }));
  const listed = judged.flatMap(({ entry, trouble }) => (trouble === undefined ? [] : [{ entry, trouble }]));
  const pruned = flags.prune === true ? listed.filter(({ trouble }) => trouble !== 'expires-soon') : [];
  if (pruned.length > 0) {
    const gone = new Set(pruned.map(({ entry }) => entry));
    writeExceptions(
      root,
      entries.filter((entry) => !gone.has(entry)),
    );
  }
  if (flags.json === true) {
    const rows = listed.map(({ entry, trouble }) => ({
      trouble,
      ...entry,
      pruned: flags.prune === true && trouble !== 'expires-soon',
    }));
    io.out(`${stringify({ entries: entries.length, listed: rows, incomplete: summary.incomplete }, 2)}\n`);
  } else {
    for (const { entry, trouble } of listed) io.out(`${line(entry, trouble)}\n`);
    const removed = pruned.length === 0 ? '' : `, ${pruned.length} removed`;
    const verdict = verdictOf(listed.length, summary.incomplete);
    io.out(`keepmum: ${count(entries.length, 'exception')}, ${verdict}${removed}\n`);
    for (const group of summary.skipped) io.out(`  ${notExamined(group)}\n`);
  }
  if (summary.incomplete) {
    io.err(
      'keepmum: parts of the working tree could not be read, so that no exception is said to match nothing\n' +
        '  fix: make them readable, or leave their paths out with allow.paths of .keepmum.yaml\n',
    );
    return EXIT.failed;
  }
  return listed.length > pruned.length ? EXIT.findings : EXIT.clean;
}

function verdictOf(listed: number, incomplete: boolean): string {
  if (listed > 0) return `${listed} to look at`;
  return incomplete ? 'not all examined' : 'all in order';
}

function line(
  { line: number, fingerprint, rule, path, owner, expires, reason }: PlacedEntry,
  trouble: Trouble,
): string {
  const what = [rule, path]
    .filter((part) => part !== undefined)
    .map(safe)
    .join(' in ');
  const end = expires === 'never' ? 'without end' : `until ${expires}`;
  return `${EXCEPTIONS_FILE}:${number}: ${WORDS[trouble]}: ${fingerprint}${what === '' ? '' : ` (${what})`}, ${end}, ${safe(owner)}: ${safe(reason)}`;
}
