import { DETECTORS } from '../../src/detectors/index.ts';
import { compileRuleSet } from '../../src/engine/compile.ts';
import { engineOf } from '../../src/engine/create.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { compileRuleFile, type RulePair } from '../../src/rules/compile.ts';
import { FILE_CLASSES, RULE_FILES } from './rules.ts';

/** The rules of `patterns/`, compiled here and now. */
export const pairs: readonly RulePair[] = RULE_FILES.flatMap(({ name, file }) => compileRuleFile(file, name));
export const set: ReturnType<typeof compileRuleSet> = compileRuleSet(pairs, DETECTORS, FILE_CLASSES);
/** Both load in turn: the wrapper keeps the last one it was asked for. */
export const engines: Readonly<Record<'re2' | 're2js', Engine>> = {
  re2: engineOf(set, process.env['KEEPMUM_REGEX'] ?? undefined),
  re2js: engineOf(set, 're2js'),
};
