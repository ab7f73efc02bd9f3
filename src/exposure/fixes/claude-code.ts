import { gitignorePattern } from './ignore-file.ts';
import { JsonFile } from './json-file.ts';
import type { Fixer } from './plan.ts';

const FILE = '.claude/settings.json';

/**
 * Deny rules in the settings of the project, where a slash in front is its root; and a sandbox that no command leaves,
 * which the deny rules then hold for.
 *
 * @see https://code.claude.com/docs/en/permissions
 * @see https://code.claude.com/docs/en/sandboxing
 */
export const claudeCode: Fixer = ({ paths, project, denies, rulesOnly }) => {
  if (paths.length === 0) return [];
  const settings = new JsonFile(FILE, project);
  const open = paths.filter((path) => !denies('deny-rules', path));
  settings.push(
    ['permissions', 'deny'],
    open.flatMap((path) => {
      const pattern = gitignorePattern(path);
      return pattern === undefined ? [] : [`Read(${pattern})`];
    }),
  );
  if (rulesOnly) return settings.edits();
  settings.set(['sandbox', 'enabled'], true);
  settings.set(['sandbox', 'failIfUnavailable'], true);
  settings.set(['sandbox', 'allowUnsandboxedCommands'], false);
  return settings.edits();
};
