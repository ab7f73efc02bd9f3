import { globRules, globTokens, inHome, isAbsolute } from './path-globs.ts';
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
  read(rule, options) {
    const glob = /^Read\(([^]*)\)$/.exec(rule.bytes)?.[1];
    if (glob === undefined) return undefined;
    if (glob.startsWith('~') && options.home === undefined) return 'the home folder is not known';
    const pattern = inHome(glob, options) ?? (glob.startsWith('./') ? glob.slice(2) : glob);
    const tokens = globTokens(pattern);
    return tokens === undefined ? 'not a glob' : [{ effect: rule.effect, tokens, absolute: isAbsolute(pattern) }];
  },
});
