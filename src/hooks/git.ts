import { accessSync, constants, existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { HookError } from '../core/errors.ts';
import { present, readText, writeAtomically } from './file.ts';
import type { Change, HookStatus, InstallOptions, Manager, Outcome, Program, Site } from './manager.ts';
import { HOOK_NAMES } from './manager.ts';
import { isOurs, quote, recorded, render } from './template.ts';

const CHAINED = '.keepmum-chained';

/**
 * The other hooks of githooks(5) that git would no longer find below a global folder; ours pass them
 * on. Left out are those whose mere presence changes what git does (`push-to-checkout`, `proc-receive`)
 * or that run at every step (`reference-transaction`, `post-index-change`).
 */
export const PASSED_ON: readonly string[] = [
  'applypatch-msg',
  'pre-applypatch',
  'post-applypatch',
  'prepare-commit-msg',
  'post-commit',
  'pre-rebase',
  'post-checkout',
  'post-merge',
  'pre-receive',
  'update',
  'post-receive',
  'post-update',
  'pre-auto-gc',
  'post-rewrite',
  'sendemail-validate',
];

type Scope = 'repository' | 'global';

function renderHook(program: Program, hook: string, scope: Scope, folder: string, portable: boolean): string {
  return render(program.templates, 'git.sh', {
    HOOK: hook,
    NODE: portable ? '' : quote(program.node),
    ENTRY: portable ? '' : quote(program.entry),
    SCOPE: scope,
    FOLDER: folder,
  });
}

/** The hooks folder is part of the working tree and may be committed: no path of this machine goes in. */
export function isCommitted(site: Site): boolean {
  const way = relative(site.root, site.hooksDir);
  return (
    way !== '' &&
    !way.startsWith('..') &&
    way !== '.git' &&
    !way.startsWith(`.git${sep}`) &&
    !site.hooksDir.startsWith(site.commonDir + sep)
  );
}

/**
 * Puts our hooks into a folder; a hook that is there is kept beside ours and still runs.
 * @throws {HookError} where a hook and a kept one are both there and neither is ours
 */
export function installInto(
  dir: string,
  hooks: readonly string[],
  program: Program,
  scope: Scope,
  portable: boolean,
): Change[] {
  const made = !existsSync(dir);
  for (const hook of hooks) refuseForeign(dir, hook, scope);
  const changes: Change[] = [];
  for (const hook of hooks) {
    const path = join(dir, hook);
    const old = readText(path);
    if (old !== undefined && isOurs(old)) {
      const folder = recorded(old.replace(/^# folder: /m, 'folder='), 'folder') ?? 'found';
      const text = renderHook(program, hook, scope, folder, portable);
      if (old === text && executable(path)) {
        changes.push({ path, action: 'unchanged' });
        continue;
      }
      writeAtomically(path, text, 0o755);
      changes.push({ path, action: 'updated' });
      continue;
    }
    const text = renderHook(program, hook, scope, made ? 'created' : 'found', portable);
    const chained = `${path}${CHAINED}`;
    if (old === undefined) {
      writeAtomically(path, text, 0o755);
      changes.push({ path, action: 'created' });
      continue;
    }
    renameSync(path, chained);
    try {
      writeAtomically(path, text, 0o755);
    } catch (error) {
      renameSync(chained, path);
      throw error;
    }
    changes.push({ path, action: 'chained' });
  }
  return changes;
}

function refuseForeign(dir: string, hook: string, scope: Scope): void {
  const path = join(dir, hook);
  const text = readText(path);
  if (text === undefined || isOurs(text)) return;
  if (scope === 'global') {
    throw new HookError(`${path} is not a hook of keepmum`, { fix: 'move it away, then install again' });
  }
  if (/\blefthook\b/.test(text) && /LEFTHOOK/.test(text)) {
    throw new HookError(`${path} belongs to lefthook, which would overwrite ours`, {
      fix: 'run `keepmum install lefthook`',
    });
  }
  if (present(`${path}${CHAINED}`)) {
    throw new HookError(`${path} is not ours, and ${hook}${CHAINED} is there already`, {
      fix: 'another tool replaced the hook: put the two into one file, or remove one, then install again',
    });
  }
}

export function uninstallFrom(dir: string, hooks: readonly string[]): Change[] {
  const changes: Change[] = [];
  let made = false;
  for (const hook of hooks) {
    const path = join(dir, hook);
    const text = readText(path);
    if (text === undefined || !isOurs(text)) continue;
    made ||= /^# folder: created$/m.test(text);
    const chained = `${path}${CHAINED}`;
    if (present(chained)) {
      renameSync(chained, path);
      changes.push({ path, action: 'restored' });
    } else {
      rmSync(path);
      changes.push({ path, action: 'removed' });
    }
  }
  if (made && readdirSync(dir).length === 0) rmdirSync(dir);
  return changes;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Hook by hook, what stands in a folder. */
export function statusOf(dir: string, program: Program, scope: Scope, portable: boolean): HookStatus[] {
  return HOOK_NAMES.map((hook): HookStatus => {
    const path = join(dir, hook);
    const text = readText(path);
    const again = `run \`keepmum install git${scope === 'global' ? ' --global' : ''}\``;
    if (text === undefined) return { hook, state: 'none', detail: 'no hook', fix: again };
    if (!isOurs(text))
      return {
        hook,
        state: 'foreign',
        detail: 'a hook that is not keepmum’s',
        fix: `${again}; it keeps the hook that is there`,
      };
    if (!executable(path)) return { hook, state: 'broken', detail: 'not executable, so git ignores it', fix: again };
    const node = recorded(text, 'keepmum_node') ?? '';
    const entry = recorded(text, 'keepmum_entry') ?? '';
    for (const [what, recordedPath] of [
      ['node', node],
      ['keepmum', entry],
    ] as const) {
      if (recordedPath !== '' && !existsSync(recordedPath)) {
        return { hook, state: 'broken', detail: `the ${what} it starts is gone: ${recordedPath}`, fix: again };
      }
    }
    const folder = /^# folder: created$/m.test(text) ? 'created' : 'found';
    if (text !== renderHook({ ...program, node, entry }, hook, scope, folder, portable)) {
      return { hook, state: 'stale', detail: 'made by another version', fix: again };
    }
    const chained = present(`${path}${CHAINED}`) ? `, with ${hook}${CHAINED}` : '';
    return { hook, state: 'ours', detail: `keepmum${chained}` };
  });
}

/** Plain git: files in the folder that `core.hooksPath` names, or `.git/hooks`. */
export const git: Manager = {
  name: 'git',
  detect: () => undefined,
  async install(site: Site, { hooks, program }: InstallOptions): Promise<Outcome> {
    const parent =
      basename(site.hooksDir) === '_' &&
      (existsSync(join(site.hooksDir, 'h')) || existsSync(join(site.hooksDir, 'husky.sh')));
    if (parent || basename(dirname(site.hooksDir)) === '.husky' || basename(site.hooksDir) === '.husky') {
      throw new HookError(`core.hooksPath leads to ${site.hooksDir}, which belongs to husky`, {
        fix: 'run `keepmum install husky`',
      });
    }
    const portable = isCommitted(site);
    const changes = installInto(site.hooksDir, hooks, program, 'repository', portable);
    const next = portable
      ? [
          `commit ${relative(site.root, site.hooksDir)}: it is part of the working tree, so the hooks look keepmum up by themselves`,
        ]
      : [];
    return { changes, next };
  },
  async uninstall(site: Site, { hooks }: InstallOptions): Promise<Outcome> {
    return { changes: uninstallFrom(site.hooksDir, hooks), next: [] };
  },
  status: (site: Site, { program }: InstallOptions) =>
    statusOf(site.hooksDir, program, 'repository', isCommitted(site)),
};
