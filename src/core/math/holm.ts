/**
 * The smallest levels at which each of some hypotheses is rejected, if the probability that any true one is rejected may be no more than
 * that level, whatever the tests share (Holm 1979, Scandinavian Journal of Statistics 6:65): the k-th smallest of m times m − k + 1.
 * @param p in any order
 * @returns in the same order, at most 1
 */
export function holm(p: readonly number[]): readonly number[] {
  const adjusted = p.map(() => 1);
  let most = 0;
  for (const [k, { value, index }] of p
    .map((value, index) => ({ value, index }))
    .toSorted((a, b) => a.value - b.value)
    .entries()) {
    most = Math.min(1, Math.max(most, value * (p.length - k)));
    adjusted[index] = most;
  }
  return adjusted;
}
