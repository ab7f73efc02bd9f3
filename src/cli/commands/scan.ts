import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import type { Source } from '../../core/chunk.ts';
import type { Summary } from '../../core/finding.ts';
import { isBlocking, scan as runScan } from '../../scan.ts';
import type { Report, Reporter } from '../../reporters/reporter.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { openScan, type ScanFlags } from '../setup.ts';
import { version } from '../version.ts';

/** What decides where the report goes and how it looks. */
export interface ReportFlags {
  readonly format?: string | undefined;
  readonly output?: readonly string[] | undefined;
  readonly showSuppressed?: boolean | undefined;
  readonly color?: boolean | undefined;
}

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
  readonly '--'?: readonly string[];
}

const FORMATS: readonly string[] = ['text', 'json', 'jsonl', 'sarif', 'junit', 'csv', 'gitlab', 'github', 'markdown'];

/** The flags of every command that scans. */
export function scanOptions(parser: Argv): Argv {
  return parser
    .option('config', { describe: 'a file to take instead of .keepmum.yaml; --no-config for none' })
    .option('fail-on', { type: 'string', describe: 'possible, likely or proven, and a severity: likely,high' })
    .option('strict', { type: 'boolean', describe: 'possible findings block too' })
    .option('show-secrets', { type: 'boolean', describe: 'put whole secrets into json and jsonl' });
}

/** Looks for secrets, and says what was not looked at. */
export const scan = {
  command: 'scan [paths..]',
  describe: 'look for secrets in the working tree, or in what a flag names',
  builder: (parser: Argv): Argv =>
    scanOptions(parser)
      .positional('paths', { type: 'string', array: true, describe: 'files or folders; the whole tree otherwise' })
      .option('staged', { type: 'boolean', describe: 'what the next commit adds' })
      .option('amend', { type: 'boolean', implies: 'staged', describe: 'with --staged: compared with the parent of HEAD' })
      .option('whole-files', { type: 'boolean', implies: 'staged', describe: 'with --staged: whole files that change' })
      .option('range', { type: 'string', describe: 'what the commits A..B add' })
      .option('patch', { type: 'string', describe: 'a diff in a file, or - for standard input' })
      .option('stdin', { type: 'boolean', describe: 'one text from standard input' })
      .option('path', { type: 'string', implies: 'stdin', describe: 'with --stdin: the path it pretends to have' })
      .option('commit-message', { type: 'string', describe: 'the message in a file' })
      .option('push', { type: 'string', describe: 'what a push to this remote sends; refs from standard input' })
      .option('format', { choices: FORMATS, default: 'text', describe: 'how to report' })
      .option('output', { type: 'string', array: true, nargs: 1, describe: 'FORMAT=FILE, more than once if wanted' })
      .option('show-suppressed', { type: 'boolean', describe: 'list what exceptions and comments suppress' })
      .option('color', { type: 'boolean', describe: 'colours; on a terminal by default' })
      .parserConfiguration({ 'populate--': true }),
  run: async (args: object, io: Io): Promise<number> => {
    const flags = args as ScanArgs;
    return runScanSource(await sourceOf(flags, io), flags, io);
  },
};

async function sourceOf(flags: ScanArgs, io: Io): Promise<Source> {
  const { cwd } = io;
  const paths = [...(flags.paths ?? []), ...(flags['--'] ?? [])].map(String);
  const chosen = (['staged', 'range', 'patch', 'stdin', 'commitMessage', 'push'] as const).filter(
    (name) => flags[name] !== undefined && flags[name] !== false,
  );
  if (chosen.length > 1) {
    throw new UsageError('one scan reads one thing, and several were named', { fix: 'start keepmum once for each' });
  }
  if (chosen.length > 0 && paths.length > 0) {
    throw new UsageError('paths go with a scan of the working tree only', { fix: 'leave the paths out' });
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
  return sources.worktreeSource({ cwd, ...(paths.length > 0 && { paths }) });
}

async function patchInput(file: string, io: Io): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-' || file === '') return io.stdin();
  const [{ createReadStream, statSync }, { resolve }] = await Promise.all([import('node:fs'), import('node:path')]);
  const path = resolve(io.cwd, file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UsageError(`--patch: there is no file ${JSON.stringify(file)}`, { fix: 'name a diff, or - for standard input' });
  }
  return createReadStream(path);
}

