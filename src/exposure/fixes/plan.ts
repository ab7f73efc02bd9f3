import type { Assistant, Assistants } from '../assistants.ts';
import type { ExposureMap } from '../exposure-map.ts';
import type { Project } from '../settings/project.ts';

/** A file of the repository that is to be changed, or made. */
export interface FileChange {
  /** From the root. */
  readonly file: string;
  /** Absent where there is no such file yet. */
  readonly before?: string;
  readonly after: string;
  /** Names of the assistants that it is for. */
  readonly assistants: readonly string[];
}

/** What no setting closes, for some secrets of one assistant. */
export interface Left {
  readonly assistant: string;
  /** Why, and what to do instead. */
  readonly text: string;
  /** Indexes into `ExposureMap.secrets`. */
  readonly secrets: readonly number[];
}

export interface FixPlan {
  readonly changes: readonly FileChange[];
  readonly left: readonly Left[];
  /** The map as it is once the changes are made. */
  readonly after: ExposureMap;
}

/** What a fixer has to close, and where it may look. */
export interface Closing {
  readonly assistant: Assistant;
  readonly known: Assistants;
  /** Files that are to be closed, from the root, sorted; some may be closed already. */
  readonly paths: readonly string[];
  readonly project: Project;
  /** Rules are wanted, and no sandbox is to be switched on. */
  readonly rulesOnly: boolean;
  /** Whether a mechanism says no to a path as things are. */
  denies(mechanism: string, path: string): boolean;
}

/** A text that a fixer wants a file to have. */
export interface Edit {
  readonly file: string;
  readonly after: string;
}

/**
 * Closes what one kind of setting closes: gives what files are to become, nothing for what is as it should be. It
 * adds, and changes nothing that is there; what it cannot express, and files that are broken, it leaves.
 */
export type Fixer = (closing: Closing) => readonly Edit[];
