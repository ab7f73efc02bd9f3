import { parse, stringify } from 'smol-toml';
import { fieldsOf } from '../settings/rule-lists.ts';
import type { Edit, Fixer } from './plan.ts';

const FILE = '.codex/config.toml';
const PROFILE = 'keepmum';
const ROOTS = ':workspace_roots';

/**
 * Paths that a permission profile denies: the one that is chosen, or one that is made and goes beyond the usual one in
 * nothing else. Where `sandbox_mode` is set profiles do not count, and nothing is changed.
 *
 * @see https://developers.openai.com/codex/permissions
 */
export const codex: Fixer = ({ paths, project, denies }) => {
  const open = paths.filter((path) => !denies('profile', path) && isPlain(path));
  const read = project.read(FILE);
  if (open.length === 0 || (read !== undefined && 'trouble' in read)) return [];
  const text = read?.text ?? '';
  const settings = parsed(text);
  if (settings === undefined || settings['sandbox_mode'] !== undefined) return [];
  const rules = open.map((path) => stringify({ [path]: 'deny' }).trim());
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const chosen = settings['default_permissions'];
  if (chosen === undefined) {
    const top = [`default_permissions = "${PROFILE}"`, ...(text.trim() === '' ? [] : [''])];
    const tables = [
      `[permissions.${PROFILE}]`,
      'extends = ":workspace"',
      '',
      `[permissions.${PROFILE}.filesystem."${ROOTS}"]`,
      ...rules,
    ];
    const gap = text === '' || text.endsWith('\n') ? '' : end;
    return checked(text, `${lines(top, end)}${text}${gap}${end}${lines(tables, end)}`);
  }
  if (typeof chosen !== 'string') return [];
  const profile = fieldsOf(fieldsOf(settings['permissions'])[chosen]);
  const name = /^[\w-]+$/.test(chosen) ? chosen : JSON.stringify(chosen);
  if (fieldsOf(profile['filesystem'])[ROOTS] === undefined) {
    // A profile that is built in cannot be added to.
    if (chosen.startsWith(':')) return [];
    const gap = text.endsWith('\n') ? '' : end;
    return checked(text, `${text}${gap}${end}${lines([`[permissions.${name}.filesystem."${ROOTS}"]`, ...rules], end)}`);
  }
  const head = new RegExp(
    `^[ \\t]*\\[permissions\\.${name.replaceAll(/[.*+?^$()[\]{}|\\]/g, String.raw`\$&`)}\\.filesystem\\."${ROOTS}"\\][^\\n]*\\n`,
    'm',
  ).exec(text);
  if (head === null) return [];
  const at = head.index + head[0].length;
  return checked(text, `${text.slice(0, at)}${lines(rules, end)}${text.slice(at)}`);
};

/** Characters that a glob takes for more than themselves have no escape here. */
function isPlain(path: string): boolean {
  return !/[*?[\]{}\\\n\r]/.test(path);
}

function lines(all: readonly string[], end: string): string {
  return all.map((line) => line + end).join('');
}

/** Only where all that was there still means the same. */
function checked(before: string, after: string): readonly Edit[] {
  const [old, now] = [parsed(before), parsed(after)];
  return old !== undefined && now !== undefined && holds(now, old) ? [{ file: FILE, after }] : [];
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Everything of `part` stands in `whole`. */
function holds(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null || Array.isArray(part) || part instanceof Date) {
    return JSON.stringify(whole) === JSON.stringify(part);
  }
  return Object.entries(part).every(([key, value]) => holds(fieldsOf(whole)[key], value));
}
