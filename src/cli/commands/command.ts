import type { Argv } from 'yargs';
import type { Io } from '../io.ts';

/** A command turns flags into calls and results into output and an exit code. It may not find, judge or suppress anything itself. */
export interface Command {
  readonly builder: (parser: Argv) => Argv;
  /** @returns the exit code */
  readonly run: (args: object, io: Io) => Promise<number>;
}
