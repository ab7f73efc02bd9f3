import { priorOf, THRESHOLDS, weightOf, type WeightName } from '../core/weights.ts';
import { passwordOfBasic } from '../core/basic.ts';
import { credentialName } from '../core/credential-name.ts';
import type { Confidence, Evidence, Match } from '../core/finding.ts';
import type { View } from '../core/view.ts';
import type { CompiledRule } from '../rules/compiled.ts';
import type { Candidate, Observe } from './evidence/evidence.ts';
import { LAST_OBSERVATIONS, OBSERVATIONS, ORDER, PLACE, SOFTENING, type Asked } from './evidence/index.ts';

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

/** For each of {@link ORDER}, how much it and all that are asked after it may still add, by a table of weights. */
function mostLeft(table: (name: WeightName) => number): readonly number[] {
  const left: number[] = [];
  let most = 0;
  for (const index of ORDER.toReversed()) {
    // The names are those of the table; each piece is rounded to hundredths.
    for (const [name, amount] of Object.entries(OBSERVATIONS[index]?.raises ?? {})) {
      most += Math.ceil(Math.max(0, table(name as WeightName) * amount) * 100) / 100;
    }
    left.unshift(most);
  }
  return left;
}
const MOST_LEFT = { assigned: mostLeft(weightOf), other: mostLeft(priorOf) };
/** Sums differ by less than this with the order in which they are made. */
const SLACK = 1e-6;

/** Adds up the evidence; `proven`: its proof confirms the value. `undefined` where it speaks against a credential. */
export function judge(match: Match, view: View, rule: CompiledRule, proven: boolean): Verdict | undefined {
  const candidate = candidateOf(match, view, rule);
  const { likely, possible } = thresholdsOf(candidate);
  // What the place says is told last, and known first: it is the same for all of a file.
  const place = evidenceOf(PLACE, candidate);
  const left = candidate.assigned ? MOST_LEFT.assigned : MOST_LEFT.other;
  const told: (readonly Evidence[])[] = [];
  let known = sumOf(match.evidence) + sumOf(place);
  for (const [rank, index] of ORDER.entries()) {
    if (known + (left[rank] ?? 0) < possible - SLACK) return undefined;
    const { observe } = OBSERVATIONS[index] as Asked; // an index of it
    known += sumOf((told[index] = evidenceOf(observe, candidate)));
  }
  const reasons = [...match.evidence, ...told.flat(), ...place];
  if (sumOf(reasons) < possible) return undefined;
  for (const observe of LAST_OBSERVATIONS) reasons.push(...evidenceOf(observe, candidate));
  if (sumOf(reasons) < possible) return undefined;
  for (const observe of SOFTENING) reasons.push(...evidenceOf(observe, candidate));
  const score = sumOf(reasons);
  if (score < likely || neverBlocks(reasons)) return { confidence: 'possible', reasons };
  return { confidence: proven ? 'proven' : 'likely', reasons };
}

function sumOf(reasons: readonly Evidence[]): number {
  let sum = 0;
  for (const { weight } of reasons) sum += weight;
  return sum;
}

/** A verdict with a piece of evidence that came up after it. */
export function withEvidence(match: Match & Verdict, view: View, rule: CompiledRule, more: Evidence): Verdict {
  const reasons = [...match.reasons, more];
  const score = sumOf(reasons);
  const { likely } = thresholdsOf(candidateOf(match, view, rule));
  if (match.confidence !== 'possible' || score < likely || neverBlocks(reasons)) {
    return { confidence: match.confidence, reasons };
  }
  return { confidence: reasons.some((reason) => reason.evidence === 'proof-passed') ? 'proven' : 'likely', reasons };
}

/** What people make up for a test, a sample, a build or a comment, and what has ended before it is read, is listed and never blocks. */
export function neverBlocks(reasons: readonly Pick<Evidence, 'evidence'>[]): boolean {
  const has = (names: ReadonlySet<string>): boolean => reasons.some(({ evidence }) => names.has(evidence));
  return has(MADE_UP) || THROWN_AWAY.some(([places, values]) => has(places) && has(values));
}

