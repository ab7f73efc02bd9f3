import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { loadAssistants, type Assistants } from '../../exposure/assistants.ts';
import type { ExposureMap } from '../../exposure/exposure-map.ts';
import { OwnFiles } from '../../exposure/own-files.ts';
import { variablesOf } from '../../exposure/variables.ts';
import { makeMap } from '../../map.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { startLive } from '../live.ts';
import { MAP_FORMATS, openMapReports, type MapReportFlags } from '../map-report.ts';
import { loadDetails } from '../patterns.ts';
import { openScan, type ScanFlags } from '../setup.ts';
import { version } from '../version.ts';

interface MapArgs extends Pick<ScanFlags, 'config'>, MapReportFlags {
  readonly assistant?: readonly string[];
  readonly home?: boolean;
  readonly history?: boolean;
  readonly env?: boolean;
  readonly dependencies?: boolean;
  readonly possible?: boolean;
  readonly showSuppressed?: boolean;
  readonly threads?: number;
}

/** Which secrets each AI coding assistant could read. */
export const map = {
  command: 'map',
  describe: 'which secrets each AI coding assistant could read, by which channel, and what they grant',
  builder: (parser: Argv): Argv =>
    parser
      .option('assistant', { type: 'string', array: true, nargs: 1, describe: 'this one, more than once if wanted; default: all' })
      .option('home', { type: 'boolean', describe: 'settings, transcripts and credential files of your home folder too' })
      .option('history', { type: 'boolean', default: true, describe: 'old commits and stashes; --no-history leaves them out' })
      .option('env', { type: 'boolean', default: true, describe: 'names of variables; --no-env leaves them out' })
      .option('dependencies', { type: 'boolean', describe: 'ignored folders of dependencies and of build output too' })
      .option('possible', { type: 'boolean', describe: 'findings that are merely possible too' })
      .option('show-suppressed', { type: 'boolean', describe: 'what exceptions and comments suppress too' })
      .option('format', { type: 'string', default: 'text', describe: MAP_FORMATS.join(', ') })
      .option('output', { type: 'string', array: true, nargs: 1, describe: 'FORMAT=FILE beside it, more than once if wanted' })
      .option('html', { type: 'string', describe: 'write one self-contained page to this file' })
      .option('long', { type: 'boolean', describe: 'text: every channel, with its reason and its source' })
      .option('max', { type: 'number', default: 50, describe: 'text: secrets that are shown; 0 for all' })
      .option('color', { type: 'boolean', describe: 'colours; on a terminal by default' })
      .option('config', { describe: 'a file to take instead of .keepmum.yaml; --no-config for none' })
      .option('threads', { type: 'number', describe: 'threads at most; default: as many as are worth it' }),
  run: (args: object, io: Io): Promise<number> => runMap(args, io),
};

async function runMap(flags: MapArgs, io: Io): Promise<number> {
  const write = openMapReports(flags, io);
  const known = await loadAssistants();
  assertKnown(flags.assistant ?? [], known);
  const made = await mapOf(flags, known, io);
  await write(made);
  return made.incomplete ? EXIT.failed : EXIT.clean;
}

/** @throws {UsageError} */
function assertKnown(asked: readonly string[], { assistants }: Assistants): void {
  const ids = assistants.map(({ id }) => id);
  for (const id of asked) {
    if (ids.includes(id)) continue;
    const near = nearest(id, ids);
    throw new UsageError(`--assistant: there is no assistant ${JSON.stringify(id)}`, {
      fix: near === undefined ? `use one of ${ids.join(', ')}` : `did you mean ${near}?`,
    });
  }
}

async function mapOf(flags: MapArgs, known: Assistants, io: Io): Promise<ExposureMap> {
  const { defaultThreads } = await import('../threads.ts');
  const open = await openScan(io, { config: flags.config });
  const root = realpathSync(open.root);
  const own = new OwnFiles(known, process.platform);
  const home = flags.home === true ? realpathSync(io.env['HOME'] ?? homedir()) : undefined;
  const files = home === undefined ? undefined : own.inHome(home);
  const live = startLive(io, flags, root, flags.threads ?? defaultThreads());
  try {
    const made = await makeMap({
      root,
      isRepository: open.inRepository,
      scan: { ...open.options, ...live.options },
      history: flags.history !== false,
      dependencies: flags.dependencies === true,
      ...(home !== undefined && files !== undefined && { home: { folder: home, files: files.files } }),
      variables: flags.env === false ? [] : variablesOf(Object.keys(io.env), await providers()),
      possible: flags.possible === true,
      suppressed: flags.showSuppressed === true,
      known,
      asked: flags.assistant ?? [],
      configure: await configurer(),
      ownerOf: (path) => own.ownerOf(path),
      version,
      repository: basename(root),
      now: new Date(),
    });
    const cut = files?.isCut === true ? ['the home folder has more files of assistants than are looked at'] : [];
    return { ...made, notices: [...made.notices, ...open.notices, ...cut] };
  } finally {
    await live.end();
  }
}

async function providers(): Promise<readonly string[]> {
  return [...new Set(Object.values(await loadDetails()).flatMap((details) => details?.provider ?? []))];
}
