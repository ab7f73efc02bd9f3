import { homedir } from 'node:os';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import { findGlobal, installGlobal } from '../../hooks/global.ts';
import { detectManager, managerNamed } from '../../hooks/index.ts';
import {
  HOOK_NAMES,
  type HookName,
  MANAGER_NAMES,
  type ManagerName,
  type Outcome,
  type Program,
  type Site,
} from '../../hooks/manager.ts';
import { openSite } from '../../hooks/site.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { packageRoot } from '../package-root.ts';
import type { Command } from './command.ts';

/** Where hooks go: what `install`, `uninstall` and `doctor` share. */
export interface HookArgs {
  readonly manager?: ManagerName | undefined;
  readonly hooks?: string | undefined;
  readonly global?: boolean;
}

export function hookOptions(parser: Argv): Argv {
  return parser
    .positional('manager', {
      choices: MANAGER_NAMES,
      describe: 'what runs the hooks; found by itself where it is left out',
    })
    .option('hooks', {
      type: 'string',
      describe: `which hooks, with commas between; all of ${HOOK_NAMES.join(',')} otherwise`,
    })
    .option('global', { type: 'boolean', default: false, describe: 'for every repository of this user' });
}

/** Puts the scan into the repository's hooks. */
export const install: Command = {
  builder: (parser: Argv): Argv => hookOptions(parser),
  run: (args: object, io: Io): Promise<number> => runInstall(args, io),
};

export async function runInstall(args: HookArgs, io: Io): Promise<number> {
  const hooks = hooksOf(args.hooks);
  if (args.global === true) {
    refuseGlobal(args);
    const found = await findGlobal(io.cwd, io.env, home(io));
    const outcome = await installGlobal(io.cwd, found, { hooks, program: program() });
    report(outcome, `global hooks in ${found.dir}`, io);
    return EXIT.clean;
  }
  const site = await openSite(io.cwd);
  const { manager, why } = choose(args, site);
  const outcome = await manager.install(site, { hooks, program: program(site) });
  report(outcome, `${manager.name} hooks (${why})`, io);
  return EXIT.clean;
}

export function choose(args: HookArgs, site: Site): ReturnType<typeof detectManager> {
  return args.manager === undefined ? detectManager(site) : { manager: managerNamed(args.manager), why: 'as asked' };
}

/** @throws {UsageError} for a name that is no hook of ours */
export function hooksOf(list: string | undefined): readonly HookName[] {
  if (list === undefined) return HOOK_NAMES;
  const names = list.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!HOOK_NAMES.some((known) => known === name)) {
      throw new UsageError(`--hooks: ${JSON.stringify(name)} is not a hook that keepmum serves`, {
        fix: `choose from ${HOOK_NAMES.join(', ')}`,
      });
    }
  }
  return HOOK_NAMES.filter((hook) => names.includes(hook));
}

export function refuseGlobal({ manager }: HookArgs): void {
  if (manager !== undefined && manager !== 'git') {
    throw new UsageError(`--global does not go with ${manager}`, { fix: 'leave out one of the two' });
  }
}

export function home(io: Io): string {
  return io.env['HOME'] ?? homedir();
}

/** This Node and this keepmum, by the names that outlive an update where there are such. */
export function program(site?: Site): Program {
  const root = packageRoot();
  const local = site === undefined ? undefined : join(site.root, 'node_modules', 'keepmum');
  const stable = local !== undefined && existsSync(local) && realpathSync(local) === realpathSync(root) ? local : root;
  return {
    node: slashes(process.execPath),
    entry: slashes(join(stable, 'dist', 'keepmum.js')),
    templates: join(root, 'hooks'),
  };
}

function slashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

export function report({ changes, next }: Outcome, title: string, io: Io): void {
  io.out(`keepmum: ${title}\n`);
  if (changes.length === 0) io.out('  nothing to do\n');
  for (const { action, path } of changes) io.out(`  ${action.padEnd(9)}  ${path}\n`);
  for (const sentence of next) io.out(`  next: ${sentence}\n`);
}
