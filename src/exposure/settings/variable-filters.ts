import { compileOf } from '../matching/index.ts';
import type { Compile } from '../matching/rule.ts';
import type { PlacedValue, Settings } from './reading.ts';

/** Keeps variables from commands. */
export interface Filter {
  readonly file: string;
  /** From 1. */
  readonly line?: number | undefined;
  hides(name: string): boolean;
}

type ReadFilters = (settings: Settings, key: string) => readonly Filter[];

/** Names of variables that Codex takes for secrets. */
const TELLING_NAME = /KEY|SECRET|TOKEN/i;
/** Those that Codex hands on where it inherits the core only; the shell does not start without them. */
const CORE_NAMES: ReadonlySet<string> = new Set(['HOME', 'LOGNAME', 'PATH', 'SHELL', 'USER', 'USERNAME', 'TMPDIR']);

/**
 * Keys that are no list of names to be removed.
 *
 * @see https://developers.openai.com/codex/config-reference
 */
export const VARIABLE_FILTERS: Readonly<Record<string, ReadFilters>> = {
  'shell_environment_policy.inherit': (settings, key) => {
    const { value, place } = counting(settings, key);
    if (value === 'none') return [{ ...place, hides: () => true }];
    return value === 'core' ? [{ ...place, hides: (name) => !CORE_NAMES.has(name.toUpperCase()) }] : [];
  },
  'shell_environment_policy.ignore_default_excludes': (settings, key) => {
    const { value, place } = counting(settings, key);
    return value === false ? [{ ...place, hides: (name) => TELLING_NAME.test(name) }] : [];
  },
  'shell_environment_policy.exclude': (settings, key) => {
    const { value, place } = counting(settings, key);
    const fits = anyOf(value);
    return fits === undefined ? [] : [{ ...place, hides: fits }];
  },
  'shell_environment_policy.include_only': (settings, key) => {
    const { value, place } = counting(settings, key);
    const fits = anyOf(value);
    return fits === undefined ? [] : [{ ...place, hides: (name) => !fits(name) }];
  },
};

/** A list of names, each by itself or as `{name}`; or `true`, which removes what the program takes for secrets. */
export const namedFilter: ReadFilters = (settings, key) =>
  settings.values(key).flatMap((one): Filter[] => {
    if (one.value === true) return [{ ...placeOf(one), hides: () => true }];
    const names = new Set(namesIn(one.value));
    return names.size === 0 ? [] : [{ ...placeOf(one), hides: (name) => names.has(name) }];
  });

function counting(settings: Settings, key: string): { readonly value: unknown; readonly place: Omit<Filter, 'hides'> } {
  const one = settings.value(key);
  return { value: one?.value, place: one === undefined ? { file: '' } : placeOf(one) };
}

function placeOf({ file, line }: PlacedValue): Omit<Filter, 'hides'> {
  return { file, line };
}

/** Patterns with `*` and `?`, whatever the case; nothing for an empty list, which filters nothing. */
function anyOf(value: unknown): ((name: string) => boolean) | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rules = value.flatMap((pattern: unknown) => (typeof pattern === 'string' ? [{ pattern }] : []));
  const { decide } = (compileOf('fnmatch-nocase') as Compile)([{ file: '', rules }]);
  return (name) => decide({ path: name }) !== undefined;
}

function namesIn(value: unknown): string[] {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return value.flatMap((one: unknown) => {
    if (typeof one === 'string') return [one];
    return typeof one === 'object' && one !== null && 'name' in one && typeof one.name === 'string' ? [one.name] : [];
  });
}