/** Made up, or harmless, wherever it stands. */
const MADE_UP: ReadonlySet<string> = new Set([
  'value-mashed',
  'value-repeats',
  'value-code',
  'value-prose',
  'value-weak-code',
  'value-names-itself',
  'value-password-hash',
  'token-unsigned',
  'key-part',
]);
/** Places, and what is of no use to anyone there. */
const THROWN_AWAY: readonly (readonly [places: ReadonlySet<string>, values: ReadonlySet<string>])[] = [
  [
    new Set(['place-test', 'place-docs', 'place-template', 'place-comment', 'place-ci']),
    new Set([
      'value-plain-word',
      'value-weak',
      'value-short',
      'value-no-basic',
      'value-leet',
      'value-uuid',
      'value-identifier',
      'value-marked',
      'value-test-word',
      'name-sample',
      'value-default',
      'value-fixture',
      'value-encoded',
      'value-short-lived',
      'token-toy',
      'part-says-pass',
      'part-says-secret',
      'part-says-sample',
    ]),
  ],
  // The password of what a build sets up and throws away.
  [new Set(['place-ci']), new Set(['name-password'])],
  // Full of values that no rule's own pattern speaks for.
  [new Set(['place-template', 'place-lockfile']), new Set(['base-assignment'])],
  // A test that speaks TLS or SSH takes a key of its own along, and so does what explains it.
  [new Set(['place-test', 'place-docs']), new Set(['key-block'])],
];

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
    // The names are those of the table, which holds no 0 for what detectors see; facts that proofs read weigh nothing.
    ...match.evidence.map((item) => ({
      ...item,
      amount: item.weight === 0 ? 0 : item.weight / weightOf(item.evidence as WeightName),
    })),
    ...[...OBSERVATIONS.map(({ observe }) => observe), PLACE, ...LAST_OBSERVATIONS, ...SOFTENING].flatMap((observe) =>
      evidenceOf(observe, candidate),
    ),
  ];
  const verdict = judge(match, view, rule, proven);
  return {
    ...thresholdsOf(candidate),
    ...(verdict && { confidence: verdict.confidence }),
    reasons,
    score: sumOf(reasons),
  };
}

function candidateOf(match: Match, view: View, rule: CompiledRule): Candidate {
  const kind = match.name === undefined ? undefined : credentialName(match.name);
  const nature = natureOf(match, rule, kind);
  // What counts of an HTTP Basic credential is the password in it.
  const password = isBasic(match) ? passwordOfBasic(match.secret) : undefined;
  const value = password ?? match.secret;
  return {
    match,
    view,
    rule,
    value,
    lower: value.toLowerCase(),
    ...(kind !== undefined && { kind }),
    nature: password === undefined ? nature : 'password',
    assigned: ASSIGNING.has(rule.detector) && nature !== 'block',
    before: view.latin1(view.lineStart(match.start, 256), match.start),
    after: view.latin1(match.end, view.lineEnd(match.end, 160)),
  };
}

/** Whether the value is, or may be, the Base64 of a name and a password. */
function isBasic({ name, proof }: Match): boolean {
  return proof?.name === 'docker-auth' || (name !== undefined && /^(?:proxy-)?authorization$|^_?auth$/i.test(name));
}

/** Detectors of what a name, a flag or a place says to be a credential. */
const ASSIGNING: ReadonlySet<string | undefined> = new Set(['assignment', 'call', 'command-line']);

function natureOf(match: Match, rule: CompiledRule, kind: Candidate['kind']): Candidate['nature'] {
  if (rule.detector === 'key-block' || rule.detector === 'file-name' || match.end - match.start > 2048) return 'block';
  if (ASSIGNING.has(rule.detector)) return kind === 'password' ? 'password' : 'token';
  if (rule.detector === 'connection-string') return 'password';
  return rule.class === 'password' && match.guessable ? 'password' : 'token';
}
