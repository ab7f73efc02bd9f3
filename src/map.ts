/**
 * The exposure map, top to bottom: everything that could be read is scanned, what was found is gathered into secrets
 * with their places, the settings of each assistant are read, and each secret is judged for each assistant.
 */
import { join, relative, sep } from 'node:path';
import type { Finding, Summary } from './core/finding.ts';
import { mergeSummaries } from './core/merge-summaries.ts';
import { isOld, type Assistant, type Assistants } from './exposure/assistants.ts';
import type {
  Citation,
  ExposedSecret,
  ExposureMap,
  MapProblem,
  MappedAssistant,
  Place,
  Reason,
  Standing,
} from './exposure/exposure-map.ts';
import { ownProblems } from './exposure/own-problems.ts';
import type { Project } from './exposure/settings/project.ts';
import { changesOf, knownOf, type Known } from './exposure/changes.ts';
import { gatherSecrets, type Sighting } from './exposure/gathering.ts';
import { privilegesOf } from './exposure/privileges.ts';
import type { Configuration } from './exposure/settings/configuration.ts';
import { cellOf, type Judgement } from './exposure/verdict.ts';
import { findRepository } from './git/repository.ts';
import { otherWorktrees, stashCommits } from './git/surroundings.ts';
import { scanAll, type ScanOptions } from './scan.ts';
import type { Source } from './core/chunk.ts';
import { historySource } from './sources/history.ts';
import { worktreeSource } from './sources/worktree.ts';

/** What settings make of an assistant. */
export type Configure = (assistant: Assistant) => Configuration;

/** A commit that a map is compared with. */
export interface Base {
  readonly commit: string;
  /** As it was asked for. */
  readonly name: string;
  /** By the settings of that commit. */
  readonly configure: Configure;
}

/** Everything that a map needs, resolved. */
export interface MapOptions {
  /** The top of the working tree, or a folder outside of git. Absolute, links resolved. */
  readonly root: string;
  readonly isRepository: boolean;
  readonly scan: ScanOptions;
  /** Old commits, stashes and reflogs too. */
  readonly history: boolean;
  /** Ignored folders of dependencies and of build output too. */
  readonly dependencies: boolean;
  /** Files of the home folder: that folder, and those to look at, relative to it. */
  readonly home?: { readonly folder: string; readonly files: readonly string[] };
  /** Secrets that were told by their names only. */
  readonly variables: readonly ExposedSecret[];
  /** Findings that are no more than possible count too. */
  readonly possible: boolean;
  /** What exceptions and comments suppress counts too; what a baseline does counts always. */
  readonly suppressed: boolean;
  readonly known: Assistants;
  /** The ids that were asked for; all where there are none. */
  readonly asked: readonly string[];
  readonly configure: Configure;
  /** What settings are read from. */
  readonly project: Project;
  /** A commit to compare with. */
  readonly base?: Base;
  /** What is accepted, and what says so. */
  readonly accepted?: { readonly name: string; readonly known: Known };
  /** Whose own file a path is. */
  readonly ownerOf: (path: string) => Place['own'] | undefined;
  readonly version: string;
  readonly repository: string;
  readonly now: Date;
}

/**
 * Makes a map.
 * @throws {KeepmumError} where what was asked for cannot be read as a whole
 */
export async function makeMap(options: MapOptions): Promise<ExposureMap> {
  const started = process.hrtime.bigint();
  const looked = new Looked(options);
  const sightings = await looked.sightings();
  const secrets = [...gatherSecrets(sightings), ...options.variables];
  const reasons = new Reasons();
  const { assistants, configurations } = judged(options, options.configure, secrets, reasons);
  const made = { assistants, secrets };
  const changes = await changesIn(made, options, async (base) => {
    const before = [...gatherSecrets(await looked.sightingsAt(base.commit, sightings)), ...options.variables];
    return { ...judged(options, base.configure, before, new Reasons()), secrets: before };
  });
  const summary = mergeSummaries(looked.summaries);
  return {
    version: options.version,
    made: options.now.toISOString(),
    repository: options.repository,
    ...made,
    reasons: reasons.all,
    problems: problemsOf(options, configurations, secrets, assistants),
    ...(changes && { changes }),
    skipped: summary.skipped,
    files: summary.files,
    bytes: summary.bytes,
    elapsed: Number(process.hrtime.bigint() - started) / 1e6,
    incomplete: summary.incomplete,
    ...(summary.interrupted === true && { interrupted: true }),
    notices: [...summary.notices, ...looked.notices()],
  };
}

