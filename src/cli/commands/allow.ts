import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { isFingerprint } from '../../core/fingerprint.ts';
import { safe } from '../../core/terminal-text.ts';
import { scan as runScan } from '../../scan.ts';
import { EXCEPTIONS_FILE, type ExceptionEntry, readExceptions, writeExceptions } from '../../suppress/exceptions.ts';
import { checkedExpiry, checkedText, day, ownerOf } from '../exception-flags.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { openScan, type ScanFlags } from '../setup.ts';
import type { Command } from './command.ts';
import { scanOptions } from './scan.ts';

interface AllowArgs extends ScanFlags {
  readonly fingerprint?: string;
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly unseen?: boolean;
}

/** Declares that one finding does not count, why, who says so, and until when. */
export const allow: Command = {
  builder: (parser: Argv): Argv =>
    scanOptions(parser)
      .positional('fingerprint', { type: 'string', describe: 'from a report: km1-…' })
      .option('reason', { type: 'string', describe: 'why it is no secret, or why it may stay' })
      .option('expires', { type: 'string', describe: 'the last day on which it holds, YYYY-MM-DD, or never' })
      .option('owner', { type: 'string', describe: 'who answers for it; default: user.email of git' })
      .option('unseen', { type: 'boolean', describe: 'write it although nothing here has this fingerprint' }),
  run: (args: object, io: Io): Promise<number> => runAllow(args, io),
};

async function runAllow(flags: AllowArgs, io: Io): Promise<number> {
  const { fingerprint = '' } = flags;
  if (!isFingerprint(fingerprint)) {
    throw new UsageError(`${JSON.stringify(fingerprint.slice(0, 60))} is not a fingerprint`, {
      fix: 'copy it from a report: km1-…',
    });
  }
  if (flags.reason === undefined) throw new UsageError('an exception needs a reason', { fix: 'add --reason "WORDS"' });
  if (flags.expires === undefined) {
    throw new UsageError('an exception needs an end', { fix: `add --expires ${day(90)}, or --expires never` });
  }
  const reason = checkedText(flags.reason, '--reason');
  const expires = checkedExpiry(flags.expires);
  const owner = await ownerOf(flags.owner, io);
  const { root, finding } = await find(fingerprint, flags, io);
  if (finding === undefined && flags.unseen !== true) {
    throw new UsageError(`nothing in the working tree or the index has the fingerprint ${fingerprint}`, {
      fix: 'copy it from a report of this repository, or add --unseen if it is of a commit or a message',
    });
  }
  const entries = await readExceptions(root);
  const entry: ExceptionEntry = {
    fingerprint,
    ...(finding !== undefined && { rule: finding.rule, path: finding.path.slice(0, 500) }),
    owner,
    reason,
    expires,
    added: day(),
  };
  const others = entries.filter((other) => other.fingerprint !== fingerprint);
  writeExceptions(root, [...others, entry]);
  const what = finding === undefined ? fingerprint : `${finding.rule} at ${safe(finding.path)}:${finding.line}`;
  io.out(
    `keepmum: exception ${others.length < entries.length ? 'replaced' : 'written'}: ${what}, ` +
      `${expires === 'never' ? 'without end' : `until ${expires}`}, ${safe(owner)}\n` +
      `  next: commit ${EXCEPTIONS_FILE}\n`,
  );
  return EXIT.clean;
}

/** The finding as it stands in the working tree, else in the index. */
async function find(
  fingerprint: string,
  flags: ScanFlags,
  io: Io,
): Promise<{ readonly root: string; readonly finding: Finding | undefined }> {
  const { options, root, inRepository } = await openScan(io, flags);
  // What else is declared does not matter here, and an exceptions file that is not valid is told when it is read.
  const plain = { ...options, suppressors: async () => [] };
  const { worktreeSource, stagedSource } = await import('../../sources/index.ts');
  const sources = [
    worktreeSource({ cwd: root }),
    ...(inRepository ? [stagedSource({ cwd: root, amend: false, wholeFiles: false })] : []),
  ];
  for (const source of sources) {
    for await (const finding of runScan(source, plain)) {
      if (finding.fingerprint === fingerprint) return { root, finding };
    }
  }
  return { root, finding: undefined };
}
