import { DETECTORS } from '../detectors/index.ts';
import type { RulePair } from '../rules/compile.ts';
import type { CompiledPatterns, CompiledRule } from '../rules/compiled.ts';
import { builtInEngine } from './built-in.ts';
import { compileRuleSet } from './compile.ts';
import { Engine } from './engine.ts';
import { packGates } from './pack-gates.ts';
import { buildAutomaton, Prefilter } from './prefilter.ts';
import { loadRegexEngine } from './re2.ts';

/** What may differ from the built-in rules. */
export interface EngineOptions {
  /** A user's own rules, compiled. */
  readonly custom?: readonly RulePair[];
  readonly isEnabled?: (rule: CompiledRule) => boolean;
  /** `re2` or `re2js`; by default what loads. */
  readonly regex?: string | undefined;
}

/**
 * An engine over the built-in rules. With no change to them it takes the automaton made at build
 * time; else it makes one, which costs a few milliseconds.
 */
export function createEngine(patterns: CompiledPatterns, options: EngineOptions = {}): Engine {
  const { custom = [], isEnabled } = options;
  const disabled = isEnabled === undefined ? [] : patterns.rules.filter((rule) => !isEnabled(rule));
  if (custom.length === 0 && disabled.length === 0) return builtInEngine(patterns, options.regex);
  const replaced = new Set([...disabled, ...custom.map((pair) => pair.rule)].map((rule) => rule.id));
  const kept = builtInPairs(patterns).filter((pair) => !replaced.has(pair.rule.id));
  return engineOf(compileRuleSet([...kept, ...custom], DETECTORS, patterns.files), options.regex);
}

/** An engine over any rules. */
export function engineOf(set: ReturnType<typeof compileRuleSet>, regex?: string): Engine {
  const { anchors } = set.anchorIndex;
  const prefilter = new Prefilter(buildAutomaton(anchors), anchors, { gates: packGates(set, DETECTORS) });
  return new Engine(set, prefilter, DETECTORS, () => loadRegexEngine(regex));
}

/** The built-in rules with their literals, read back from the compact form. */
function builtInPairs(patterns: CompiledPatterns): Pick<RulePair, 'rule' | 'anchors' | 'pair'>[] {
  const { anchors, owners } = patterns.anchorIndex;
  const anchorsOf = patterns.rules.map((): string[] => []);
  owners.forEach((list, anchor) => {
    for (const owner of [list].flat()) if (owner >= 0) anchorsOf[owner]?.push(anchors.at(anchor) ?? '');
  });
  return patterns.rules.map((rule, index) => {
    const pair = patterns.pairs[rule.id];
    return { rule, anchors: anchorsOf[index] ?? [], ...(pair !== undefined && { pair }) };
  });
}
