import { RuleError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Detector } from '../detectors/detector.ts';
import { PROOFS, proofNamed } from '../detectors/proofs/index.ts';
import type {
  AnchorIndex,
  CompiledFileClass,
  CompiledRule,
  DetectorRules,
  Pairs,
  RuleNeeds,
} from '../rules/compiled.ts';
import type { RulePair } from '../rules/compile.ts';
import { ESCAPE_ANCHORS } from './decoding/signs.ts';

/** Rules, detectors and their common anchor index: what {@link Engine} is made of. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  readonly detectors: readonly DetectorRules[];
  readonly anchorIndex: AnchorIndex;
  /** What a match of each rule needs, by index into `rules`; `null` where nothing is known. */
  readonly runs: readonly (RuleNeeds | null)[];
  /** What files are by their names; see `patterns/files.yaml`. */
  readonly files: readonly CompiledFileClass[];
  /** What belongs to the secrets of rules; see `pairing.ts`. */
  readonly pairs: Pairs;
}

/**
 * Joins rules and detectors into one index of literals.
 * @throws {RuleError} when a rule names a detector or a proof that does not exist
 */
export function compileRuleSet(
  pairs: readonly Pick<RulePair, 'rule' | 'anchors' | 'pair'>[],
  detectors: readonly Detector[],
  files: readonly CompiledFileClass[] = [],
): RuleSet & { readonly anchorIndex: { readonly anchors: readonly string[] } } {
  const rules = pairs.map((pair) => pair.rule);
  const detectorNames = detectors.map(({ name }) => name);
  for (const { id, detector, proof } of rules) {
    if (detector !== undefined && !detectorNames.includes(detector)) fail(id, 'detector', detector, detectorNames);
    if (proof !== undefined && proofNamed(proof.name) === undefined)
      fail(
        id,
        'proof',
        proof.name,
        PROOFS.map(({ name }) => name),
      );
  }
  const used = detectors
    .map((detector) => ({
      detector,
      rules: rules.filter((rule) => rule.detector === detector.name),
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
    for (const anchor of entry.detector.anchors(entry.rules)) own(anchor, -1 - index);
  });
  for (const anchor of ESCAPE_ANCHORS) own(anchor, -1 - used.length);
  const anchors = [...owners.keys()].toSorted();
  return {
    rules,
    files,
    pairs: pairsOf(pairs),
    runs: rules.map(({ run, near, nearBytes }) =>
      run === undefined
        ? null
        : { ...run, ...(near && { near: near.join('\n') }), ...(nearBytes !== undefined && { nearBytes }) },
    ),
    detectors: used.map(({ detector, rules: its }) => ({
      name: detector.name,
      rules: detector.compact?.(its) ?? its,
    })),
    anchorIndex: { anchors, owners: anchors.map((anchor) => alone(owners.get(anchor) ?? [])) },
  };
}

/** Halves that a rule of their own finds, which is switched off, are not looked for. */
function pairsOf(pairs: readonly Pick<RulePair, 'rule' | 'pair'>[]): Pairs {
  const ids = new Set(pairs.map(({ rule }) => rule.id));
  return Object.fromEntries(
    pairs.flatMap(({ rule, pair = [] }) => {
      const halves = pair.filter((half) => half.rule === undefined || ids.has(half.rule));
      return halves.length === 0 ? [] : [[rule.id, halves]];
    }),
  );
}

function alone(list: readonly number[]): number | readonly number[] {
  return list.length === 1 ? (list[0] ?? list) : list;
}

function fail(id: string, kind: 'detector' | 'proof', written: string, known: readonly string[]): never {
  const near = nearest(written, known);
  throw new RuleError(`rule ${id}: there is no ${kind} ${JSON.stringify(written)}`, {
    fix: near === undefined ? `use one of ${known.join(', ')}` : `did you mean ${near}?`,
  });
}
