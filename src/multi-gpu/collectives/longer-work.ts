import { median } from 'd3-array';
import type { Ns } from '#core/units';
import { attributeLosses } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import type { CauseOrRest } from '#schema/causes';
import type { JudgedWindow } from './rank-lane.ts';

/** More operations than the others by this factor is more work, not slower work. */
const MORE_WORK = 1.1;

interface Longer {
  readonly cause: CauseOrRest;
  /** The end of a sentence that says it. */
  readonly how: string;
}

/**
 * Why the work of a rank took longer than its peers'. To the detectors it is what a slow kernel is to any lane, with the peers for what is
 * normal: a part that the lowered clock accounts for, and the rest.
 * @param excess by how much it took longer
 * @returns the cause of the larger part
 */
export function longerWork(own: JudgedWindow, peers: readonly JudgedWindow[], excess: Ns, detectors: readonly Detector[]): Longer {
  const { from, to, busy, count, rank } = own;
  const { lane, clockShare } = rank.losses;
  const clocked = clockShare(from, to) * busy;
  const loss = {
    kind: 'slow' as const,
    start: from,
    end: to,
    normal: busy - excess,
    foreignShare: lane.foreignShare(from, to),
    // Sums are compared, not kernels: how many of them were slow is not known, so nothing unseen is blamed.
    isGraph: false,
    slowAround: 0,
    byClock: clocked > 0 && 2 * clocked >= excess,
  };
  const [found] = attributeLosses([loss], detectors, rank.context);
  if (found?.cause !== undefined) {
    const beside = loss.byClock ? 'at a lowered clock:' : 'beside';
    return { cause: found.cause, how: `, ${beside} ${found.attribution?.subject}` };
  }
  const usual = median(peers, q => q.count) ?? count;
  if (count > MORE_WORK * usual) return { cause: 'stage-imbalance', how: `: ${count} operations where the others had ${usual}` };
  return { cause: 'unexplained', how: ', on as many operations; nothing recorded says why' };
}
