/**
 * What people type after `keepmum`, one file each. A command turns flags into calls and results into
 * output and an exit code. It may not find, judge or suppress anything itself.
 */
import type { Argv } from 'yargs';
import type { Io } from '../io.ts';
import { allow } from './allow.ts';
import { audit } from './audit.ts';
import { baseline } from './baseline.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { hook } from './hook.ts';
import { install } from './install.ts';
import { map } from './map.ts';
import { report } from './report.ts';
import { rules } from './rules.ts';
import { scan } from './scan.ts';
import { uninstall } from './uninstall.ts';

export interface Command {
  readonly command: string;
  /** `false` leaves it out of the help. */
  readonly describe: string | false;
  readonly builder: (parser: Argv) => Argv;
  /** @returns the exit code */
  readonly run: (args: object, io: Io) => Promise<number>;
}

export const COMMANDS: readonly Command[] = [
  scan,
  map,
  explain,
  install,
  uninstall,
  doctor,
  allow,
  baseline,
  audit,
  rules,
  report,
  hook,
];
