import type { Argv } from 'yargs';
import { loadRegexEngine } from '../../engine/re2.ts';
import { examine } from '../../hooks/doctor.ts';
import { findGlobal } from '../../hooks/global.ts';
import { HOOK_NAMES } from '../../hooks/manager.ts';
import { openSite } from '../../hooks/site.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { version } from '../version.ts';
import type { Command } from './command.ts';
import { choose, home, type HookArgs, program } from './install.ts';

/** Shows whether the hooks work here, and proves it. */
export const doctor: Command = {
  builder: (parser: Argv): Argv => parser,
  run: (args: object, io: Io): Promise<number> => runDoctor(args, io),
};

/** @returns 0 all well, 1 something to fix; it throws (and 2 follows) where nothing could be checked */
export async function runDoctor(_args: HookArgs, io: Io): Promise<number> {
  const site = await openSite(io.cwd);
  const global = await findGlobal(io.cwd, io.env, home(io));
  const engine = (await loadRegexEngine(io.env['KEEPMUM_REGEX'])).name;
  const patient = { cwd: io.cwd, env: io.env, site, global, engine, version, ...choose({}, site) };
  const checks = await examine(patient, { hooks: HOOK_NAMES, program: program(site) });
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { level, name, text, fix } of checks) {
    io.out(`${level.padEnd(4)}  ${name.padEnd(width)}  ${text}\n`);
    if (fix !== undefined && level !== 'ok') io.out(`${' '.repeat(width + 8)}fix: ${fix}\n`);
  }
  const bad = checks.filter(({ level }) => level !== 'ok').length;
  io.out(bad === 0 ? 'all well\n' : `${bad} to fix\n`);
  return bad === 0 ? EXIT.clean : EXIT.findings;
}
