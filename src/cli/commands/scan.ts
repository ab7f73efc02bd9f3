import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import type { Source } from '../../core/chunk.ts';
import type { Shard } from '../../core/shard.ts';
import type { Io } from '../io.ts';
import type { ReportFlags } from '../report.ts';
import { runScanSource } from '../run-scan.ts';
import type { ScanFlags } from '../setup.ts';
import type { Command } from './command.ts';
import { reportOptions } from './report-options.ts';

interface ScanArgs extends ScanFlags, ReportFlags {
  readonly paths?: readonly string[];
  readonly staged?: boolean;
  readonly amend?: boolean;
  readonly wholeFiles?: boolean;
  readonly range?: string;
  readonly patch?: string;
  readonly stdin?: boolean;
  readonly path?: string;
  readonly commitMessage?: string;
  readonly push?: string;
  readonly threads?: number;
  readonly history?: boolean;
  readonly branch?: readonly string[];
  readonly since?: string;
  readonly unreachable?: boolean;
  readonly shard?: string;
  readonly repos?: string;
  readonly '--'?: readonly string[];
}

/** The flags of every command that scans. */
export function scanOptions(parser: Argv): Argv {
  return parser
    .option('config', { describe: 'a file to take instead of .keepmum.yaml; --no-config for none' })
    .option('fail-on', { type: 'string', describe: 'possible, likely or proven, and a severity: likely,high' })
    .option('strict', { type: 'boolean', describe: 'possible findings block too' });
}

/** Looks for secrets, and says what was not looked at. */
export const scan: Command = {
  builder: (parser: Argv): Argv =>
    reportOptions(scanOptions(parser))
      .positional('paths', { type: 'string', array: true, describe: 'files or folders; the whole tree otherwise' })
      .option('staged', { type: 'boolean', describe: 'what the next commit adds' })
      .option('amend', {
        type: 'boolean',
        implies: 'staged',
        describe: 'with --staged: compared with the parent of HEAD',
      })
      .option('whole-files', { type: 'boolean', implies: 'staged', describe: 'with --staged: whole files that change' })
      .option('range', { type: 'string', describe: 'what the commits A..B add' })
      .option('patch', { type: 'string', describe: 'a diff in a file, or - for standard input' })
      .option('stdin', { type: 'boolean', describe: 'one text from standard input; `keepmum scan -` too' })
      .option('path', { type: 'string', implies: 'stdin', describe: 'with --stdin: the path it pretends to have' })
      .option('commit-message', { type: 'string', describe: 'the message in a file' })
      .option('push', { type: 'string', describe: 'what a push to this remote sends; refs from standard input' })
      .option('threads', {
        type: 'number',
        describe: 'threads that read a working tree or a history; default: as many as processors, up to 3',
      })
      .option('history', {
        type: 'boolean',
        describe: 'every text of every commit, and messages; with --range, of its commits',
      })
      .option('branch', {
        type: 'string',
        array: true,
        nargs: 1,
        implies: 'history',
        describe: 'with --history: this branch only; may be given again',
      })
      .option('since', {
        type: 'string',
        implies: 'history',
        describe: 'with --history: commits made since a day, or an age such as "3 months"',
      })
      .option('unreachable', {
        type: 'boolean',
        implies: 'history',
        describe: 'with --history: objects too that nothing leads to any more',
      })
      .option('shard', { type: 'string', describe: 'this part only, of so many: 3/16; see `report merge`' })
      .option('repos', {
        type: 'string',
        describe: 'the working trees, or with --history the histories, of the repositories that a file names by line',
      })
      .parserConfiguration({ 'populate--': true }),
  run: async (args: object, io: Io): Promise<number> => {
    const flags = args as ScanArgs;
    const shard = shardOf(flags);
    const [{ startLive }, { defaultThreads }] = await Promise.all([import('../live.ts'), import('../threads.ts')]);
    const { threads = defaultThreads() } = flags;
    if (!Number.isInteger(threads) || threads < 1) {
      throw new UsageError('--threads is not a whole number from 1 on', { fix: 'use a number such as 2' });
    }
    if (flags.repos !== undefined) {
      assertReposFit(flags);
      const { readRepositoryList, scanRepositories } = await import('../repositories.ts');
      const names = readRepositoryList(flags.repos, io.cwd);
      const { repos: _, shard: __, ...each } = flags;
      return scanRepositories(
        names,
        shard,
        flags.history === true ? 'history' : 'worktree',
        (cwd) => sourceOf(each, { ...io, cwd }),
        flags,
        io,
        (within, root) => startLive(within, flags, root, threads),
      );
    }
    const source = await sourceOf(flags, io, shard);
    return runScanSource(source, flags, io, undefined, (root) => startLive(io, flags, root, threads));
  },
};

