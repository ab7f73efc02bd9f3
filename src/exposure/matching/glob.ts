import { globRules, globTokens, withoutBraces } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Lists of globs over paths from the root, such as Zed's `private_files`: a match of a folder counts for all in it,
 * a name without a slash counts at the root only. `*` matches no slash: Zed's may match more, and what we are not
 * sure of stays visible.
 *
 * @see https://github.com/zed-industries/zed/blob/main/crates/worktree/src/worktree_settings.rs
 * @see https://github.com/zed-industries/zed/blob/main/assets/settings/default.json
 */
export const compileGlobs: Compile = globRules({
  decides: 'deny-wins',
  folders: true,
  read(rule) {
    const tokens = withoutBraces(rule.bytes)?.map(globTokens);
    if (tokens === undefined) return 'too many alternatives in braces';
    return tokens.flatMap((one) => (one === undefined ? [] : [{ effect: rule.effect, tokens: one }]));
  },
});
