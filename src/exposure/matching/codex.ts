import { anchoredGlob, globRules } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Paths and globs of a permission profile of Codex: keys as patterns, with `deny` for deny and `read` or `write` for
 * allow. They start from the workspace's root; a name by itself is that path only, a glob without a slash too:
 * a match at any depth needs `**`. A folder is denied with all that is in it, by the sandbox.
 * That deny wins where several match is our inference. How deep `**` is followed (`glob_scan_max_depth`) is for
 * the caller to know.
 *
 * @see https://learn.chatgpt.com/docs
 */
export const compileCodex: Compile = globRules({
  decides: 'deny-wins',
  folders: true,
  read: ({ effect, bytes }, options) => anchoredGlob(effect, bytes, options),
});
