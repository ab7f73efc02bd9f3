import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, parse, parseDocument } from 'yaml';
import { HookError } from '../core/errors.ts';
import { hasBlock, insertBlock, nextLine, removeBlocks } from './block.ts';
import { present, readEditable, readText, writeAtomically } from './file.ts';
import { huskyHooks } from './husky.ts';
import type { Change, HookName, HookStatus, InstallOptions, Manager, Outcome, Site } from './manager.ts';
import { HOOK_NAMES } from './manager.ts';
import { installRunner, removeRunner, runnerState } from './runner.ts';
import { render } from './template.ts';

const CONFIG = '.pre-commit-config.yaml';

interface Config {
  readonly repos?: readonly { readonly hooks?: readonly { readonly entry?: string }[] }[] | null;
}

function byHand(why: string): HookError {
  return new HookError(`${CONFIG} ${why}`, { fix: 'add what docs/hooks.md shows under "pre-commit" by hand' });
}

/** The `repo: local` entry with the hooks asked for, first line `- repo: local`. */
function entryLines(templates: string, hooks: readonly HookName[]): string[] {
  const lines = render(templates, 'pre-commit.yaml').trimEnd().split('\n');
  const body = lines.slice(lines.indexOf('repos:') + 1).map((line) => line.slice(2));
  const first = body.findIndex((line) => line.startsWith('    - id:'));
  const items = body
    .slice(first)
    .join('\n')
    .split(/\n(?= {4}- id:)/);
  return [
    ...body.slice(0, first),
    ...items
      .filter((item) => hooks.some((hook) => item.includes(`stages: [${hook}]`)))
      .flatMap((item) => item.split('\n')),
  ];
}

function withEntry(rest: string, hooks: readonly HookName[], templates: string): string {
  if (hooks.length === 0) return rest;
  const lines = entryLines(templates, hooks);
  const document = parseDocument(rest);
  if (document.errors.length > 0) throw byHand('is not valid YAML');
  const root = document.contents;
  const indented = lines.map((line) => `  ${line}`);
  if (root === null) return insertBlock(rest, rest.length, ['repos:', ...indented]);
  if (!isMap(root) || root.flow === true) throw byHand('is not written in a form that keepmum can edit');
  const repos = root.items.find((pair) => isScalar(pair.key) && pair.key.value === 'repos');
  let text: string;
  if (repos === undefined || !isScalar(repos.key)) {
    text = insertBlock(rest, rest.length, ['repos:', ...indented]);
  } else if (isSeq(repos.value) && repos.value.flow !== true && repos.value.range) {
    const start = repos.value.range[0];
    const indent = ' '.repeat(start - (rest.lastIndexOf('\n', start - 1) + 1));
    text = insertBlock(rest, nextLine(rest, repos.key.range?.[0] ?? 0), lines, indent);
  } else if (repos.value === null || (isScalar(repos.value) && repos.value.value === null)) {
    text = insertBlock(rest, nextLine(rest, repos.key.range?.[0] ?? 0), lines, '  ');
  } else {
    throw byHand('writes repos in a form that keepmum cannot edit');
  }
  const read = parse(text) as Config | null;
  const entries = read?.repos?.flatMap((repo) => repo.hooks?.map((hook) => hook.entry) ?? []) ?? [];
  for (const hook of hooks) {
    if (!entries.includes(`sh .keepmum/hook.sh --framework ${hook}`)) throw byHand(`could not be edited for ${hook}`);
  }
  return text;
}

function installed(text: string): HookName[] {
  return HOOK_NAMES.filter((hook) => new RegExp(`hook\\.sh --framework ${hook}\\s*$`, 'm').test(text));
}

/** The pre-commit framework (pre-commit.com): a local entry in its configuration. */
export const preCommit: Manager = {
  name: 'pre-commit',
  detect: (site) => (present(join(site.root, CONFIG)) ? `${CONFIG} is there` : undefined),
  async install(site: Site, { hooks, program }: InstallOptions): Promise<Outcome> {
    const path = join(site.root, CONFIG);
    const old = readEditable(site.root, path);
    const text = withEntry(removeBlocks(old?.text ?? ''), hooks, program.templates);
    const changes: Change[] = [installRunner(site, program)];
    if (old?.text === text) {
      changes.push({ path, action: 'unchanged' });
    } else {
      writeAtomically(path, text, old?.mode ?? 0o644);
      changes.push({ path, action: old === undefined ? 'created' : 'updated' });
    }
    const types = hooks.map((hook) => `--hook-type ${hook}`).join(' ');
    return { changes, next: [`run \`pre-commit install ${types}\``, `commit .keepmum and ${CONFIG}`] };
  },
  async uninstall(site: Site, { hooks, program }: InstallOptions): Promise<Outcome> {
    const path = join(site.root, CONFIG);
    const old = readEditable(site.root, path);
    if (old === undefined || !hasBlock(old.text)) return { changes: [], next: [] };
    const left = installed(old.text).filter((hook) => !hooks.includes(hook));
    const text = withEntry(removeBlocks(old.text), left, program.templates);
    if (text === '') rmSync(path);
    else writeAtomically(path, text, old.mode);
    const changes: Change[] = [{ path, action: text === '' ? 'removed' : 'restored' }];
    const runner = removeRunner(site, huskyHooks(site));
    return { changes: runner === undefined ? changes : [...changes, runner], next: [] };
  },
  status(site: Site, { program }: InstallOptions): readonly HookStatus[] {
    const text = readText(join(site.root, CONFIG)) ?? '';
    const runner = runnerState(site, program);
    return HOOK_NAMES.map((hook): HookStatus => {
      const fix = 'run `keepmum install pre-commit`';
      if (!installed(text).includes(hook)) return { hook, state: 'none', detail: `not in ${CONFIG}`, fix };
      if (runner === 'none') return { hook, state: 'broken', detail: '.keepmum/hook.sh is missing', fix };
      if (!readText(join(site.hooksDir, hook))?.includes('pre-commit')) {
        return {
          hook,
          state: 'broken',
          detail: 'the framework has not installed this hook',
          fix: `run \`pre-commit install --hook-type ${hook}\``,
        };
      }
      if (runner === 'stale') return { hook, state: 'stale', detail: 'made by another version', fix };
      return { hook, state: 'ours', detail: 'keepmum through pre-commit' };
    });
  },
};
