import type { Severity } from '../core/finding.ts';
import type { HalfSource, ProofUse } from './format.ts';
import type { RequiredRun } from './structure.ts';

/** What the engine needs of a rule before anything is found. */
export interface CompiledRule {
  readonly id: string;
  readonly severity: Severity;
  readonly distinctiveness: 'high' | 'medium' | 'low';
  /** RE2 syntax with a group named `secret`; absent where a detector makes the matches. */
  readonly pattern?: string;
  /** What a match needs; see `structure.ts`. */
  readonly run?: RequiredRun;
  readonly detector?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Lower case. */
  readonly near?: readonly string[];
  readonly nearBytes?: number;
  readonly proof?: ProofUse;
  readonly minEntropy?: number;
  readonly guessable: boolean;
  /** The credential class: `password`, `api-key`, `private-key`, … */
  readonly class: string;
}

/** What is shown of a rule once something is found. */
export interface RuleDetails {
  readonly title: string;
  readonly provider: string;
  readonly identity: {
    readonly class: string;
    readonly type: string;
    readonly grants: string;
    readonly lifetime: string;
  };
  readonly advice: { readonly text: string; readonly rotate?: string };
  readonly references: readonly string[];
}

/** What belongs to the secrets of each rule, by its id. */
export type Pairs = Readonly<Record<string, readonly HalfSource[] | undefined>>;

/** Literals and whom a hit concerns. */
export interface AnchorIndex {
  /** As compared: lower case, or with capitals where case counts. */
  readonly anchors: Literals;
  /** For each anchor, indices into `rules` (0 and up) or into `detectors` (`-1 - index`); most have one. The index behind the last detector is that of escapes, which hide text. */
  readonly owners: readonly (number | readonly number[])[];
}

/** Strings by index: an array, or what makes them when they are asked for. */
export interface Literals {
  at(index: number): string | undefined;
}

/** A file-name class; see `patterns/files.yaml`. */
export interface CompiledFileClass {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  /** Sources of V8 regular expressions, matched case-insensitively against the whole path. */
  readonly patterns: readonly string[];
  /** Source of one that fits the last part of every path that one of `patterns` fits; far quicker than those. */
  readonly lastPart: string;
}

/** A detector and the rules that it makes matches for. */
export interface DetectorRules {
  readonly name: string;
  readonly rules: readonly CompiledRule[];
}

/** What is known of a rule's matches without its pattern. */
export interface RuleNeeds extends RequiredRun {
  /** Words of which one must be near, a line each: a string for each of them would be a hook's garbage. */
  readonly near?: string;
  readonly nearBytes?: number;
}

/** The compact form that is loaded first: `dist/patterns/index.js`. */
export interface CompiledPatterns {
  readonly rules: readonly CompiledRule[];
  readonly detectors: readonly DetectorRules[];
  readonly anchorIndex: AnchorIndex;
  /** What a match of each rule needs, by index into `rules`; `null` where nothing is known. */
  readonly runs: readonly (RuleNeeds | null)[];
  /** Tables of the prefilter for `anchorIndex.anchors`; see `engine/prefilter.ts`. */
  readonly automaton: Uint8Array;
  readonly files: readonly CompiledFileClass[];
  /** Read where something is found. */
  readonly pairs: Pairs;
}

/** Words of placeholders and dummies, from `patterns/words/placeholders.yaml`. */
export interface Words {
  /** Whole values that are placeholders, compared without case, and with `-`, `_` and spaces left out. */
  readonly placeholder: readonly string[];
  /** Marks inside a value: it stands for another. */
  readonly marks: readonly string[];
  /** Passwords that are no secret: every attacker tries them first. */
  readonly weak: readonly string[];
  /** Values that are types, switches or fields. */
  readonly types: readonly string[];
}
