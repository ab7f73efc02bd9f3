import { priorOf, THRESHOLDS, weightOf, type WeightName } from '../core/weights.ts';
import { passwordOfBasic } from '../core/basic.ts';
import { credentialName } from '../core/credential-name.ts';
import type { Confidence, Evidence, Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import type { Candidate, Observe } from './evidence/evidence.ts';
import { LAST_OBSERVATION, OBSERVATIONS } from './evidence/index.ts';

/** What is made of a match. */
export interface Verdict {
  readonly confidence: Confidence;
  /** All evidence, in the order in which it was seen; weights add up to the score. */
  readonly reasons: readonly Evidence[];
}

/** Least sums of weights (log-odds) for each confidence; `proven` takes a proof besides. */
export interface Thresholds {
  readonly likely: number;
  readonly possible: number;
}
/** Where weights are those of the table and not fitted. */
export const PATTERN_THRESHOLDS: Thresholds = { likely: 2, possible: 0 };
/** Below the threshold by this much, nothing that could follow brings a candidate back. */
const HOPELESS = -8;

/** Adds up the evidence; `proven`: its proof confirms the value. `undefined` where it speaks against a credential. */
export function judge(match: Match, view: View, rule: CompiledRule, proven: boolean): Verdict | undefined {
  const candidate = candidateOf(match, view, rule);
  const { likely, possible } = thresholdsOf(candidate);
  const reasons: Evidence[] = [...match.evidence];
  let score = reasons.reduce((sum, { weight }) => sum + weight, 0);
  const ask = (observe: Observe): void => {
    for (const item of evidenceOf(observe, candidate)) {
      reasons.push(item);
      score += item.weight;
    }
  };
  for (const observe of OBSERVATIONS) {
    ask(observe);
    if (score < possible + HOPELESS) return undefined;
  }
  if (score < possible) return undefined;
  ask(LAST_OBSERVATION);
  if (score < possible) return undefined;
  if (score < likely || isWeakInTest(reasons)) return { confidence: 'possible', reasons };
  return { confidence: proven ? 'proven' : 'likely', reasons };
}

/** A word that serves as a password in a test, a sample or a comment is listed, and never blocks. */
export function isWeakInTest(reasons: readonly Pick<Evidence, 'evidence'>[]): boolean {
  const has = (names: ReadonlySet<string>): boolean => reasons.some(({ evidence }) => names.has(evidence));
  return has(TEST_PLACES) && has(WEAK_VALUES);
}
const TEST_PLACES: ReadonlySet<string> = new Set(['place-test', 'place-docs', 'place-template', 'place-comment']);
const WEAK_VALUES: ReadonlySet<string> = new Set([
  'value-plain-word',
  'value-weak',
  'value-short',
  'value-no-basic',
  'part-says-pass',
  'part-says-secret',
  'part-says-sample',
]);

function evidenceOf(observe: Observe, candidate: Candidate): readonly MeasuredEvidence[] {
  const found = observe(candidate);
  if (found === undefined) return [];
  const table = candidate.assigned ? weightOf : priorOf;
  return ('amount' in found ? [found] : found).map(({ evidence, amount, text }) => ({
    evidence,
    amount,
    weight: Math.round(table(evidence) * amount * 100) / 100,
    text,
  }));
}

function thresholdsOf(candidate: Candidate): Thresholds {
  return candidate.assigned ? THRESHOLDS : PATTERN_THRESHOLDS;
}

/** A piece of evidence, and how much of it there is: the weight of the table is multiplied with that. */
export interface MeasuredEvidence extends Evidence {
  readonly amount: number;
}

/** A verdict with all that led to it, also where it is that there is no credential. */
export interface Explained extends Thresholds {
  /** Absent where the evidence speaks against a credential. */
  readonly confidence?: Confidence;
  /** In the order in which it is seen; weights add up to `score`. */
  readonly reasons: readonly MeasuredEvidence[];
  readonly score: number;
}

/** What {@link judge} says of a match, without stopping where it is clear. */
export function explain(match: Match, view: View, rule: CompiledRule, proven: boolean): Explained {
  const candidate = candidateOf(match, view, rule);
  const reasons = [
    // The names are those of the table, which holds no 0 for what detectors see.
    ...match.evidence.map((item) => ({ ...item, amount: item.weight / weightOf(item.evidence as WeightName) })),
    ...[...OBSERVATIONS, LAST_OBSERVATION].flatMap((observe) => evidenceOf(observe, candidate)),
  ];
  const verdict = judge(match, view, rule, proven);
  return {
    ...thresholdsOf(candidate),
    ...(verdict && { confidence: verdict.confidence }),
    reasons,
    score: reasons.reduce((sum, { weight }) => sum + weight, 0),
  };
}

function candidateOf(match: Match, view: View, rule: CompiledRule): Candidate {
  const kind = match.name === undefined ? undefined : credentialName(match.name);
  const nature = natureOf(match, rule, kind);
  // What counts of an HTTP Basic credential is the password in it.
  const value = (match.name === 'Authorization' ? passwordOfBasic(match.secret) : undefined) ?? match.secret;
  return {
    match,
    view,
    rule,
    value,
    lower: value.toLowerCase(),
    ...(kind !== undefined && { kind }),
    nature,
    assigned: ASSIGNING.has(rule.detector) && nature !== 'block',
    before: view.latin1(view.lineStart(match.start, 256), match.start),
    after: view.latin1(match.end, view.lineEnd(match.end, 160)),
  };
}

/** Detectors of what a name, a flag or a place says to be a credential. */
const ASSIGNING: ReadonlySet<string | undefined> = new Set(['assignment', 'call', 'command-line']);

function natureOf(match: Match, rule: CompiledRule, kind: Candidate['kind']): Candidate['nature'] {
  if (rule.detector === 'key-block' || rule.detector === 'file-name' || match.end - match.start > 2048) return 'block';
  if (ASSIGNING.has(rule.detector)) return kind === 'password' ? 'password' : 'token';
  if (rule.detector === 'connection-string') return 'password';
  return rule.class === 'password' && match.guessable ? 'password' : 'token';
}
