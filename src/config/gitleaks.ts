import { SourceError } from '../core/errors.ts';
import type { RuleSource } from '../rules/format.ts';
import { completed } from './config.ts';
import { readDataFile } from './data-file.ts';

/** The settings of gitleaks that a repository may have, in its root. */
export const GITLEAKS_CONFIG = '.gitleaks.toml';

const MAX_BYTES = 2_000_000;
/** Rules and allow lists at most: more is no settings file of people. */
const MAX_ENTRIES = 2000;

/** One allow list of gitleaks. Patterns are in RE2 syntax, not compiled. */
export interface GitleaksAllowList {
  /** Its place in the file, for people. */
  readonly where: string;
  /** Every kind that is given must fit; else one is enough. */
  readonly all: boolean;
  readonly commits: readonly string[];
  readonly paths: readonly string[];
  readonly regexes: readonly string[];
  /** What the regexes are tried on. */
  readonly target: 'secret' | 'match' | 'line';
  readonly stopWords: readonly string[];
  /** Ids of our form; absent: every rule. */
  readonly rules?: readonly string[];
}

/** What is understood of it. */
export interface GitleaksConfig {
  readonly allowLists: readonly GitleaksAllowList[];
  readonly rules: readonly RuleSource[];
  /** Plain sentences: what is not understood. */
  readonly notices: readonly string[];
}

const NONE: GitleaksConfig = { allowLists: [], rules: [], notices: [] };

/**
 * Format: https://github.com/gitleaks/gitleaks#configuration. It is another program's file, so that nothing
 * in it is an error of ours: what cannot be used is told in `notices`.
 */
export async function readGitleaksConfig(root: string): Promise<GitleaksConfig> {
  let text: string | undefined;
  try {
    const where = GITLEAKS_CONFIG;
    text = await readDataFile(
      { root, name: where, where, maxBytes: MAX_BYTES },
      (message, fix) => new SourceError(message, { fix }),
    );
  } catch (error) {
    return { ...NONE, notices: [`${error instanceof SourceError ? error.message : GITLEAKS_CONFIG}; it is not used`] };
  }
  return text === undefined ? NONE : parseGitleaksConfig(text);
}

/** @see readGitleaksConfig */
export async function parseGitleaksConfig(text: string): Promise<GitleaksConfig> {
  const { parse } = await import('smol-toml');
  let document: Table;
  try {
    document = parse(text);
  } catch (error) {
    // The parser's message quotes the text.
    const line = error instanceof Error && 'line' in error ? `:${String(error.line)}` : '';
    return { ...NONE, notices: [`${GITLEAKS_CONFIG}${line}: is not valid TOML; it is not used`] };
  }
  const notices: string[] = [];
  const allowLists = [...tables(document['allowlist']), ...tables(document['allowlists'])].map((table, index) =>
    allowList(table, `${GITLEAKS_CONFIG} allowlist ${index + 1}`, strings(table['targetRules'])?.map(ruleId)),
  );
  const rules: RuleSource[] = [];
  for (const source of tables(document['rules'])) {
    const written = typeof source['id'] === 'string' ? source['id'] : '';
    const id = ruleId(written);
    for (const [index, list] of [...tables(source['allowlist']), ...tables(source['allowlists'])].entries()) {
      allowLists.push(allowList(list, `${GITLEAKS_CONFIG} ${id} allowlist ${index + 1}`, [id]));
    }
    const made = rule(source, id);
    if (typeof made === 'string') notices.push(`${GITLEAKS_CONFIG}: rule ${id} is not used: ${made}`);
    else rules.push(made);
  }
  if (typeof tableOf(document['extend'])['path'] === 'string') {
    notices.push(`${GITLEAKS_CONFIG}: the file that it extends is not read`);
  }
  return { allowLists, rules, notices };
}

type Table = Readonly<Record<string, unknown>>;

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

/** One table, or an array of tables. */
function tables(value: unknown): Table[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? (value as unknown[]).slice(0, MAX_ENTRIES) : [value]).map(tableOf);
}

function strings(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

/** Theirs as one of ours: kebab case, and never the id of a built-in rule. */
function ruleId(written: string): string {
  const kebab = written
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `gitleaks-${kebab === '' ? 'rule' : kebab}`.slice(0, 80);
}

function allowList(list: Table, where: string, rules: readonly string[] | undefined): GitleaksAllowList {
  const target = list['regexTarget'];
  return {
    where,
    all: String(list['condition']).toUpperCase() === 'AND' || list['condition'] === '&&',
    commits: strings(list['commits']) ?? [],
    paths: strings(list['paths']) ?? [],
    regexes: strings(list['regexes']) ?? [],
    target: target === 'match' || target === 'line' ? target : 'secret',
    stopWords: (strings(list['stopwords']) ?? []).map((word) => word.toLowerCase()),
    ...(rules !== undefined && { rules }),
  };
}

/** A rule, or why there is none. */
function rule(source: Table, id: string): RuleSource | string {
  const { regex, path, entropy, secretGroup, description } = source;
  if (typeof regex !== 'string') return 'it has no regex';
  if (path !== undefined) return 'it is bound to a path, which rules here are not';
  const keywords = (strings(source['keywords']) ?? []).filter((word) => /^[\x20-\x7e]{2,}$/.test(word));
  if (keywords.length === 0) return 'it has no keywords, and a literal is needed to look for';
  const pattern = withSecretGroup(regex, typeof secretGroup === 'number' ? secretGroup : 0);
  if (pattern === undefined) return 'its secretGroup is not in its regex';
  return completed({
    id,
    title: typeof description === 'string' && description !== '' ? description.slice(0, 80) : id,
    provider: 'gitleaks configuration',
    severity: 'high',
    distinctiveness: 'medium',
    anchors: keywords.map((word) => word.toLowerCase()),
    pattern,
    ...(typeof entropy === 'number' && entropy > 0 && { minEntropy: entropy }),
  });
}

/**
 * The pattern with its `group`th group named `secret`; 0 means the first where there is one, as gitleaks
 * has it. `undefined` where there is no such group.
 */
export function withSecretGroup(pattern: string, group: number): string | undefined {
  if (/\(\?P?<secret>/.test(pattern)) return pattern;
  let seen = 0;
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') {
      // Between \Q and \E nothing has a meaning.
      if (pattern[at + 1] === 'Q') {
        const end = pattern.indexOf('\\E', at);
        at = end < 0 ? pattern.length : end;
      }
      at++;
    } else if (inClass) {
      if (character === ']') inClass = false;
      else if (pattern.startsWith('[:', at)) at = Math.max(at, pattern.indexOf(':]', at) + 1);
    } else if (character === '[') {
      inClass = true;
      // A bracket that comes first stands for itself.
      if (pattern[at + 1] === '^') at++;
      if (pattern[at + 1] === ']') at++;
    } else if (character === '(') {
      const named = /^\(\?P?<[^>=!]+>/.exec(pattern.slice(at))?.[0];
      if (named === undefined && pattern[at + 1] === '?') continue;
      seen++;
      if (seen === Math.max(1, group)) {
        return `${pattern.slice(0, at)}(?P<secret>${pattern.slice(at + (named ?? '(').length)}`;
      }
    }
  }
  return group === 0 ? pattern : undefined;
}
