import { JsonFile } from './json-file.ts';
import type { Fixer } from './plan.ts';

/** Characters that a glob takes for more than themselves: what has one is left alone. */
const GLOB = /[*?[\]{}!\\\n\r]/;

/** @see https://cursor.com/docs/cli/reference/permissions */
export const cursorCli: Fixer = ({ paths, project, denies }) => {
  const settings = new JsonFile('.cursor/cli.json', project);
  const open = paths.filter((path) => !denies('rules', path) && !GLOB.test(path));
  settings.push(
    ['permissions', 'deny'],
    open.map((path) => `Read(${path})`),
  );
  return settings.edits();
};

/** The last pattern that matches decides, so that one behind all others holds. @see https://opencode.ai/docs/permissions */
export const opencode: Fixer = ({ assistant, paths, project, denies }) => {
  const stem = assistant.id === 'kilo-code' ? 'kilo' : 'opencode';
  const file = [`${stem}.json`, `${stem}.jsonc`].find((name) => project.exists(name)) ?? `${stem}.json`;
  const settings = new JsonFile(file, project);
  for (const path of paths)
    if (!denies('rules', path) && !GLOB.test(path)) settings.set(['permission', 'read', path], 'deny');
  return settings.edits();
};

/** A list of the user's stands in place of the one that is built in: the new one begins with that. */
export const zed: Fixer = ({ assistant, paths, project, denies }) => {
  const settings = new JsonFile('.zed/settings.json', project);
  const open = paths.filter(
    (path) => !denies('private-files', path) && !denies('private-defaults', path) && !GLOB.test(path),
  );
  if (open.length === 0) return [];
  const builtIn =
    settings.at(['private_files']) === undefined ? (assistant.mechanisms['private-defaults']?.patterns ?? []) : [];
  settings.push(['private_files'], [...builtIn, ...open]);
  return settings.edits();
};

/** The first rule that matches decides, so that ours go before the others. @see https://ampcode.com/manual */
export const amp: Fixer = ({ paths, project, denies }) => {
  const settings = new JsonFile('.amp/settings.json', project);
  const open = paths.filter((path) => !denies('rules', path) && !GLOB.test(path));
  settings.push(
    ['amp.permissions'],
    open.map((path) => ({ tool: 'Read', matches: { path: `*/${path}` }, action: 'reject' })),
    'before',
  );
  return settings.edits();
};

/** The sandbox of Gemini CLI hides `.env` files; and those at the root are not to be loaded. */
export const geminiSandbox: Fixer = ({ assistant, paths, project, rulesOnly }) => {
  if (rulesOnly) return [];
  const settings = new JsonFile('.gemini/settings.json', project);
  const loads = assistant.channels.env.loads ?? [];
  if (paths.some((path) => /(?:^|\/)\.env(?:\.|$)/.test(path))) settings.set(['security', 'toolSandboxing'], true);
  if (paths.some((path) => loads.includes(path))) settings.set(['advanced', 'ignoreLocalEnv'], true);
  return settings.edits();
};
