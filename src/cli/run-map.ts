import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { loadAssistants, type Assistants } from '../exposure/assistants.ts';
import { MAP_BASELINE_FILE } from '../exposure/changes.ts';
import type { ExposureMap } from '../exposure/exposure-map.ts';
import { Configurations } from '../exposure/settings/index.ts';
import { openProject, type Project } from '../exposure/settings/project.ts';
import { projectAt } from '../exposure/settings/project-at.ts';
import { planFixes, withClosable, type FixPlan } from '../exposure/fixes/index.ts';
import { classifyPath } from '../detectors/file-class.ts';
import { OwnFiles } from '../exposure/own-files.ts';
import { variablesOf } from '../exposure/variables.ts';
import { commitOf } from '../git/revisions.ts';
import { makeMap, remake, type Configure, type MapOptions } from '../map.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { startLive } from './live.ts';
import { readMapBaseline, writeMapBaseline } from './map-baseline.ts';
import { failingIn, gateOf } from './map-gate.ts';
import { openMapReports, type MapReportFlags } from './map-report.ts';
import { loadDetails, patterns } from './patterns.ts';
import { openScan, type ScanFlags } from './setup.ts';
import { version } from './version.ts';

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
  readonly fix?: boolean;
  readonly yes?: boolean;
}

/** Makes the map, reports it, and gives the exit code. */
export async function runMap(flags: MapArgs, io: Io): Promise<number> {
  const write = openMapReports(flags, io);
  const failOn = gateOf(flags.failOn);
  const known = await loadAssistants();
  assertKnown(flags.assistant ?? [], known);
  const { root, made, plan } = await mapOf(flags, known, io);
  await write(made);
  if (flags.fix === true && plan !== undefined) {
    const { runFixes } = await import('./map-fix.ts');
    return runFixes(plan, root, { isAgreed: flags.yes === true, isIncomplete: made.incomplete }, io);
  }
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
export function assertKnown(asked: readonly string[], { assistants }: Assistants, what = '--assistant'): void {
  const ids = assistants.map(({ id }) => id);
  for (const id of asked) {
    if (ids.includes(id)) continue;
    const near = nearest(id, ids);
    throw new UsageError(`${what}: there is no assistant ${JSON.stringify(id)}`, {
      fix: near === undefined ? `use one of ${ids.join(', ')}` : `did you mean ${near}?`,
    });
  }
}

async function mapOf(
  flags: MapArgs,
  known: Assistants,
  io: Io,
): Promise<{ readonly root: string; readonly made: ExposureMap; readonly plan: FixPlan | undefined }> {
  const { defaultThreads } = await import('./threads.ts');
  const open = await openScan(io, { config: flags.config });
  const root = realpathSync(open.root);
  const commit = flags.diff === undefined ? undefined : await commitOf(root, flags.diff, '--diff');
  const accepted = flags.baseline === false || flags.writeBaseline === true ? undefined : await readMapBaseline(root);
  const own = new OwnFiles(known, process.platform);
  const home = flags.home === true ? realpathSync(io.env['HOME'] ?? homedir()) : undefined;
  const files = home === undefined ? undefined : own.inHome(home);
  const project = {
    root,
    isRepository: open.inRepository,
    ...(home !== undefined && { home }),
    variable: (name: string) => io.env[name],
  };
  const configurer = (opened: Project): Configure => {
    const all = new Configurations(known, opened);
    return (assistant) => all.of(assistant);
  };
  const opened = await openProject(project);
  const before = commit === undefined ? undefined : await projectAt(commit, project);
  const live = startLive(io, flags, root, flags.threads ?? defaultThreads());
  try {
    const options: MapOptions = {
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
      configure: configurer(opened),
      project: opened,
      ...(commit !== undefined && {
        base: { commit, name: flags.diff ?? commit, configure: configurer(before ?? opened) },
      }),
      ...(accepted && { accepted: { name: MAP_BASELINE_FILE, known: accepted } }),
      ownerOf: (path) => own.ownerOf(path),
      version,
      repository: basename(root),
      now: new Date(),
    };
    const made = await makeMap(options);
    const plan = await planOf(made, options, opened);
    const cut = files?.isCut === true ? ['the home folder has more files of assistants than are looked at'] : [];
    const told = {
      ...made,
      notices: [...made.notices, ...open.notices, ...opened.notices, ...(before?.notices ?? []), ...cut],
    };
    return { root, made: plan === undefined ? told : withClosable(told, plan), plan };
  } finally {
    await live.end();
  }
}

/** What settings could close, where somebody may use them. */
async function planOf(made: ExposureMap, options: MapOptions, project: Project): Promise<FixPlan | undefined> {
  const idsInUse = made.assistants.filter(({ inUse }) => inUse).map(({ id }) => id);
  if (idsInUse.length === 0 || made.secrets.length === 0) return undefined;
  return planFixes({
    map: made,
    known: options.known,
    project,
    // The changes are for those in use.
    remade: (configure) => remake(made, { ...options, asked: idsInUse }, configure),
    isCredentialFile: (path) => {
      const kind = classifyPath(path, patterns.files)?.kind;
      return kind === 'env' || kind === 'credential' || kind === 'protected';
    },
  });
}

async function providers(): Promise<readonly string[]> {
  return [...new Set(Object.values(await loadDetails()).flatMap((details) => details?.provider ?? []))];
}
