import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parse, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { HookError } from '../core/errors.ts';
import { hasBlock, insertBlock, nextLine, removeBlocks } from './block.ts';
import { present, readEditable, readText, writeAtomically } from './file.ts';
import { huskyHooks } from './husky.ts';
import type { Change, HookName, HookStatus, InstallOptions, Manager, Outcome, Site } from './manager.ts';
import { HOOK_NAMES } from './manager.ts';
import { installRunner, removeRunner, runnerState } from './runner.ts';
import { render } from './template.ts';

const EDITABLE = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml'];
const OTHERS = ['lefthook.toml', '.lefthook.toml', 'lefthook.json', '.lefthook.json', 'lefthook.jsonc'];

interface Commands {
  readonly [hook: string]: { readonly commands: { readonly keepmum: Readonly<Record<string, unknown>> } };
}

function configFile(site: Site): string | undefined {
  return [...EDITABLE, ...OTHERS].find((name) => present(join(site.root, name)));
}

/** The lines of one hook's command, without indentation of their own. */
function commandLines(templates: string, hook: HookName): string[] {
  const all = parse(render(templates, 'lefthook.yml')) as Commands;
  const command = all[hook]?.commands.keepmum ?? {};
  return ['keepmum:', ...Object.entries(command).map(([key, value]) => `  ${key}: ${String(value)}`)];
}

function byHand(name: string, why: string): HookError {
  return new HookError(`${name} ${why}`, { fix: 'add what docs/hooks.md shows under "lefthook" by hand' });
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** Column of an offset, as the spaces before it. */
function indentAt(text: string, offset: number): string {
  return ' '.repeat(offset - (text.lastIndexOf('\n', offset - 1) + 1));
}

function startOf(pair: Pair): number {
  return isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

function nested(by: string, lines: readonly string[]): string[] {
  return lines.map((line) => `${by}${line}`);
}

/** Adds our command to one hook, as text, so that everything else stays as it was written. */
function addCommand(text: string, name: string, hook: HookName, lines: readonly string[]): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw byHand(name, 'is not valid YAML');
  const root = document.contents;
  if (root === null) return insertBlock(text, text.length, [`${hook}:`, '  commands:', ...nested('    ', lines)]);
  if (!isMap(root) || root.flow === true) throw byHand(name, 'is not written in a form that keepmum can edit');
  const found = pairOf(root, hook);
  if (found === undefined) {
    return insertBlock(text, text.length, [`${hook}:`, '  commands:', ...nested('    ', lines)]);
  }
  const after = nextLine(text, startOf(found));
  if (found.value === null || (isScalar(found.value) && found.value.value === null)) {
    return insertBlock(text, after, ['commands:', ...nested('  ', lines)], '  ');
  }
  if (!isMap(found.value) || found.value.flow === true || found.value.items[0] === undefined) {
    throw byHand(name, `writes ${hook} in a form that keepmum cannot edit`);
  }
  const indent = indentAt(text, startOf(found.value.items[0]));
  const commands = pairOf(found.value, 'commands');
  if (commands === undefined) return insertBlock(text, after, ['commands:', ...nested('  ', lines)], indent);
  if (!isMap(commands.value) || commands.value.flow === true || commands.value.items[0] === undefined) {
    throw byHand(name, `writes the commands of ${hook} in a form that keepmum cannot edit`);
  }
  if (pairOf(commands.value, 'keepmum') !== undefined)
    throw byHand(name, `has a keepmum command under ${hook} already`);
  return insertBlock(text, nextLine(text, startOf(commands)), lines, indentAt(text, startOf(commands.value.items[0])));
}

/** Text with our commands, checked by reading it again. */
function withCommands(rest: string, name: string, hooks: readonly HookName[], templates: string): string {
  let text = rest;
  for (const hook of hooks) text = addCommand(text, name, hook, commandLines(templates, hook));
  const read = parse(text) as Commands | null;
  for (const hook of hooks) {
    if (typeof read?.[hook]?.commands.keepmum['run'] !== 'string')
      throw byHand(name, `could not be edited for ${hook}`);
  }
  return text;
}

function installed(text: string): HookName[] {
  return HOOK_NAMES.filter((hook) => text.includes(`.keepmum/hook.sh ${hook}`));
}

/** lefthook: one command per hook in its configuration. */
export const lefthook: Manager = {
  name: 'lefthook',
  detect(site) {
    const name = configFile(site);
    return name === undefined ? undefined : `${name} is there`;
  },
  async install(site: Site, { hooks, program }: InstallOptions): Promise<Outcome> {
    const name = configFile(site) ?? 'lefthook.yml';
    if (OTHERS.includes(name)) throw byHand(name, 'is not YAML, which is all that keepmum edits');
    const path = join(site.root, name);
    const old = readEditable(site.root, path);
    const text = withCommands(removeBlocks(old?.text ?? ''), name, hooks, program.templates);
    const changes: Change[] = [installRunner(site, program)];
    if (old?.text === text) {
      changes.push({ path, action: 'unchanged' });
    } else {
      writeAtomically(path, text, old?.mode ?? 0o644);
      changes.push({ path, action: old === undefined ? 'created' : 'updated' });
    }
    return { changes, next: ['run `lefthook install`', `commit .keepmum and ${name}`] };
  },
  async uninstall(site: Site, { hooks, program }: InstallOptions): Promise<Outcome> {
    const changes: Change[] = [];
    for (const name of EDITABLE) {
      const path = join(site.root, name);
      if (!present(path)) continue;
      const old = readEditable(site.root, path);
      if (old === undefined || !hasBlock(old.text)) continue;
      const rest = removeBlocks(old.text);
      const left = installed(old.text).filter((hook) => !hooks.includes(hook));
      const text = withCommands(rest, name, left, program.templates);
      if (text === '') rmSync(path);
      else writeAtomically(path, text, old.mode);
      changes.push({ path, action: text === '' ? 'removed' : 'restored' });
    }
    if (changes.length === 0) return { changes, next: [] };
    const runner = removeRunner(site, huskyHooks(site));
    return { changes: runner === undefined ? changes : [...changes, runner], next: ['run `lefthook install`'] };
  },
  status(site: Site, { program }: InstallOptions): readonly HookStatus[] {
    const name = configFile(site) ?? 'lefthook.yml';
    const text = readText(join(site.root, name)) ?? '';
    const runner = runnerState(site, program);
    return HOOK_NAMES.map((hook): HookStatus => {
      const fix = 'run `keepmum install lefthook`, then `lefthook install`';
      if (!installed(text).includes(hook)) return { hook, state: 'none', detail: `not in ${name}`, fix };
      if (runner === 'none') return { hook, state: 'broken', detail: '.keepmum/hook.sh is missing', fix };
      const script = readText(join(site.hooksDir, hook));
      if (script === undefined || !/lefthook/i.test(script)) {
        return { hook, state: 'broken', detail: 'lefthook has not installed this hook', fix: 'run `lefthook install`' };
      }
      if (runner === 'stale') return { hook, state: 'stale', detail: 'made by another version', fix };
      return { hook, state: 'ours', detail: 'keepmum through lefthook' };
    });
  },
};
