import { globRules, inHome, isAbsolute, wildcardTokens } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Permissions of opencode and its descendants: `*` is any text, slashes included, `?` one character, and all else
 * stands for itself. The last pattern that matches decides. It is held against the path from the worktree, one that
 * starts with `/`, `~` or `$HOME` against the absolute path.
 *
 * @see https://opencode.ai/docs/permissions
 */
export const compileOpencode: Compile = globRules({
  decides: 'last-match',
  folders: false,
  read(rule, options) {
    if (/^(?:~|\$HOME)(?:\/|$)/.test(rule.bytes) && options.home === undefined) return 'the home folder is not known';
    const pattern = inHome(rule.bytes, options) ?? rule.bytes;
    return [{ effect: rule.effect, tokens: wildcardTokens(pattern), absolute: isAbsolute(pattern) }];
  },
});
