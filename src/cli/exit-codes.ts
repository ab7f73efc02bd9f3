import { KeepmumError } from '../core/errors.ts';
import type { Summary } from '../core/finding.ts';

/** The one table of exit codes. */
export const EXIT = {
  /** All that was asked for was examined, and nothing at or above `--fail-on` was found. */
  clean: 0,
  /** Findings at or above `--fail-on`. */
  findings: 1,
  /** The job, or a part of it, could not be done. */
  failed: 2,
} as const;

/** Of a whole run. */
export function exitCodeOf({ interrupted, blocking, incomplete }: Summary): number {
  if (interrupted === true) return EXIT.failed;
  if (blocking > 0) return EXIT.findings;
  return incomplete ? EXIT.failed : EXIT.clean;
}

/** One line for people, and what to do. Anything that is not ours is a bug and shows where it is. */
export function describeError(error: unknown): string {
  if (error instanceof KeepmumError) {
    return error.fix === undefined ? `keepmum: ${error.message}\n` : `keepmum: ${error.message}\n  fix: ${error.fix}\n`;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `keepmum: this is a bug in keepmum, please report it\n${stack}\n`;
}
