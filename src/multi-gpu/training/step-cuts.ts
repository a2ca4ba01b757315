import { realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import type { Ns, Share } from '#core/units';
import type { StepsBy } from '#schema/training';

/** The steps of one rank, one after the other. Times on its source's clock, ns. */
export interface RankSteps {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Kernels and graphs that began in each, collectives left out. */
  readonly works: Int32Array;
}

/** Where the ranks' time is cut into steps, and by what. */
export interface StepCuts {
  readonly by: StepsBy;
  /** The range or the kernel that marks them. */
  readonly mark: string;
  /** One of each rank. */
  readonly ranks: readonly RankSteps[];
}

/** Steps that hold as much work as the middle one, to this share, are alike. */
export const ALIKE: Share = 0.1;

/**
 * Steps from the moments at which they end.
 * @param first when the first one begins, where that is known; else it is left out, as nobody knows how much of it is missing
 * @param starts of the rank's works, ascending, ns
 */
export function stepsFrom(ends: readonly Ns[], starts: Float64Array, first?: Ns): RankSteps {
  const cuts = first === undefined ? ends : [first, ...ends];
  const n = Math.max(0, cuts.length - 1);
  const works = new Int32Array(n);
  let k = 0;
  for (let i = 0; i < n; i++) {
    const [from, to] = [valueAt(cuts, i), valueAt(cuts, i + 1)];
    while (k < starts.length && realAt(starts, k) < from) k++;
    const before = k;
    while (k < starts.length && realAt(starts, k) < to) k++;
    works[i] = k - before;
  }
  return { n, start: Float64Array.from(cuts.slice(0, n)), end: Float64Array.from(cuts.slice(1)), works };
}

/** Share of a rank's steps that hold as much work as the middle one. */
export function regularity({ n, works }: RankSteps): Share {
  if (n === 0) return 0;
  const usual = medianOf(works);
  return works.reduce((s, w) => s + (Math.abs(w - usual) <= ALIKE * usual ? 1 : 0), 0) / n;
}
