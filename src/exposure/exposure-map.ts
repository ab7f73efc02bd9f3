import type { Identity, Severity, Confidence, Suppression, SkippedGroup } from '../core/finding.ts';
import type { ChannelId, PartialDate } from './assistants.ts';
import type { Change } from './changes.ts';
import type { Problem, SettingPlace } from './settings/configuration.ts';

/**
 * The exposure map: which secrets each assistant could read, by which channel, and why. Holds no secret, and is all
 * that a report of it needs.
 */

/** Widest first: what counts where several channels or places differ. `unknown` counts as visible. */
export const VERDICTS = {
  visible: 'nothing stands in the way',
  unknown: 'not known; counts as visible',
  reachable: 'kept back at first; a parameter, a direct path, a prompt or another command brings it in',
  blocked: 'refused, and the model has no way round in this channel',
  'not-applicable': 'there is no such channel, or no such file there',
} as const;

export type Verdict = keyof typeof VERDICTS;

/** How the place of a secret lies to the repository. */
export const STANDINGS = {
  tracked: 'in the working tree, known to git',
  untracked: 'in the working tree, not yet known to git',
  ignored: 'in the working tree, ignored by git',
  'git-folder': 'in the settings of the repository, in its .git folder',
  history: 'in old commits only',
  stash: 'in a stash only',
  worktree: 'in another working tree of the repository',
  home: 'in the home folder',
  environment: 'in a variable of the environment',
} as const;

export type Standing = keyof typeof STANDINGS;

/** One place at which a secret stands. */
export interface Place {
  readonly standing: Standing;
  /** From the root of the repository; behind `~/` in the home folder, absolute elsewhere; the name of a variable. */
  readonly path: string;
  /** From 1; absent for a variable. `column` in UTF-16 units from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Where it is not in the working tree: the commit that brought it. */
  readonly commit?: string;
  /** It is also in the objects of git: its file is tracked, or old commits hold it. */
  readonly isInHistory: boolean;
  /** The file is one of an assistant's own: its id, and what such a file is. */
  readonly own?: { readonly assistant: string; readonly holds: string };
}

/** What holding a secret means. */
export interface Power {
  readonly provider: string;
  /** Whose it is, where that is known: account, host, key id. */
  readonly holder?: string;
  readonly grants: string;
  readonly stage: 'production' | 'test' | 'unknown';
  readonly lifetime: 'long' | 'short' | 'unknown';
  /** ISO 8601, where it can be decoded. */
  readonly expires?: string;
}

export interface ExposedSecret {
  /** Its fingerprint; `env:NAME` for a variable, of which only the name is known. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Masked; the name of a variable. */
  readonly preview: string;
  readonly identity: Identity;
  readonly power: Power;
  readonly advice: string;
  readonly rotate?: string;
  /** At least one; those of the working tree first. */
  readonly places: readonly Place[];
  readonly suppressedBy?: Suppression;
}

/** A page that says so. */
export interface Citation {
  /** `inference` and `unchecked` have no page. */
  readonly id: string;
  readonly url?: string;
  readonly date?: PartialDate;
}

/** Why a verdict is what it is. */
export interface Reason {
  readonly text: string;
  /** What decided here: a file of the repository or of the home folder, and its pattern. */
  readonly at?: SettingPlace & { readonly pattern?: string };
  readonly sources: readonly Citation[];
}

export interface ChannelVerdict {
  readonly channel: ChannelId;
  readonly verdict: Verdict;
  /** Index into `ExposureMap.reasons`. */
  readonly reason: number;
  /** Index into the places of the secret: the one that this holds for. */
  readonly place: number;
}

/** One secret and one assistant. */
export interface Cell {
  readonly verdict: Verdict;
  /** The channel that opens it; absent where none does. */
  readonly channel?: ChannelId;
  /** One for each channel, in the order of `CHANNELS`. */
  readonly channels: readonly ChannelVerdict[];
  /** A setting that this assistant has, and that is not made here, would close it; absent where none could or is needed. */
  readonly closable?: boolean;
}

export interface MappedAssistant {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  /** It has left marks here, or was asked for. */
  readonly inUse: boolean;
  readonly marks: readonly string[];
  readonly verifiedAt: PartialDate;
  /** Its statements are older than 120 days. */
  readonly isOld: boolean;
  readonly settings: readonly SettingPlace[];
  /** In the order of `ExposureMap.secrets`. */
  readonly cells: readonly Cell[];
  readonly privileges: readonly Privilege[];
}

/** What an assistant could do with what it could read: secrets of one provider and one holder. */
export interface Privilege {
  readonly provider: string;
  readonly holder?: string;
  readonly grants: readonly string[];
  readonly stage: Power['stage'];
  readonly lifetime: Power['lifetime'];
  readonly severity: Severity;
  /** The widest. */
  readonly verdict: Verdict;
  /** Indexes into `ExposureMap.secrets`. */
  readonly secrets: readonly number[];
  /** Places at which they stand. */
  readonly places: number;
}

/** Something about settings and files of assistants that a person should know. */
export interface MapProblem extends Omit<Problem, 'sources'> {
  readonly sources: readonly Citation[];
}

export interface ExposureMap {
  readonly version: string;
  /** ISO 8601. */
  readonly made: string;
  /** Name of the folder. */
  readonly repository: string;
  /** Those in use first, each group by name. */
  readonly assistants: readonly MappedAssistant[];
  /** Worst first. */
  readonly secrets: readonly ExposedSecret[];
  readonly reasons: readonly Reason[];
  readonly problems: readonly MapProblem[];
  /** What is open and was not before, or was not accepted; absent where nothing was compared. */
  readonly changes?: { readonly since: string; readonly all: readonly Change[] };
  readonly skipped: readonly SkippedGroup[];
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds. */
  readonly elapsed: number;
  readonly incomplete: boolean;
  readonly interrupted?: true;
  readonly notices: readonly string[];
}
