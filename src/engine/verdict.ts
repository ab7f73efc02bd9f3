import fitted from '../../patterns/weights.json' with { type: 'json' };
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

/** Least sums of weights (log-odds) for each confidence; `proven` takes a proof besides. Fitted with the weights. */
const { likely: LIKELY, possible: POSSIBLE } = fitted;
/** A sum below which nothing that could follow brings a candidate back. */
const HOPELESS = -6;

/** Adds up the evidence; `proven`: its proof confirms the value. `undefined` where it speaks against a credential. */
export function judge(match: Match, view: View, rule: CompiledRule, proven: boolean): Verdict | undefined {
  const candidate = candidateOf(match, view, rule);
  const reasons: Evidence[] = [...match.evidence];
  let score = reasons.reduce((sum, { weight }) => sum + weight, 0);
  const ask = (observe: Observe): void => {
    const seen = observe(candidate);
    if (seen === undefined) return;
    for (const item of 'weight' in seen ? [seen] : seen) {
      reasons.push(item);
      score += item.weight;
    }
  };
  for (const observe of OBSERVATIONS) {
    ask(observe);
    if (score < HOPELESS) return undefined;
  }
  if (score < POSSIBLE) return undefined;
  ask(LAST_OBSERVATION);
  if (score < POSSIBLE) return undefined;
  if (score < LIKELY) return { confidence: 'possible', reasons };
  return { confidence: proven ? 'proven' : 'likely', reasons };
}

/** All evidence on a match, whatever it adds up to: for those who fit the weights. */
export function weigh(match: Match, view: View, rule: CompiledRule): readonly Evidence[] {
  const candidate = candidateOf(match, view, rule);
  const seen = [...OBSERVATIONS, LAST_OBSERVATION].flatMap((observe) => observe(candidate) ?? []);
  return [...match.evidence, ...seen];
}

function candidateOf(match: Match, view: View, rule: CompiledRule): Candidate {
  const kind = match.name === undefined ? undefined : credentialName(match.name);
  return {
    match,
    view,
    rule,
    value: match.secret,
    lower: match.secret.toLowerCase(),
    ...(kind !== undefined && { kind }),
    nature: natureOf(match, rule, kind),
    before: view.latin1(view.lineStart(match.start, 256), match.start),
    after: view.latin1(match.end, view.lineEnd(match.end, 160)),
  };
}

function natureOf(match: Match, rule: CompiledRule, kind: Candidate['kind']): Candidate['nature'] {
  if (rule.detector === 'key-block' || rule.detector === 'file-name' || match.end - match.start > 2048) return 'block';
  if (rule.detector === 'assignment') return kind === 'password' ? 'password' : 'token';
  if (rule.detector === 'connection-string') return 'password';
  return rule.class === 'password' && match.guessable ? 'password' : 'token';
}
