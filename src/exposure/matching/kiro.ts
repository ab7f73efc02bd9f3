import { anchoredGlob, globRules } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Permissions of Kiro, those of the capability fs_read: each glob of `match` as pattern. A deny wins over everything.
 * Globs are held against the path from the workspace, those that start with `/` or `~/` against the absolute path.
 *
 * @see https://github.com/kirodotdev/Kiro/issues/10292
 */
export const compileKiro: Compile = globRules({
  decides: 'deny-wins',
  folders: false,
  read: ({ effect, bytes }, options) => anchoredGlob(effect, bytes, options),
});