/** The same secrets by other settings. */
export function remake(
  { secrets }: Pick<ExposureMap, 'secrets'>,
  options: Pick<MapOptions, 'known' | 'asked' | 'now'>,
  configure: Configure,
): Pick<ExposureMap, 'assistants' | 'reasons'> {
  const reasons = new Reasons();
  const { assistants } = judged(options, configure, secrets, reasons);
  return { assistants, reasons: reasons.all };
}

/** What is open now and was not in the commit to compare with, and is not accepted either. */
async function changesIn(
  map: Pick<ExposureMap, 'assistants' | 'secrets'>,
  { base, accepted }: MapOptions,
  at: (base: Base) => Promise<Pick<ExposureMap, 'assistants' | 'secrets'>>,
): Promise<ExposureMap['changes']> {
  const known = [...(base ? [knownOf(await at(base))] : []), ...(accepted ? [accepted.known] : [])];
  if (known.length === 0) return undefined;
  return {
    since: [base?.name, accepted?.name].filter((name) => name !== undefined).join(' and '),
    all: changesOf(map, ...known),
  };
}

/** Scans everything that could be read, and tells how each place lies to the repository. */
class Looked {
  readonly summaries: Summary[] = [];
  readonly #options: MapOptions;
  #possible = 0;
  #suppressed = 0;

  constructor(options: MapOptions) {
    this.#options = options;
  }

