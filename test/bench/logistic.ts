/** One observation: amounts by feature, what it was, and how much it counts. */
export interface Row {
  readonly features: readonly (readonly [name: string, amount: number])[];
  readonly isTrue: boolean;
  readonly weight: number;
}

/**
 * Logistic regression with a Gaussian prior around given weights, by Newton's method; few features, each
 * a named piece of evidence, so that the Hessian is small. Where the rows say little of a feature, it
 * stays at its prior.
 *
 * Method: https://doi.org/10.1007/978-0-387-84858-7 (Hastie, Tibshirani, Friedman), section 4.4.1.
 * @param strength of the prior of a feature: the inverse of its variance
 */
export function fit(
  rows: readonly Row[],
  priors: ReadonlyMap<string, number>,
  strength: (name: string) => number,
): ReadonlyMap<string, number> {
  const names = [...priors.keys()];
  const index = new Map(names.map((name, at) => [name, at]));
  const size = names.length;
  const prior = Float64Array.from(names, (name) => priors.get(name) ?? 0);
  const held = Float64Array.from(names, strength);
  const w = prior.slice();
  const compact = rows.map((row) => ({
    ...row,
    at: row.features.map(([name]) => index.get(name) ?? -1),
    amounts: row.features.map(([, amount]) => amount),
  }));
  const loss = (at: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += ((held[i] ?? 0) / 2) * ((at[i] ?? 0) - (prior[i] ?? 0)) ** 2;
    for (const { at: features, amounts, isTrue, weight } of compact) {
      let score = 0;
      for (let f = 0; f < features.length; f++) score += (at[features[f] ?? -1] ?? 0) * (amounts[f] ?? 0);
      const against = isTrue ? -score : score;
      sum += weight * (against > 30 ? against : Math.log1p(Math.exp(against)));
    }
    return sum;
  };
  let now = loss(w);
  for (let step = 0; step < 100; step++) {
    const gradient = Float64Array.from(w, (value, at) => (held[at] ?? 0) * (value - (prior[at] ?? 0)));
    const hessian = Array.from({ length: size }, (_, at) => {
      const line = new Float64Array(size);
      line[at] = held[at] ?? 0;
      return line;
    });
    for (const { at, amounts, isTrue, weight } of compact) {
      let score = 0;
      for (let f = 0; f < at.length; f++) score += (w[at[f] ?? -1] ?? 0) * (amounts[f] ?? 0);
      const p = 1 / (1 + Math.exp(-score));
      const slope = weight * (p - (isTrue ? 1 : 0));
      const bend = weight * p * (1 - p);
      for (let f = 0; f < at.length; f++) {
        const i = at[f] ?? -1;
        if (i < 0) continue;
        const amount = amounts[f] ?? 0;
        gradient[i] = (gradient[i] ?? 0) + slope * amount;
        const line = hessian[i];
        if (line === undefined) continue;
        for (let g = 0; g < at.length; g++) {
          const j = at[g] ?? -1;
          if (j >= 0) line[j] = (line[j] ?? 0) + bend * amount * (amounts[g] ?? 0);
        }
      }
    }
    const move = solve(hessian, gradient);
    const before = now;
    const slope = gradient.reduce((sum, value, i) => sum + value * (move[i] ?? 0), 0);
    // A whole step may overshoot to where it is hardly better (Armijo's condition).
    for (let share = 1; share > 1e-6; share /= 2) {
      const next = w.map((value, i) => value - share * (move[i] ?? 0));
      const then = loss(next);
      if (then <= now - 0.1 * share * slope) {
        w.set(next);
        now = then;
        break;
      }
    }
    if (before - now < 1e-9 * before) break;
  }
  return new Map(names.map((name, at) => [name, w[at] ?? 0]));
}

/** Of a positive definite matrix, by Cholesky's decomposition, in place. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const at = (i: number, j: number): number => matrix[i]?.[j] ?? 0;
  const set = (i: number, j: number, value: number): void => {
    const line = matrix[i];
    if (line !== undefined) line[j] = value;
  };
  for (let j = 0; j < size; j++) {
    let sum = at(j, j);
    for (let k = 0; k < j; k++) sum -= at(j, k) ** 2;
    const root = Math.sqrt(Math.max(sum, 1e-12));
    set(j, j, root);
    for (let i = j + 1; i < size; i++) {
      let rest = at(i, j);
      for (let k = 0; k < j; k++) rest -= at(i, k) * at(j, k);
      set(i, j, rest / root);
    }
  }
  const x = right.slice();
  for (let i = 0; i < size; i++) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= at(i, k) * (x[k] ?? 0);
    x[i] = sum / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < size; k++) sum -= at(k, i) * (x[k] ?? 0);
    x[i] = sum / at(i, i);
  }
  return x;
}
