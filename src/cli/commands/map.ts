import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { loadAssistants, type Assistants } from '../../exposure/assistants.ts';
import { MAP_BASELINE_FILE } from '../../exposure/changes.ts';
import type { ExposureMap } from '../../exposure/exposure-map.ts';
import { OwnFiles } from '../../exposure/own-files.ts';
import { variablesOf } from '../../exposure/variables.ts';
import { commitOf } from '../../git/revisions.ts';
import { makeMap, type Configure } from '../../map.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { startLive } from '../live.ts';
import { readMapBaseline, writeMapBaseline } from '../map-baseline.ts';
import { failingIn, gateOf } from '../map-gate.ts';
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
  readonly failOn?: string;
  readonly diff?: string;
  readonly baseline?: boolean;
  readonly writeBaseline?: boolean;
}

/** Which secrets each AI coding assistant could read. */
export const map = {
  command: 'map',
  describe: 'which secrets each AI coding assistant could read, by which channel, and what they grant',
  builder: (parser: Argv): Argv =>
    parser
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
  run: (args: object, io: Io): Promise<number> => runMap(args, io),
};

async function runMap(flags: MapArgs, io: Io): Promise<number> {
  const write = openMapReports(flags, io);
  const failOn = gateOf(flags.failOn);
  const known = await loadAssistants();
  assertKnown(flags.assistant ?? [], known);
  const { root, made } = await mapOf(flags, known, io);
  await write(made);
  if (flags.writeBaseline === true) {
    writeMapBaseline(root, made);
    io.err(`keepmum: what is open now is accepted in ${MAP_BASELINE_FILE}; commit it\n`);
    return made.incomplete ? EXIT.failed : EXIT.clean;
  }
  const failing = failOn === undefined ? [] : failingIn(made, failOn);
  for (const line of failing) io.err(`keepmum: ${line}\n`);
  if (made.interrupted === true) return EXIT.failed;
  if (failing.length > 0) return EXIT.findings;
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

async function mapOf(
  flags: MapArgs,
  known: Assistants,
  io: Io,
): Promise<{ readonly root: string; readonly made: ExposureMap }> {
  const { defaultThreads } = await import('../threads.ts');
  const open = await openScan(io, { config: flags.config });
  const root = realpathSync(open.root);
  const commit = flags.diff === undefined ? undefined : await commitOf(root, flags.diff, '--diff');
  const accepted = flags.baseline === false || flags.writeBaseline === true ? undefined : await readMapBaseline(root);
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
      ...(commit !== undefined && {
        base: { commit, name: flags.diff ?? commit, configure: await configurer(commit) },
      }),
      ...(accepted && { accepted: { name: MAP_BASELINE_FILE, known: accepted } }),
      ownerOf: (path) => own.ownerOf(path),
      version,
      repository: basename(root),
      now: new Date(),
    });
    const cut = files?.isCut === true ? ['the home folder has more files of assistants than are looked at'] : [];
    return { root, made: { ...made, notices: [...made.notices, ...open.notices, ...cut] } };
  } finally {
    await live.end();
  }
}

async function providers(): Promise<readonly string[]> {
  return [...new Set(Object.values(await loadDetails()).flatMap((details) => details?.provider ?? []))];
}

// Until settings are read: what counts by itself.
async function configurer(_commit?: string): Promise<Configure> {
  const [{ compileOf }, { readFileSync }, { countsByDefault }] = await Promise.all([
    import('../../exposure/matching/index.ts'),
    import('node:fs'),
    import('../../exposure/compile-assistants.ts'),
  ]);
  let text = '';
  try {
    text = readFileSync('.gitignore', 'utf8');
  } catch {}
  const git = compileOf('gitignore')?.([{ file: '.gitignore', rules: text }]);
  return (assistant) => ({
    assistant: assistant.id,
    marks: ['claude-code', 'cursor', 'codex', 'gemini-cli', 'copilot-vscode'].includes(assistant.id) ? ['x'] : [],
    sandbox: { state: 'off', text: 'The sandbox is off.' },
    barriers: (channel) => {
      const own = assistant.channels[channel].barriers;
      if (typeof own === 'string') return [];
      return Object.entries(own).flatMap(([id, hardness]) => {
        const mechanism = assistant.mechanisms[id];
        if (mechanism === undefined || !countsByDefault(mechanism)) return [];
        const inner =
          mechanism.kind === 'gitignore'
            ? git
            : compileOf('gitignore')?.([{ file: 'builtin', rules: (mechanism.patterns ?? []).join('\n') }]);
        if (inner === undefined) return [];
        return [
          {
            mechanisms: [id],
            hardness,
            state: 'on' as const,
            text: mechanism.text,
            omitted: [],
            decide: (s) => inner.decide(s),
          },
        ];
      });
    },
    loads: () => false,
    imports: () => undefined,
    files: [],
    problems: [],
  });
}
