import { compileOf } from '../matching/index.ts';
import type { Compile, Matcher, MatchOptions } from '../matching/rule.ts';
import type { State } from './configuration.ts';
import { atOf, sourcesOf, type Settings } from './reading.ts';
import type { PlacedRule } from './rule-lists.ts';

/**
 * The permission profile that counts, as what it denies. Its paths stand under `filesystem`, those of the workspace
 * under `:workspace_roots` there. A `sandbox_mode` in any layer switches profiles off.
 *
 * @see https://learn.chatgpt.com/docs
 */
export function codexProfile(settings: Settings, options: MatchOptions): State & { readonly matcher: Matcher } {
  const compile = compileOf('codex') as Compile;
  const none = compile([], options);
  const chosen = settings.value('default_permissions');
  if (typeof chosen?.value !== 'string') {
    return { state: 'off', text: 'No permission profile is chosen; default_permissions names one.', matcher: none };
  }
  const mode = settings.value('sandbox_mode');
  if (mode !== undefined) {
    return { state: 'off', text: 'sandbox_mode switches permission profiles off.', ...atOf(mode), matcher: none };
  }
  const depth = settings.values('**').find(({ path }) => path.at(-1) === 'glob_scan_max_depth')?.value;
  const all = settings.values(`permissions."${chosen.value.replaceAll('"', '')}".filesystem.**`);
  const rules = all.flatMap((one): PlacedRule[] => {
    const pattern = one.path.at(-1);
    if (typeof pattern !== 'string' || typeof one.value !== 'string') return [];
    const effect = one.value === 'deny' ? 'deny' : 'allow';
    return [{ file: one.file, rule: { pattern, effect, ...(one.line !== undefined && { line: one.line }) } }];
  });
  const matcher = compile(sourcesOf(rules), options);
  return {
    state: rules.length > 0 ? 'on' : 'off',
    text: rules.length > 0 ? 'A rule of the permission profile.' : 'The permission profile has no rules on paths.',
    ...atOf(chosen),
    matcher: {
      omitted: matcher.omitted,
      decide(subject) {
        const decision = matcher.decide(subject);
        const isDeep =
          typeof depth === 'number' && typeof subject.path === 'string' && subject.path.split('/').length - 1 > depth;
        // A double star is followed so far and no further.
        return isDeep && decision?.pattern.includes('**') === true ? undefined : decision;
      },
    },
  };
}
