import type { Detector } from '../detectors/detector.ts';
import type { AnchorIndex, CompiledFileClass, CompiledRule } from '../rules/compiled.ts';
import type { RulePair } from '../rules/compile.ts';

/** Rules, detectors and their common anchor index: what {@link Engine} is made of. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  readonly detectors: readonly { readonly name: string; readonly rules: readonly number[] }[];
  readonly anchorIndex: AnchorIndex;
  /** What files are by their names; see `patterns/files.yaml`. */
  readonly files: readonly CompiledFileClass[];
}

/** Joins rules and detectors into one index of literals. */
export function compileRuleSet(
  pairs: readonly Pick<RulePair, 'rule' | 'anchors'>[],
  detectors: readonly Detector[],
  files: readonly CompiledFileClass[] = [],
): RuleSet {
  const rules = pairs.map((pair) => pair.rule);
  const used = detectors
    .map((detector) => ({
      detector,
      rules: rules.flatMap((rule, index) => (rule.detector === detector.name ? [index] : [])),
    }))
    .filter((entry) => entry.rules.length > 0);
  const owners = new Map<string, number[]>();
  const own = (anchor: string, owner: number): void => {
    const list = owners.get(anchor);
    if (list === undefined) owners.set(anchor, [owner]);
    else if (!list.includes(owner)) list.push(owner);
  };
  pairs.forEach((pair, index) => {
    for (const anchor of pair.anchors) own(anchor, index);
  });
  used.forEach((entry, index) => {
    const detectorRules = entry.rules.flatMap((rule) => rules[rule] ?? []);
    for (const anchor of entry.detector.anchors(detectorRules)) own(anchor, -1 - index);
  });
  const anchors = [...owners.keys()].toSorted();
  return {
    rules,
    files,
    detectors: used.map((entry) => ({ name: entry.detector.name, rules: entry.rules })),
    anchorIndex: { anchors, owners: anchors.map((anchor) => owners.get(anchor) ?? []) },
  };
}
