import type { Key } from './key.ts';

/** What a canary says of what is claimed. */
export const OUTCOMES = {
  contradicted: 'it came through, and the data say that it does not',
  news: 'it came through, and the data know nothing of it',
  confirmed: 'as the data say',
  'not shown': 'it did not come through, and by the data it could: ask again before you believe it',
  'not asked': 'no answer to its prompt is in the transcript',
} as const;

export type Outcome = keyof typeof OUTCOMES;

export interface Result {
  readonly canary: Key['canaries'][number];
  readonly came: boolean;
  readonly outcome: Outcome;
}

/** Each canary beside what is claimed of it, worst first. */
export function resultsOf({ canaries, prompts }: Key, found: ReadonlySet<string>): readonly Result[] {
  const asked = new Set(prompts.filter(({ marker }) => found.has(marker)).map(({ route }) => route));
  const results = canaries.map((canary): Result => {
    const came = found.has(canary.value);
    return { canary, came, outcome: outcomeOf(canary.claim.verdict, came, asked.has(canary.route)) };
  });
  const order = Object.keys(OUTCOMES);
  return results.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
}

function outcomeOf(verdict: Key['canaries'][number]['claim']['verdict'], came: boolean, isAsked: boolean): Outcome {
  if (came) {
    if (verdict === 'unknown') return 'news';
    return verdict === 'blocked' || verdict === 'not-applicable' ? 'contradicted' : 'confirmed';
  }
  if (!isAsked) return 'not asked';
  return verdict === 'visible' || verdict === 'unknown' ? 'not shown' : 'confirmed';
}
