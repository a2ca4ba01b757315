import { rollup, sum } from 'd3-array';
import type { Ns } from '#core/units';
import type { Loss } from '#diagnosis/lanes/loss';
import type { Cause, CauseOrRest } from '#schema/causes';
import type { Attribution, Detector, DetectorContext } from './define.ts';

/** A loss and the cause that won it; no cause where no detector attributes it. Times since the session began. */
export interface AttributedLoss {
  readonly start: Ns;
  readonly end: Ns;
  readonly loss: Loss;
  readonly cause: Cause | undefined;
  readonly attribution: Attribution | undefined;
}

/** What the first detector says that attributes a loss: unsurely, where one before it could not tell. */
function attributionOf(loss: Loss, ordered: readonly Detector[], context: DetectorContext) {
  let isOpen = false;
  for (const { cause, attributeLoss, mayBe } of ordered) {
    const attribution = attributeLoss?.(loss, context);
    if (attribution !== undefined) return { cause, attribution: isOpen ? { ...attribution, confidence: 'low' as const } : attribution };
    isOpen ||= mayBe?.(loss, context) === true;
  }
  return { cause: undefined, attribution: undefined };
}

/** Asks every detector about every loss; the most specific attribution wins. */
export function attributeLosses(
  losses: readonly Loss[],
  detectors: readonly Detector[],
  context: DetectorContext,
): readonly AttributedLoss[] {
  const ordered = detectors.filter(d => d.attributeLoss !== undefined).toSorted((a, b) => a.precedence - b.precedence);
  return losses.map(loss => {
    // An engine that was given nothing to do is no fault of its own.
    if (loss.kind === 'starved' && loss.isInput === true)
      return { start: loss.start, end: loss.end, loss, cause: undefined, attribution: undefined };
    return { start: loss.start, end: loss.end, loss, ...attributionOf(loss, ordered, context) };
  });
}

/** Losses of one cause together, and what the longest of them was about. */
export interface LostBy {
  readonly ns: Ns;
  readonly subject: string;
}

/** What each cause cost. */
export const lostByCause = (attributed: readonly AttributedLoss[]): ReadonlyMap<CauseOrRest, LostBy> =>
  rollup(
    attributed,
    list => ({
      ns: sum(list, l => l.end - l.start),
      subject: list.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a)).attribution?.subject ?? '',
    }),
    l => l.cause ?? ('unexplained' as const),
  );
