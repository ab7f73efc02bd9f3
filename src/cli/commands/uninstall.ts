import type { Argv } from 'yargs';
import { findGlobal, uninstallGlobal } from '../../hooks/global.ts';
import { MANAGERS, managerNamed } from '../../hooks/index.ts';
import { type Change } from '../../hooks/manager.ts';
import { openSite } from '../../hooks/site.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { Command } from './command.ts';
import { home, type HookArgs, hookOptions, hooksOf, program, refuseGlobal, report } from './install.ts';

/** Takes the scan out of the repository's hooks. */
export const uninstall: Command = {
  builder: (parser: Argv): Argv => hookOptions(parser),
  run: (args: object, io: Io): Promise<number> => runUninstall(args, io),
};

export async function runUninstall(args: HookArgs, io: Io): Promise<number> {
  const hooks = hooksOf(args.hooks);
  if (args.global === true) {
    refuseGlobal(args);
    const found = await findGlobal(io.cwd, io.env, home(io));
    report(await uninstallGlobal(io.cwd, found), `global hooks in ${found.dir}`, io);
    return EXIT.clean;
  }
  const site = await openSite(io.cwd);
  // Without a name: wherever ours are found.
  const managers = args.manager === undefined ? MANAGERS : [managerNamed(args.manager)];
  const changes: Change[] = [];
  const next: string[] = [];
  for (const manager of managers) {
    const outcome = await manager.uninstall(site, { hooks, program: program(site) });
    changes.push(...outcome.changes);
    next.push(...outcome.next);
  }
  report({ changes, next }, 'hooks removed', io);
  return EXIT.clean;
}
