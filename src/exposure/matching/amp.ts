import { globRules, inHome, wildcardTokens } from './path-globs.ts';
import type { Compile } from './rule.ts';

/**
 * Permissions of Amp, those of the tool Read: its `matches.path` as pattern, with `reject` for deny. `*` is any text.
 * The first rule that matches decides. They are held against the absolute path that the tool is called with. A
 * regular expression (`/…/`) is not read, and told of.
 *
 * @see https://ampcode.com/manual
 */
export const compileAmp: Compile = globRules({
  decides: 'first-match',
  folders: false,
  read(rule, options) {
    if (/^\/[^]+\/$/.test(rule.bytes)) return 'a regular expression';
    if (rule.bytes.startsWith('~') && options.home === undefined) return 'the home folder is not known';
    const pattern = inHome(rule.bytes, options) ?? rule.bytes;
    return [{ effect: rule.effect, tokens: wildcardTokens(pattern), absolute: true }];
  },
});