/** @throws {UsageError} on what names no part, and where there are none */
function shardOf({ shard, ...flags }: ScanArgs): Shard | undefined {
  if (shard === undefined) return undefined;
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(shard) ?? []).map(Number);
  if (index < 1 || index > count) {
    throw new UsageError(`--shard: ${JSON.stringify(shard)} is not a part of so many`, {
      fix: 'write it as in 3/16: from 1/16 to 16/16',
    });
  }
  const ways = waysOf(flags);
  if (ways.length > 0 && !ways.includes('history')) {
    throw new UsageError('--shard goes with a working tree, a history or --repos', { fix: 'leave --shard out' });
  }
  return { index, count };
}

/** Flags that say what is read, in place of the working tree. */
const WAYS = ['staged', 'history', 'range', 'patch', 'stdin', 'commitMessage', 'push'] as const;

/** Those that were given; the range of a history is a part of that. */
function waysOf(flags: ScanArgs): readonly (typeof WAYS)[number][] {
  return WAYS.filter(
    (name) => flags[name] !== undefined && flags[name] !== false && !(name === 'range' && flags.history === true),
  );
}

function pathsOf(flags: ScanArgs): string[] {
  return [...(flags.paths ?? []), ...(flags['--'] ?? [])].map(String);
}

function assertReposFit(flags: ScanArgs): void {
  const hasOther = flags.range !== undefined || waysOf(flags).some((way) => way !== 'history');
  if (hasOther || pathsOf(flags).length > 0) {
    throw new UsageError('--repos scans working trees, or histories with --history', {
      fix: 'leave paths and the other flags that say what to read out',
    });
  }
}

async function sourceOf(flags: ScanArgs, io: Io, shard?: Shard): Promise<Source> {
  const { cwd } = io;
  const paths = pathsOf(flags);
  const chosen = waysOf(flags);
  if (chosen.length > 1) {
    throw new UsageError('one scan reads one thing, and several were named', { fix: 'start keepmum once for each' });
  }
  if (chosen.length > 0 && paths.length > 0) {
    throw new UsageError('paths go with a scan of the working tree only', { fix: 'leave the paths out' });
  }
  if (flags.history === true) {
    const { branch: branches, range, since, unreachable } = flags;
    if (range !== undefined && branches !== undefined) {
      throw new UsageError('--range and --branch both say which commits', { fix: 'leave one of them out' });
    }
    if (unreachable === true && (range ?? branches) !== undefined) {
      throw new UsageError('what is unreachable is on no branch and in no range', { fix: 'leave --unreachable out' });
    }
    const { historySource } = await import('../../sources/history.ts');
    return historySource({ cwd, branches, range, since, unreachable, shard });
  }
  const sources = await import('../../sources/index.ts');
  if (flags.staged === true) {
    const { amend = false, wholeFiles = false } = flags;
    return sources.stagedSource({ cwd, amend, wholeFiles });
  }
  if (flags.range !== undefined) return sources.rangeSource({ cwd, range: flags.range });
  if (flags.patch !== undefined) return sources.patchSource(await patchInput(flags.patch, io));
  if (flags.stdin === true) return sources.stdinSource(io.stdin(), flags.path);
  if (flags.commitMessage !== undefined) {
    const { resolve } = await import('node:path');
    return sources.commitMessageSource({ file: resolve(cwd, flags.commitMessage) });
  }
  if (flags.push !== undefined) {
    return sources.pushSource({ cwd, updates: await textOf(io), ...(flags.push !== '' && { remote: flags.push }) });
  }
  return sources.worktreeSource({ cwd, shard, ...(paths.length > 0 && { paths }) });
}

async function patchInput(file: string, io: Io): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-' || file === '') return io.stdin();
  const [{ createReadStream, statSync }, { resolve }] = await Promise.all([import('node:fs'), import('node:path')]);
  const path = resolve(io.cwd, file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UsageError(`--patch: there is no file ${JSON.stringify(file)}`, {
      fix: 'name a diff, or - for standard input',
    });
  }
  return createReadStream(path);
}

async function textOf(io: Io): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of io.stdin()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
