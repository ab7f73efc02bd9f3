import { anchoredGlob, globRules } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Rules of Cursor's command-line program, `Read(glob)`; those of other tools say nothing of reading. A glob is held
 * against the path from the workspace, one that starts with `/` or `~/` against the absolute path. Deny wins.
 *
 * @see https://cursor.com/docs/cli/reference/permissions
 */
export const compileCursorCli: Compile = globRules({
  decides: 'deny-wins',
  folders: false,
  read({ effect, bytes }, options) {
    const glob = /^Read\(([^]*)\)$/.exec(bytes)?.[1];
    return glob === undefined ? undefined : anchoredGlob(effect, glob, options);
  },
});
