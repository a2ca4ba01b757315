import { rollup, sum } from 'd3-array';
import type { Loss } from '#diagnosis/lanes/loss';
import type { Cause, CauseOrRest } from '#schema/causes';
import type { Claim, Detector, DetectorContext } from './define.ts';

/** A loss and the cause that won it; no cause where no detector claims it. */
export interface ClaimedLoss {
  readonly start: number;
  readonly end: number;
  readonly loss: Loss;
  readonly cause: Cause | undefined;
  readonly claim: Claim | undefined;
}

/** Asks every detector about every loss; the most specific claim wins. */
export function claimLosses(losses: readonly Loss[], detectors: readonly Detector[], context: DetectorContext): readonly ClaimedLoss[] {
  const ordered = detectors.filter(d => d.claimLoss !== undefined).toSorted((a, b) => a.precedence - b.precedence);
  return losses.map(loss => {
    for (const d of ordered) {
      const claim = d.claimLoss?.(loss, context);
      if (claim !== undefined) return { start: loss.start, end: loss.end, loss, cause: d.cause, claim };
    }
    return { start: loss.start, end: loss.end, loss, cause: undefined, claim: undefined };
  });
}

/** Losses of one cause together, ns, and what the longest of them was about. */
export interface LostBy {
  readonly ns: number;
  readonly subject: string;
}

/** What each cause cost. */
export const lostByCause = (claimed: readonly ClaimedLoss[]): ReadonlyMap<CauseOrRest, LostBy> =>
  rollup(
    claimed,
    list => ({
      ns: sum(list, l => l.end - l.start),
      subject: list.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a)).claim?.subject ?? '',
    }),
    l => l.cause ?? ('unexplained' as const),
  );
