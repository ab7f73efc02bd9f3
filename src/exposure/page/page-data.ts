import type { Citation, ExposureMap, MappedAssistant, Reason } from '../exposure-map.ts';
import type { Problem } from '../settings/configuration.ts';

/**
 * The map as the page carries it: what repeats in thousands of cells is there once and named by its number, and
 * words that the page needs stand beside it, so that its code knows none of them.
 */
export interface PageData extends Omit<ExposureMap, 'assistants' | 'reasons' | 'problems'> {
  readonly assistants: readonly PageAssistant[];
  /** What cells say; see `Profile`. */
  readonly profiles: readonly Profile[];
  readonly reasons: readonly PageReason[];
  readonly sources: readonly PageSource[];
  readonly problems: readonly PageProblem[];
  /** In the order of `ExposureMap`: verdicts widest first, severities worst first. */
  readonly channels: readonly Term[];
  readonly verdicts: readonly Term[];
  readonly standings: readonly Term[];
  readonly severities: readonly string[];
}

/** A word of the map and what it means. */
export interface Term {
  readonly id: string;
  readonly text: string;
}

/**
 * One cell in numbers: its verdict, the channel that opens it (-1: none), whether a setting would close it (1 or 0),
 * then verdict, reason and place of each channel. Verdicts and channels are indexes into those of `PageData`.
 */
export type Profile = readonly number[];

/** Numbers of a profile before those of its channels, and for each channel. */
export const PROFILE_HEAD = 3;
export const PER_CHANNEL = 3;

export interface PageAssistant extends Omit<MappedAssistant, 'cells'> {
  /** Index into `PageData.profiles` for each secret. */
  readonly cells: readonly number[];
}

export interface PageReason extends Omit<Reason, 'sources'> {
  /** Indexes into `PageData.sources`. */
  readonly sources: readonly number[];
}

export interface PageSource extends Citation {
  /** Older than 120 days when the map was made. */
  readonly isOld?: true;
}

export interface PageProblem extends Omit<Problem, 'sources'> {
  readonly sources: readonly number[];
}
