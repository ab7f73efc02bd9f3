import { DETECTORS } from '../detectors/index.ts';
import type { CompiledPatterns } from '../rules/compiled.ts';
import { Engine } from './engine.ts';
import { Prefilter, unpackAutomaton } from './prefilter.ts';
import { loadRegexEngine } from './re2.ts';

/**
 * An engine over the built-in rules as they are, with the automaton made at build time.
 * @param regex `re2` or `re2js`; by default what loads
 */
export function builtInEngine(patterns: CompiledPatterns, regex?: string): Engine {
  const { automaton, tables, gates } = unpackAutomaton(patterns.automaton);
  const prefilter = new Prefilter(automaton, patterns.anchorIndex.anchors, { tables, gates });
  return new Engine(patterns, prefilter, DETECTORS, () => loadRegexEngine(regex));
}
