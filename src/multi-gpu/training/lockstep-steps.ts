import { realAt, valueAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { RankSteps } from './step-cuts.ts';

/** The steps that the ranks take together: for each of them the number of each rank's own step, undefined where it has none. */
export interface Together {
  readonly lockstep: boolean;
  readonly groups: readonly (readonly (number | undefined)[])[];
}

/** Ranks go together where this share of their steps lie side by side, one for one. */
const SIDE_BY_SIDE: Share = 0.9;

/** The step of a rank that shares most time with [from, to), or undefined. */
function besides({ n, start, end }: RankSteps, offset: Ns, from: Ns, to: Ns): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (let k = Math.max(0, upperBound(end, from - offset)); k < n && realAt(start, k) + offset < to; k++) {
    const shared = Math.min(realAt(end, k) + offset, to) - Math.max(realAt(start, k) + offset, from);
    if (shared > most) [best, most] = [k, shared];
  }
  return best;
}

/**
 * Puts the steps of all ranks side by side.
 * @param offsets of the ranks' clocks, ns
 */
export function together(ranks: readonly RankSteps[], offsets: readonly Ns[]): Together {
  const [first] = ranks;
  if (first === undefined) return { lockstep: false, groups: [] };
  const beside = ranks.map((rank, r) =>
    Array.from({ length: first.n }, (_, i) => {
      if (r === 0) return i;
      const shift = valueAt(offsets, 0);
      return besides(rank, valueAt(offsets, r), realAt(first.start, i) + shift, realAt(first.end, i) + shift);
    }),
  );
  const isPaired = (list: readonly (number | undefined)[]) => {
    const next = list.filter((k, i) => {
      const before = list[i - 1];
      return k !== undefined && before !== undefined && k - before === 1;
    }).length;
    return next >= SIDE_BY_SIDE * (list.length - 1);
  };
  if (ranks.length > 1 && beside.every(isPaired)) return { lockstep: true, groups: beside[0]?.map((_, i) => beside.map(b => b[i])) ?? [] };
  // Ranks that go their own way are judged each by itself.
  return {
    lockstep: false,
    groups: ranks.flatMap((rank, r) => Array.from({ length: rank.n }, (_, i) => ranks.map((_s, k) => (k === r ? i : undefined)))),
  };
}
