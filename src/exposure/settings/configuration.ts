import type { ChannelId, Hardness } from '../assistants.ts';
import type { Decision, OmittedRule, Subject } from '../matching/rule.ts';

/** Where a setting stands, for whoever has to find it. */
export interface SettingPlace {
  /** From the root of the repository, or behind `~/` or `/`. */
  readonly file: string;
  /** From 1; absent for a file as a whole. */
  readonly line?: number;
}

/** Whether something is in force here, and what says so. */
export interface State {
  readonly state: 'on' | 'off' | 'unknown';
  /** A short sentence for people: which setting, or that none stands there; never the value of a secret. */
  readonly text: string;
  readonly at?: SettingPlace;
}

/** What a barrier says of a file or a variable; `ask`: the user is asked. */
export type BarrierDecision = Pick<Decision, 'effect' | 'file' | 'line' | 'pattern'>;

/** Mechanisms of one assistant that act in one channel as one: each barrier stands in the way by itself. */
export interface Barrier extends State {
  /** Keys of `Assistant.mechanisms`; several where they are joined, such as .gitignore and .geminiignore. */
  readonly mechanisms: readonly string[];
  readonly hardness: Hardness;
  /**
   * What it says of a file, relative to the root (or behind `~/`, for files of the home folder); of a variable,
   * by its name, in the channel `env`. Nothing where it says nothing. Never throws.
   */
  decide(subject: Subject): BarrierDecision | undefined;
  /** Rules that were too long or too many: no path is said to be denied or open for certain. */
  readonly omitted: readonly OmittedRule[];
}

/** A sandbox that commands run in. `escapable`: it is on, and the model may ask to leave it, or it may fall away. */
export interface SandboxState {
  readonly state: 'on' | 'escapable' | 'off' | 'unknown';
  readonly text: string;
  readonly at?: SettingPlace;
}

/** Something about the settings themselves that a person should know. */
export interface Problem {
  /** `assistant-placebo`, `assistant-pitfall`, `assistant-settings`, … : what a finding of it is called. */
  readonly rule: string;
  /** Absent: of no assistant in particular. */
  readonly assistant?: string;
  readonly file: string;
  readonly line?: number;
  /** One or two sentences; never the value of a secret. */
  readonly text: string;
  /** What to do, as an imperative sentence. */
  readonly fix: string;
  /** Ids of sources, of the assistant or of what assistants share. */
  readonly sources: readonly string[];
}

/** What the real settings, of the repository and of the home folder where it was asked for, make of one assistant. */
export interface Configuration {
  readonly assistant: string;
  /** Its marks that were found here, as `Assistant.marks` has them; those of the home folder begin with `~/`. */
  readonly marks: readonly string[];
  /** It is switched off here altogether, such as by `.noai`. */
  readonly off?: State;
  readonly sandbox: SandboxState;
  barriers(channel: ChannelId): readonly Barrier[];
  /** It loads this file into its own environment. Paths as in {@link Barrier.decide}. */
  loads(path: string): boolean;
  /** The instruction file itself, or the line that imports it; nothing for a file that is not sent this way. */
  imports(path: string): SettingPlace | undefined;
  /** Settings and ignore files that were read. */
  readonly files: readonly SettingPlace[];
  readonly problems: readonly Problem[];
}
