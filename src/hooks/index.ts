/**
 * The managers of git hooks that keepmum installs itself into, one file each.
 * A manager may read and write hook files and the configuration of its own tool, and keep what is there.
 * It may not scan, decide what is a secret, or write a path of this machine into a file that is committed.
 */
import { git } from './git.ts';
import { husky } from './husky.ts';
import { lefthook } from './lefthook.ts';
import { preCommit } from './pre-commit.ts';
import type { Manager, ManagerName, Site } from './manager.ts';

/** In the order in which they are looked for; git fits always. */
export const MANAGERS: readonly Manager[] = [husky, lefthook, preCommit, git];

export function managerNamed(name: ManagerName): Manager {
  return MANAGERS.find((manager) => manager.name === name) ?? git;
}

/** The manager that the repository uses, and why it is taken to. */
export function detectManager(site: Site): { readonly manager: Manager; readonly why: string } {
  for (const manager of MANAGERS) {
    const why = manager.detect(site);
    if (why !== undefined) return { manager, why };
  }
  return { manager: git, why: 'no hook manager found' };
}
