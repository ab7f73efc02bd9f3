import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collectGit } from '../git/run.ts';
import { installInto, PASSED_ON, statusOf, uninstallFrom } from './git.ts';
import type { HookStatus, InstallOptions, Outcome } from './manager.ts';
import { HOOK_NAMES } from './manager.ts';
import { hooksPathSettings } from './site.ts';

/** Hooks for every repository of the user, through `core.hooksPath` in the global configuration. */
export interface GlobalHooks {
  /** Absolute. */
  readonly dir: string;
  /** The folder is keepmum's own; otherwise it is one that the user had configured before. */
  readonly own: boolean;
  /** The configuration leads to it. */
  readonly active: boolean;
}

/** @param home the user's home folder */
export async function findGlobal(cwd: string, env: NodeJS.ProcessEnv, home: string): Promise<GlobalHooks> {
  const configured = (await hooksPathSettings(cwd)).filter(({ scope }) => scope === 'global').at(-1)?.value;
  const own = join(configHome(env, home), 'keepmum', 'hooks');
  return configured === undefined || configured === own
    ? { dir: own, own: true, active: configured !== undefined }
    : { dir: configured, own: false, active: true };
}

export async function installGlobal(cwd: string, found: GlobalHooks, options: InstallOptions): Promise<Outcome> {
  const hooks = found.own ? [...options.hooks, ...PASSED_ON] : options.hooks;
  const changes = installInto(found.dir, hooks, options.program, found.own ? 'global' : 'repository', false);
  if (!found.active) {
    await collectGit(['config', '--global', 'core.hooksPath', found.dir.replaceAll('\\', '/')], { cwd });
  }
  return {
    changes,
    next: ['repositories with a core.hooksPath of their own (husky) do not see it: `keepmum doctor` tells'],
  };
}

export async function uninstallGlobal(cwd: string, found: GlobalHooks): Promise<Outcome> {
  const changes = existsSync(found.dir) ? uninstallFrom(found.dir, [...HOOK_NAMES, ...PASSED_ON]) : [];
  if (found.own && found.active) {
    await collectGit(['config', '--global', '--unset', 'core.hooksPath'], { cwd, accept: [5] });
  }
  return { changes, next: [] };
}

export function globalStatus(found: GlobalHooks, options: InstallOptions): readonly HookStatus[] {
  return statusOf(found.dir, options.program, found.own ? 'global' : 'repository', false);
}

function configHome(env: NodeJS.ProcessEnv, home: string): string {
  const { XDG_CONFIG_HOME } = env;
  return XDG_CONFIG_HOME === undefined || XDG_CONFIG_HOME === '' ? join(home, '.config') : XDG_CONFIG_HOME;
}
