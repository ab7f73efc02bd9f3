import type { Argv } from 'yargs';
import { safe } from '../../core/terminal-text.ts';
import { count, notExamined } from '../../reporters/wording.ts';
import { scanAll } from '../../scan.ts';
import { EXCEPTIONS_FILE, type ExceptionEntry, readExceptions, writeExceptions } from '../../suppress/exceptions.ts';
import { checkedExpiry, checkedText, day, ownerOf } from '../exception-flags.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { openScan, type ScanFlags } from '../setup.ts';
import type { Command } from './command.ts';
import { scanOptions } from './scan.ts';

interface BaselineArgs extends ScanFlags {
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
}

/** Days until a baseline runs out, where nothing else is said. */
const DAYS = 90;
const REASON = 'there before keepmum was';

/** Starts in an old repository: what is there now does not block, what comes does. */
export const baseline: Command = {
  builder: (parser: Argv): Argv =>
    scanOptions(parser)
      .option('reason', { type: 'string', default: REASON, describe: 'of every entry' })
      .option('expires', {
        type: 'string',
        describe: `the last day on which they hold, YYYY-MM-DD, or never; default: in ${DAYS} days`,
      })
      .option('owner', { type: 'string', describe: 'who answers for them; default: user.email of git' }),
  run: (args: object, io: Io): Promise<number> => runBaseline(args, io),
};

async function runBaseline(flags: BaselineArgs, io: Io): Promise<number> {
  const reason = checkedText(flags.reason ?? REASON, '--reason');
  const expires = checkedExpiry(flags.expires ?? day(DAYS));
  const owner = await ownerOf(flags.owner, io);
  const { options, root } = await openScan(io, flags);
  const entries = await readExceptions(root);
  const { worktreeSource } = await import('../../sources/index.ts');
  const { findings, summary } = await scanAll(worktreeSource({ cwd: root }), options);
  // An entry that has run out asked to be looked at again: a baseline does not renew it.
  const known = new Set(entries.map(({ fingerprint }) => fingerprint));
  const added = new Map<string, ExceptionEntry>();
  let expired = 0;
  for (const { fingerprint, rule, path, suppressedBy } of findings) {
    if (suppressedBy !== undefined || added.has(fingerprint)) continue;
    if (known.has(fingerprint)) expired++;
    else {
      const at = { rule, path: path.slice(0, 500) };
      added.set(fingerprint, { fingerprint, ...at, kind: 'baseline', owner, reason, expires, added: day() });
    }
  }
  if (added.size > 0) writeExceptions(root, [...entries, ...added.values()]);
  io.out(
    `keepmum: ${count(added.size, 'finding')} written to the baseline, ` +
      `${expires === 'never' ? 'without end' : `until ${expires}`}, ${safe(owner)}\n`,
  );
  if (expired > 0) {
    io.out(`  not renewed: ${count(expired, 'finding')} whose exception has run out; see \`keepmum audit\`\n`);
  }
  for (const group of summary.skipped) io.out(`  ${notExamined(group)}\n`);
  if (added.size > 0) io.out(`  next: commit ${EXCEPTIONS_FILE}, and rotate what is real\n`);
  return summary.incomplete ? EXIT.failed : EXIT.clean;
}
