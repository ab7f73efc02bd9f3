import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { hasBlock, insertBlock, nextLine, removeBlocks } from './block.ts';
import { present, readEditable, readText, writeAtomically } from './file.ts';
import type { Change, HookName, HookStatus, InstallOptions, Manager, Outcome, Site } from './manager.ts';
import { HOOK_NAMES } from './manager.ts';
import { installRunner, removeRunner, runnerState } from './runner.ts';
import { render } from './template.ts';

/** husky 9 points `core.hooksPath` to `<folder>/_`, whose scripts start `<folder>/<hook>`. */
function huskyFolder(site: Site): string {
  const isHusky = basename(site.hooksDir) === '_' && existsSync(join(site.hooksDir, 'h'));
  return isHusky ? dirname(site.hooksDir) : join(site.root, '.husky');
}

/** The files of husky that could start our script. */
export function huskyHooks(site: Site): readonly string[] {
  return HOOK_NAMES.map((hook) => join(huskyFolder(site), hook));
}

function withBlock(text: string, hook: HookName, templates: string): string {
  const file = hook === 'pre-push' ? 'husky-pre-push.sh' : 'husky.sh';
  const lines = render(templates, file, { HOOK: hook }).trimEnd().split('\n');
  if (hook !== 'pre-push') return insertBlock(text, text.length, lines);
  // First, before another command reads what git says about the push.
  return insertBlock(text, text.startsWith('#!') ? nextLine(text, 0) : 0, lines);
}

/** husky 9: a block of lines in each of its hook files. */
export const husky: Manager = {
  name: 'husky',
  detect(site) {
    const folder = huskyFolder(site);
    return present(folder) ? `${relative(site.root, folder)} is there` : undefined;
  },
  async install(site: Site, { hooks, program }: InstallOptions): Promise<Outcome> {
    const folder = huskyFolder(site);
    const changes: Change[] = [installRunner(site, program)];
    const next: string[] = [];
    for (const hook of hooks) {
      const path = join(folder, hook);
      const old = readEditable(site.root, path);
      const rest = removeBlocks(old?.text ?? '');
      const text = withBlock(rest, hook, program.templates);
      if (hook !== 'pre-push' && /^[ \t]*(exec|exit)\b/m.test(rest)) {
        next.push(
          `check ${relative(site.root, path)}: a line with exec or exit may keep keepmum's block from being reached`,
        );
      }
      if (old?.text === text) {
        changes.push({ path, action: 'unchanged' });
        continue;
      }
      writeAtomically(path, text, old?.mode ?? 0o644);
      changes.push({ path, action: old === undefined ? 'created' : 'updated' });
    }
    if (!existsSync(join(folder, '_', 'h'))) next.push('run `npx husky`, which points git to its hooks');
    next.push(`commit .keepmum and ${relative(site.root, folder)}`);
    return { changes, next };
  },
  async uninstall(site: Site, { hooks }: InstallOptions): Promise<Outcome> {
    const changes: Change[] = [];
    for (const hook of hooks) {
      const path = join(huskyFolder(site), hook);
      const old = readEditable(site.root, path);
      if (old === undefined || !hasBlock(old.text)) continue;
      const text = removeBlocks(old.text);
      if (text === '') {
        rmSync(path);
        changes.push({ path, action: 'removed' });
      } else {
        writeAtomically(path, text, old.mode);
        changes.push({ path, action: 'restored' });
      }
    }
    const runner = removeRunner(site, huskyHooks(site));
    return { changes: runner === undefined ? changes : [...changes, runner], next: [] };
  },
  status(site: Site, { program }: InstallOptions): readonly HookStatus[] {
    const runner = runnerState(site, program);
    const folder = huskyFolder(site);
    return HOOK_NAMES.map((hook): HookStatus => {
      const fix = 'run `keepmum install husky`';
      const text = readText(join(folder, hook));
      if (text === undefined) return { hook, state: 'none', detail: 'no hook', fix };
      if (!hasBlock(text)) return { hook, state: 'foreign', detail: 'a husky hook without keepmum', fix };
      if (runner === 'none') return { hook, state: 'broken', detail: '.keepmum/hook.sh is missing', fix };
      if (!existsSync(join(folder, '_', hook)) || dirname(site.hooksDir) !== folder) {
        return {
          hook,
          state: 'broken',
          detail: 'husky is not active: core.hooksPath does not lead to it',
          fix: 'run `npx husky`',
        };
      }
      if (runner === 'stale' || text !== withBlock(removeBlocks(text), hook, program.templates)) {
        return { hook, state: 'stale', detail: 'made by another version', fix };
      }
      return { hook, state: 'ours', detail: 'keepmum through husky' };
    });
  },
};
