import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit, type Row } from './logistic.ts';

const priors = new Map([
  ['a', 1],
  ['b', -2],
  ['c', 0],
]);

describe('the fit of evidence weights', () => {
  test('without rows, or with a strong prior, weights stay at it', () => {
    expect(fit([], priors, () => 1)).toEqual(priors);
    const rows: Row[] = [{ features: [['a', 1]], isTrue: false, weight: 100 }];
    for (const [name, weight] of fit(rows, priors, () => 1e9)) expect(weight).toBeCloseTo(priors.get(name) ?? 0, 5);
  });

  test('of one feature it finds the log-odds of its rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (yes, no) => {
        const row = (isTrue: boolean, weight: number): Row => ({ features: [['c', 1]], isTrue, weight });
        const weight = fit([row(true, yes), row(false, no)], priors, () => 1e-9).get('c');
        expect(weight).toBeCloseTo(Math.log(yes / no), 3);
      }),
    );
  });

  test('the loss is least there: no small step makes it less', () => {
    const row = fc.record({
      features: fc.tuple(
        ...['a', 'b', 'c'].map((name) =>
          fc.double({ min: -3, max: 3, noNaN: true }).map((amount) => [name, amount] as const),
        ),
      ),
      isTrue: fc.boolean(),
      weight: fc.constantFrom(0.5, 1, 3),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const loss = (weights: ReadonlyMap<string, number>): number =>
          [...weights].reduce((sum, [name, weight]) => sum + 0.25 * (weight - (priors.get(name) ?? 0)) ** 2, 0) +
          rows.reduce((sum, { features, isTrue, weight }) => {
            const score = features.reduce((total, [name, amount]) => total + (weights.get(name) ?? 0) * amount, 0);
            return sum + weight * Math.log1p(Math.exp(isTrue ? -score : score));
          }, 0);
        const best = fit(rows, priors, () => 0.5);
        for (const name of priors.keys()) {
          for (const step of [-0.01, 0.01]) {
            const moved = new Map(best).set(name, (best.get(name) ?? 0) + step);
            expect(loss(moved)).toBeGreaterThanOrEqual(loss(best) - 1e-6);
          }
        }
      }),
    );
  });
});
