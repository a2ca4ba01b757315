/** Hypotheses tested together, corrected for their number. */
export interface Corrected {
  readonly method: 'Benjamini-Hochberg' | 'Benjamini-Yekutieli';
  /** How many were tested: all of them, not only those worth telling. */
  readonly hypotheses: number;
  /** The share of false ones among the rejected that is allowed on average. */
  readonly rate: number;
  /** The smallest rate at which each would be rejected, in the order given. */
  readonly adjusted: readonly number[];
  readonly rejected: readonly boolean[];
}

/**
 * Keeps the expected share of false discoveries at `rate` (Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57:289). The step-up rule:
 * of the m values in ascending order, reject up to the largest i with p(i) <= i·rate/m.
 * @param dependence 'positive': independent or positively dependent tests; 'any': whatever they share, at the price of a factor
 *   1 + 1/2 + … + 1/m (Benjamini & Yekutieli 2001, Ann. Statist. 29:1165)
 */
export function benjaminiHochberg(p: readonly number[], rate = 0.05, dependence: 'positive' | 'any' = 'positive'): Corrected {
  const m = p.length;
  const price = dependence === 'positive' ? 1 : p.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  const adjusted = p.map(() => 1);
  let least = 1;
  const falling = p.map((value, index) => ({ value, index })).toSorted((a, b) => b.value - a.value);
  for (const [k, { value, index }] of falling.entries()) {
    least = Math.min(least, (value * m * price) / (m - k));
    adjusted[index] = least;
  }
  return {
    method: dependence === 'positive' ? 'Benjamini-Hochberg' : 'Benjamini-Yekutieli',
    hypotheses: m,
    rate,
    adjusted,
    rejected: adjusted.map(a => a <= rate),
  };
}
