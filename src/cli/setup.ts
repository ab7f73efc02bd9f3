import { resolve } from 'node:path';
import { DEFAULTS, type Config } from '../config/config.ts';
import { hasConfig, hasGitleaksRules } from '../config/present.ts';
import { skipsNothing } from '../core/chunk.ts';
import { ConfigError, RuleError } from '../core/errors.ts';
import { CONFIDENCES, SEVERITIES, type Confidence, type Severity } from '../core/finding.ts';
import { nearest } from '../core/nearest.ts';
import type { Engine } from '../engine/engine.ts';
import { builtInEngine } from '../engine/built-in.ts';
import { findRepository } from '../git/repository.ts';
import type { RulePair } from '../rules/compile.ts';
import type { CompiledRule, RuleDetails } from '../rules/compiled.ts';
import type { ScanOptions } from '../scan.ts';
import type { Suppressor } from '../suppress/suppressor.ts';
import type { Io } from './io.ts';
import { loadDetails, patterns } from './patterns.ts';

/** What a scan is made from, next to flags. */
type Surroundings = Pick<Io, 'cwd' | 'env'>;

/** The flags that decide how a scan is done, whatever it reads. */
export interface ScanFlags {
  readonly config?: string | boolean | undefined;
  readonly failOn?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly showSecrets?: boolean | undefined;
}

/** A scan made ready. */
export interface OpenScan {
  readonly options: ScanOptions;
  readonly engine: Engine;
  readonly config: Config;
  /** The top of the working tree, or the folder that keepmum was started in. */
  readonly root: string;
  readonly inRepository: boolean;
  /** Sentences about exceptions that were read; complete once the scan has ended. */
  readonly notices: readonly string[];
}

/**
 * Reads settings and makes the engine for them.
 * @param root the top of the working tree, where it is known already
 * @throws {ConfigError} on settings that are not valid
 * @throws {RuleError} on a rule of the user's that cannot work
 */
export async function openScan(io: Surroundings, flags: ScanFlags, root?: string): Promise<OpenScan> {
  const found = root ?? (await topOf(io.cwd));
  const top = found ?? io.cwd;
  const config = await readConfig(io, flags, top);
  const notices: string[] = [];
  const custom = [
    ...(await customRules(config, io)),
    ...(flags.config === false ? [] : await gitleaksRules(top, io, notices)),
  ];
  const engine = await makeEngine(config, custom, io);
  let suppressors: Promise<readonly Suppressor[]> | undefined;
  const skip = config.allow.paths.length === 0 ? undefined : await pathMatcher(config.allow.paths);
  return {
    root: top,
    inRepository: found !== undefined,
    config,
    notices,
    engine,
    options: {
      engine,
      details: (id) => detailsOf(id, custom),
      severityOf: (id) => config.severity[id] ?? ruleNamed(id, custom)?.severity ?? 'high',
      suppressors: () => (suppressors ??= loadAll(top, config, io, notices)),
      skipPath: skip ?? skipsNothing,
      failOn: threshold(flags, config),
      showSecrets: flags.showSecrets === true,
      now: Date.now(),
    },
  };
}

async function topOf(cwd: string): Promise<string | undefined> {
  try {
    return (await findRepository(cwd)).topLevel;
  } catch {
    return undefined;
  }
}

async function readConfig(io: Surroundings, flags: ScanFlags, root: string): Promise<Config> {
  if (flags.config === false || (flags.config === undefined && !hasConfig(root))) {
    return DEFAULTS;
  }
  const { loadConfig } = await import('../config/index.ts');
  return loadConfig(root, typeof flags.config === 'string' ? resolve(io.cwd, flags.config) : undefined);
}

async function customRules(config: Config, io: Surroundings): Promise<readonly RulePair[]> {
  if (config.rules.length === 0) return [];
  const [{ compileRule }, { halfPattern }] = await Promise.all([
    import('../rules/compile.ts'),
    import('../rules/half-pattern.ts'),
  ]);
  // A pattern that does not compile is told now, not when its literal first occurs.
  const { loadRegexEngine } = await import('../engine/re2.ts');
  const regex = await loadRegexEngine(io.env['KEEPMUM_REGEX']);
  return config.rules.map(({ rule: source, file }) => {
    const pair = compileRule(source, source.provider ?? 'custom', file);
    if (pair.rule.pattern !== undefined) regex.compile(pair.rule.pattern, pair.rule.id, file);
    for (const half of pair.pair ?? []) regex.compile(halfPattern(half) ?? '', pair.rule.id, file);
    return pair;
  });
}