async function textOf(io: Io): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of io.stdin()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** Where a report is written. */
interface Sink {
  readonly report: Report;
  write(text: string): void;
  close(): Promise<void>;
}

/** Scans, reports, and gives the exit code. The hook and every scanning command end here. */
export async function runScanSource(source: Source, flags: ScanFlags & ReportFlags, io: Io): Promise<number> {
  const { options, notices } = await openScan(io, flags);
  const started = new Date();
  let sinks: readonly Sink[] | undefined;
  const open = async (): Promise<readonly Sink[]> => (sinks ??= await openSinks(flags, io, started, options.failOn));
  // A report that may not be made is told before the work, not after it.
  if (flags.output !== undefined) await open();
  const run = runScan(source, options);
  let summary: Summary;
  for (;;) {
    const step = await run.next();
    if (step.done === true) {
      summary = step.value;
      break;
    }
    for (const sink of await open()) sink.write(sink.report.finding(step.value));
  }
  if (notices.length > 0) summary = { ...summary, notices: [...summary.notices, ...notices] };
  for (const sink of await open()) {
    sink.write(sink.report.end(summary));
    await sink.close();
  }
  if (summary.blocking > 0) return EXIT.findings;
  return summary.incomplete ? EXIT.failed : EXIT.clean;
}

async function openSinks(
  flags: ReportFlags,
  io: Io,
  started: Date,
  failOn: Parameters<typeof isBlocking>[1],
): Promise<readonly Sink[]> {
  const context = {
    version,
    width: io.width,
    showSuppressed: flags.showSuppressed === true,
    started,
    blocks: (finding: Parameters<typeof isBlocking>[0]) => isBlocking(finding, failOn),
  };
  const colour = flags.color ?? (io.isTty && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb');
  const main = await reporter(flags.format ?? 'text');
  const sinks: Sink[] = [
    { report: main.start({ ...context, colour }), write: (text) => io.out(text), close: async () => {} },
  ];
  for (const output of flags.output ?? []) sinks.push(await fileSink(output, { ...context, colour: false }, io));
  return sinks;
}

async function fileSink(output: string, context: Parameters<Reporter['start']>[0], io: Io): Promise<Sink> {
  const cut = output.indexOf('=');
  if (cut < 1 || cut === output.length - 1 || !FORMATS.includes(output.slice(0, cut))) {
    throw new UsageError(`--output: ${JSON.stringify(output)} is not FORMAT=FILE`, {
      fix: `use one of ${FORMATS.join(', ')}, as in sarif=keepmum.sarif`,
    });
  }
  const [{ openSync, writeSync, closeSync }, { resolve }] = await Promise.all([import('node:fs'), import('node:path')]);
  const file = output.slice(cut + 1);
  let fd: number;
  try {
    fd = openSync(resolve(io.cwd, file), 'w', 0o600);
  } catch (cause) {
    throw new UsageError(`--output: ${JSON.stringify(file)} cannot be written`, { fix: 'name a file in a folder that exists', cause });
  }
  return {
    report: (await reporter(output.slice(0, cut))).start(context),
    write: (text) => void writeSync(fd, text),
    close: async () => closeSync(fd),
  };
}

/** The one that people look at loads alone; a hook needs no other. */
async function reporter(name: string): Promise<Reporter> {
  if (name === 'text') return (await import('../../reporters/text.ts')).text;
  const { reporterNamed } = await import('../../reporters/index.ts');
  const found = reporterNamed(name);
  if (found === undefined) throw new UsageError(`there is no format ${JSON.stringify(name)}`, { fix: `use one of ${FORMATS.join(', ')}` });
  return found;
}
