import { globRules, globTokens, withoutBraces } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Content exclusion of GitHub Copilot: fnmatch patterns in which case does not count. One that starts with `/` counts
 * from the root of the repository, any other one at any depth; `*` matches no slash, and a folder's own name does
 * not exclude what is in it: that needs a double star.
 *
 * @see https://docs.github.com/en/copilot/how-tos/configure-content-exclusion/exclude-content-from-copilot
 */
export const compileFnmatchNocase: Compile = globRules({
  decides: 'deny-wins',
  folders: false,
  ignoreCase: true,
  read(rule) {
    const pattern = rule.bytes.startsWith('/') ? rule.bytes.slice(1) : `**/${rule.bytes}`;
    const tokens = withoutBraces(pattern)?.map(globTokens);
    if (tokens === undefined) return 'too many alternatives in braces';
    return tokens.flatMap((one) => (one === undefined ? [] : [{ effect: rule.effect, tokens: one }]));
  },
});
