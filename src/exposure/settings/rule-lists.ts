import type { Mechanism } from '../assistants.ts';
import type { Effect, Rule } from '../matching/rule.ts';
import type { PlacedValue, Settings } from './reading.ts';

/** A rule and the file that it stands in. */
export interface PlacedRule {
  readonly file: string;
  readonly rule: Rule;
}

/** Takes the rules on paths out of the settings that a mechanism names. */
type ReadRules = (settings: Settings, mechanism: Mechanism) => readonly PlacedRule[];

/** How each syntax of permission lists is written; one that is not here is a list of patterns that are denied. */
export const RULE_LISTS: Readonly<Record<string, ReadRules>> = {
  // https://code.claude.com/docs/en/permissions
  'claude-code': (settings) => [
    ...texts(settings.values('permissions.deny[]'), 'deny'),
    ...texts(settings.values('permissions.ask[]'), 'ask'),
  ],
  // https://cursor.com/docs/reference/permissions
  'cursor-cli': (settings) => [
    ...texts(settings.values('permissions.deny[]'), 'deny'),
    ...texts(settings.values('permissions.allow[]'), 'allow'),
  ],
  // https://opencode.ai/docs/permissions
  opencode: (settings, { keys = [] }) => {
    const key = keys.find((one) => /\.(?:read|bash)$/.test(one)) ?? '';
    // Lowest precedence first: the last match decides.
    return settings
      .values(key)
      .toReversed()
      .flatMap((one) => {
        if (typeof one.value === 'string') return rule(one, '*', OPENCODE_EFFECTS[one.value]);
        return mapOf(one).flatMap((entry) => rule(entry, entry.name, OPENCODE_EFFECTS[String(entry.value)]));
      });
  },
  // https://ampcode.com/manual
  amp: (settings) =>
    settings.values('amp.permissions[]').flatMap((one) => {
      const { tool, matches, action } = fieldsOf(one.value);
      const { path } = fieldsOf(matches);
      const effect = { allow: 'allow', reject: 'deny', ask: 'ask' }[String(action)] as Effect | undefined;
      if (tool !== 'Read' && tool !== '*') return [];
      const patterns = matches === undefined ? ['*'] : Array.isArray(path) ? path : [path];
      return patterns.flatMap((pattern) => (typeof pattern === 'string' ? rule(one, pattern, effect) : []));
    }),
  // https://github.com/kirodotdev/Kiro/issues/10292
  kiro: (settings) =>
    settings.values('rules[]').flatMap((one) => {
      const { capability, effect, match } = fieldsOf(one.value);
      if (capability !== 'fs_read' || !Array.isArray(match)) return [];
      const what = { allow: 'allow', deny: 'deny', ask: 'ask' }[String(effect)] as Effect | undefined;
      return match.flatMap((pattern) => (typeof pattern === 'string' ? rule(one, pattern, what) : []));
    }),
};

const OPENCODE_EFFECTS: Readonly<Record<string, Effect | undefined>> = { allow: 'allow', ask: 'ask', deny: 'deny' };

/** Lists of patterns, and objects whose keys are patterns that `true` switches on. */
export function plainLists(settings: Settings, { keys = [], settings: ids }: Mechanism): PlacedRule[] {
  return keys.flatMap((key) => {
    const effect: Effect = /allow/i.test(key) ? 'allow' : 'deny';
    return settings.values(key, ids).flatMap((one) => {
      if (Array.isArray(one.value)) {
        return one.value.flatMap((pattern) => (typeof pattern === 'string' ? rule(one, pattern, effect) : []));
      }
      return mapOf(one).flatMap((entry) => (entry.value === true ? rule(entry, entry.name, effect) : []));
    });
  });
}

function texts(values: readonly PlacedValue[], effect: Effect): PlacedRule[] {
  return values.flatMap((one) => (typeof one.value === 'string' ? rule(one, one.value, effect) : []));
}

function rule({ file, line }: PlacedValue, pattern: string, effect: Effect | undefined): PlacedRule[] {
  return effect === undefined ? [] : [{ file, rule: { pattern, effect, ...(line !== undefined && { line }) } }];
}

function mapOf(one: PlacedValue): (PlacedValue & { readonly name: string })[] {
  const { value } = one;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, own]) => ({ ...one, name, value: own as unknown }));
}

/** The fields of an object; of anything else, none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
