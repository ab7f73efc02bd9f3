import { globRules, globTokens, withoutBraces } from './path-globs.ts';

/**
 * Lists of globs over paths from the root, such as Zed's `private_files`: a match of a folder counts for all in it,
 * a name without a slash counts at the root only.
 *
 * @see https://github.com/zed-industries/zed/blob/main/assets/settings/default.json
 */
export const compileGlobs = globRules({
  decides: 'deny-wins',
  folders: true,
  read(rule) {
    const tokens = withoutBraces(rule.bytes)?.map(globTokens);
    if (tokens === undefined) return 'too many alternatives in braces';
    return tokens.flatMap((one) => (one === undefined ? [] : [{ effect: rule.effect, tokens: one }]));
  },
});