/** The rules of a `.gitleaks.toml`; one that cannot be used is told and does not stop the scan. */
async function gitleaksRules(root: string, io: Surroundings, notices: string[]): Promise<readonly RulePair[]> {
  if (!hasGitleaksRules(root)) return [];
  const { GITLEAKS_CONFIG, readGitleaksConfig } = await import('../config/gitleaks.ts');
  const [{ compileRule }, { loadRegexEngine }] = await Promise.all([
    import('../rules/compile.ts'),
    import('../engine/re2.ts'),
  ]);
  const found = await readGitleaksConfig(root);
  notices.push(...found.notices);
  const regex = await loadRegexEngine(io.env['KEEPMUM_REGEX']);
  const pairs = new Map<string, RulePair>();
  for (const source of found.rules) {
    try {
      const pair = compileRule(source, source.provider ?? 'custom', GITLEAKS_CONFIG);
      regex.compile(pair.rule.pattern ?? '', source.id);
      pairs.set(source.id, pair);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      notices.push(`${GITLEAKS_CONFIG}: rule ${source.id} is not used: its regex is not one of RE2`);
    }
  }
  return [...pairs.values()];
}

async function makeEngine(config: Config, custom: readonly RulePair[], io: Surroundings): Promise<Engine> {
  assertKnown(Object.keys(config.severity), 'severity', custom, config);
  assertKnown(config.disable, 'disable', custom, config);
  assertKnown(
    config.allow.findings.flatMap(({ rules = [] }) => rules),
    'allow.findings',
    custom,
    config,
  );
  assertKnown(
    custom.flatMap(({ pair = [] }) => pair.flatMap(({ rule = [] }) => rule)),
    'rules',
    custom,
    config,
  );
  const disabled = new Set(config.disable);
  const regex = io.env['KEEPMUM_REGEX'];
  if (custom.length === 0 && disabled.size === 0) return builtInEngine(patterns, regex);
  const { createEngine } = await import('../engine/create.ts');
  return createEngine(patterns, { custom, isEnabled: (rule) => !disabled.has(rule.id), regex });
}

function assertKnown(ids: readonly string[], key: string, custom: readonly RulePair[], config: Config): void {
  // Most settings name no rule; the rules are then not even read.
  if (ids.length === 0) return;
  const known = [...patterns.rules, ...custom.map(({ rule }) => rule)].map(({ id }) => id);
  const all = new Set(known);
  for (const id of ids) {
    if (all.has(id)) continue;
    const near = nearest(id, known);
    throw new ConfigError(`${config.files.join(', ')}: ${key}: there is no rule ${JSON.stringify(id)}`, {
      fix: near === undefined ? 'see `keepmum rules list`' : `did you mean ${near}?`,
    });
  }
}

function ruleNamed(id: string, custom: readonly RulePair[]): CompiledRule | undefined {
  return custom.find(({ rule }) => rule.id === id)?.rule ?? patterns.rules.find((rule) => rule.id === id);
}

async function detailsOf(id: string, custom: readonly RulePair[]): Promise<RuleDetails> {
  const own = custom.find(({ rule }) => rule.id === id)?.details;
  const details = own ?? (await loadDetails())[id];
  if (details === undefined) throw new Error(`no details of rule ${id}`);
  return details;
}

async function loadAll(
  root: string,
  config: Config,
  io: Surroundings,
  notices: string[],
): Promise<readonly Suppressor[]> {
  const { loadSuppressors } = await import('../suppress/index.ts');
  const loaded = await loadSuppressors({
    root,
    config,
    today: new Date().toISOString().slice(0, 10),
    regex: io.env['KEEPMUM_REGEX'],
  });
  // What is wrong with a file of gitleaks was told already where its rules were read.
  notices.push(...loaded.notices.filter((notice) => !notices.includes(notice)));
  return loaded.suppressors;
}

async function pathMatcher(globs: readonly string[]): Promise<(path: string) => boolean> {
  const { default: picomatch } = await import('picomatch');
  return picomatch([...globs], { dot: true });
}

function threshold({ failOn, strict }: ScanFlags, config: Config): ScanOptions['failOn'] {
  let { confidence, severity } = config.failOn;
  if (strict === true) confidence = 'possible';
  for (const word of failOn?.split(',') ?? []) {
    if ((CONFIDENCES as readonly string[]).includes(word)) confidence = word as Confidence;
    else if ((SEVERITIES as readonly string[]).includes(word)) severity = word as Severity;
    else {
      throw new ConfigError(`--fail-on: ${JSON.stringify(word)} is neither a confidence nor a severity`, {
        fix: `use ${[...CONFIDENCES, ...SEVERITIES].join(', ')}, or two with a comma between`,
      });
    }
  }
  return { confidence, severity };
}
