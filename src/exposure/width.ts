import { VERDICTS, type Verdict } from './exposure-map.ts';

export const WIDEST_FIRST = Object.keys(VERDICTS) as readonly Verdict[];

/** Whether the first verdict is wider than the second, `unknown` being next to `visible`. */
export function isWider(a: Verdict, b: Verdict): boolean {
  return WIDEST_FIRST.indexOf(a) < WIDEST_FIRST.indexOf(b);
}

/** The same where `unknown` counts as visible, so that one for the other is no change. */
export function countsWider(a: Verdict, b: Verdict): boolean {
  return isWider(a === 'unknown' ? 'visible' : a, b === 'unknown' ? 'visible' : b);
}

/** A verdict with which an assistant can have the secret, be it with effort. */
export function isOpen(verdict: Verdict): boolean {
  return verdict !== 'blocked' && verdict !== 'not-applicable';
}
