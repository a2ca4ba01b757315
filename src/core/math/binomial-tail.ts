import type { Share } from '#core/units';

/**
 * Bound on the chance that of n trials at least the given share succeed (Chernoff 1952, Ann. Math. Statist. 23:493): close enough for a
 * verdict, and without factorials of thousands.
 * @param seen share of the trials that succeeded
 * @param chance of each to succeed
 */
export function binomialTail(n: number, seen: Share, chance: Share): number {
  if (seen <= chance) return 1;
  const p = Math.max(chance, Number.MIN_VALUE);
  const divergence = seen * Math.log(seen / p) + (seen < 1 ? (1 - seen) * Math.log((1 - seen) / (1 - p)) : 0);
  return Math.exp(-n * divergence);
}