  async sightings(): Promise<readonly Sighting[]> {
    const { root, isRepository, history, home } = this.#options;
    const ignored = this.#options.dependencies ? 'all' : 'but-dependencies';
    const here = await this.#findings(worktreeSource({ cwd: root, ignored }));
    const before = isRepository && history ? await this.#findings(historySource({ cwd: root })) : undefined;
    const others: Sighting[] = [];
    if (isRepository) {
      // Addresses of remotes, with what stands before the @.
      const { commonDir } = await findRepository(root);
      const settings = worktreeSource({ cwd: root, paths: [join(commonDir, 'config')], isPlain: true });
      const found = await this.#findings(settings);
      others.push(...found.map((finding) => this.#sighting(finding, 'git-folder', finding.path)));
    }
    for (const folder of isRepository ? await otherWorktrees(root) : []) {
      const name = relative(root, folder).split(sep).join('/');
      const found = await this.#findings(worktreeSource({ cwd: folder, ignored }));
      others.push(...found.map((finding) => this.#sighting(finding, 'worktree', `${name}/${finding.path}`)));
    }
    if (home !== undefined && home.files.length > 0) {
      const found = await this.#findings(worktreeSource({ cwd: home.folder, paths: home.files, isPlain: true }));
      others.push(...found.map((finding) => this.#sighting(finding, 'home', `~/${finding.path}`)));
    }
    return [...(await this.#placed(here, before)), ...others];
  }

  /** What could be read at a commit: its tree and history, and what is in no commit, as it is now. */
  async sightingsAt(commit: string, now: readonly Sighting[]): Promise<readonly Sighting[]> {
    const { root } = this.#options;
    const before = await this.#findings(historySource({ cwd: root, branches: [commit], head: commit }));
    return [
      ...before.map((finding) =>
        this.#sighting(finding, finding.history?.inHead === true ? 'tracked' : 'history', finding.path, true),
      ),
      ...now.filter(({ place: { standing } }) => standing !== 'tracked' && standing !== 'history'),
    ];
  }

  /** Plain sentences on what was found and is not in the map. */
  notices(): string[] {
    const said: string[] = [];
    if (this.#possible > 0)
      said.push(`${countOf(this.#possible, 'possible finding')} left out; --possible takes them in`);
    if (this.#suppressed > 0) {
      said.push(
        `${countOf(this.#suppressed, 'finding')} left out that exceptions suppress; --show-suppressed takes them in`,
      );
    }
    return said;
  }

  /** Those of the working tree, and those that only git still has. */
  async #placed(here: readonly Finding[], before: readonly Finding[] | undefined): Promise<Sighting[]> {
    const { root, project } = this.#options;
    const listed = new Set(project.paths);
    const committed = new Set(before?.map((finding) => keyOf(finding)));
    const standing = new Set(here.map((finding) => keyOf(finding)));
    const placed = here.map((finding) => {
      const { path } = finding;
      const lies = project.isTracked(path) ? 'tracked' : listed.has(path) ? 'untracked' : 'ignored';
      const isInHistory = before === undefined ? lies === 'tracked' : committed.has(keyOf(finding));
      return this.#sighting(finding, lies, path, isInHistory);
    });
    const gone = before?.filter((finding) => !standing.has(keyOf(finding))) ?? [];
    const stashed = gone.length > 0 ? await stashCommits(root) : new Set<string>();
    return [
      ...placed,
      ...gone.map((finding) =>
        this.#sighting(finding, stashed.has(finding.commit ?? '') ? 'stash' : 'history', finding.path, true),
      ),
    ];
  }

  #sighting(finding: Finding, standing: Standing, path: string, isInHistory = false): Sighting {
    const own = this.#options.ownerOf(path);
    const { line, column, commit } = finding;
    return {
      finding: { ...finding, path },
      place: {
        standing,
        path,
        line,
        column,
        ...(commit !== undefined && { commit }),
        isInHistory,
        ...(own && { own }),
      },
    };
  }

  /** All of one source that count. */
  async #findings(source: Source): Promise<readonly Finding[]> {
    const { findings, summary } = await scanAll(source, this.#options.scan);
    this.summaries.push(summary);
    return findings.filter((finding) => this.#counts(finding));
  }

  /** A baseline says that a secret is known, and nothing against it. */
  #counts({ suppressedBy, confidence }: Finding): boolean {
    if (suppressedBy !== undefined && suppressedBy.by !== 'baseline' && !this.#options.suppressed) {
      this.#suppressed++;
      return false;
    }
    if (confidence === 'possible' && !this.#options.possible) {
      this.#possible++;
      return false;
    }
    return true;
  }
}

function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function keyOf({ fingerprint, path }: Finding): string {
  return `${fingerprint}\0${path}`;
}

function judged(
  { known, asked, now }: Pick<MapOptions, 'known' | 'asked' | 'now'>,
  configure: Configure,
  secrets: readonly ExposedSecret[],
  reasons: Reasons,
): { readonly assistants: readonly MappedAssistant[]; readonly configurations: readonly Configuration[] } {
  const mapped: MappedAssistant[] = [];
  const configurations: Configuration[] = [];
  for (const assistant of known.assistants) {
    if (asked.length > 0 && !asked.includes(assistant.id)) continue;
    const configuration = configure(assistant);
    configurations.push(configuration);
    const numberOf = reasons.of(assistant);
    const cells = secrets.map((secret) => cellOf(secret, assistant, configuration, numberOf));
    mapped.push({
      id: assistant.id,
      name: assistant.name,
      vendor: assistant.vendor,
      inUse: asked.length > 0 || configuration.marks.length > 0,
      marks: configuration.marks,
      verifiedAt: assistant.verifiedAt,
      isOld: isOld(assistant.verifiedAt, now),
      settings: configuration.files,
      cells,
      privileges: privilegesOf(secrets, cells),
    });
  }
  const assistants = mapped.toSorted((a, b) => Number(b.inUse) - Number(a.inUse) || (a.name < b.name ? -1 : 1));
  return { assistants, configurations };
}

/** What is wrong with settings and files of those in use, and with files that are of nobody; each once. */
function problemsOf(
  { known, project }: MapOptions,
  configurations: readonly Configuration[],
  secrets: readonly ExposedSecret[],
  assistants: readonly MappedAssistant[],
): ExposureMap['problems'] {
  const seen = new Set<string>();
  return configurations.flatMap((configuration) => {
    const assistant = known.assistants.find(({ id }) => id === configuration.assistant);
    const inUse = assistants.find(({ id }) => id === configuration.assistant)?.inUse === true;
    const own = assistant && inUse ? ownProblems(secrets, assistant, configuration, project) : [];
    return [...configuration.problems, ...own].flatMap((problem): MapProblem[] => {
      if (problem.assistant !== undefined && !inUse) return [];
      const { rule, file, line, text, sources } = problem;
      const key = JSON.stringify([rule, file, line, text]);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ ...problem, sources: cited(sources, { ...known.sources, ...assistant?.sources }) }];
    });
  });
}

/** The pages that ids stand for. */
function cited(ids: readonly string[], sources: Assistant['sources']): Citation[] {
  return ids.map((id) => {
    const source = sources[id];
    return { id, ...(source && { url: source.url, date: source.date }) };
  });
}

/** Reasons, each once: the same few hold for most cells. */
class Reasons {
  readonly all: Reason[] = [];
  readonly #numbers = new Map<string, number>();

  of({ sources }: Assistant): (judgement: Judgement) => number {
    return ({ text, at, sources: ids }) => {
      const key = JSON.stringify([text, at, ids.map((id) => sources[id]?.url ?? id)]);
      let number = this.#numbers.get(key);
      if (number === undefined) {
        number = this.all.length;
        this.#numbers.set(key, number);
        this.all.push({
          text,
          ...(at && { at }),
          sources: cited(ids, sources),
        });
      }
      return number;
    };
  }
}
