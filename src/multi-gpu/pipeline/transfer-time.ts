import type { Ns, Share } from '#core/units';
import type { Handoff } from './handoffs.ts';
import type { LaunchCauses } from './launch-causes.ts';
import type { MeasuredTask, StagingCostOf } from './measured-task.ts';
import type { Covered } from './rank-timeline.ts';
import type { Transfer } from './transfers.ts';

/** How the time from a producer's end to the arrival of its data went. */
export interface TransferTime extends Pick<MeasuredTask, 'copying' | 'latency' | 'copyStarved'> {
  /** The part of `copying` that staging cost. */
  readonly staging: Ns;
}
export const NO_TRANSFER: TransferTime = { copying: 0, latency: 0, copyStarved: 0, staging: 0 };

/** Share of some transfers' time that staging cost. */
export function stagingShare(transfers: readonly Transfer[], stagingCost: StagingCostOf): Share {
  const time = transfers.reduce((n, t) => n + t.end - t.start, 0);
  return stagingCost === undefined || time <= 0 ? 0 : Math.min(1, transfers.reduce((n, t) => n + stagingCost(t), 0) / time);
}

/** What is known of the device that sends, and of staging. */
export interface SenderFacts {
  /** When it sent copies, and when its host saw copies through that go by way of the host. */
  readonly copies: Covered;
  readonly staged: Covered;
  readonly stagingCost: StagingCostOf;
  /** What staging cost of the time of all transfers. */
  readonly shareOfAll: Share;
}

/** Takes the time between two operations apart. @param from the producer's end @param until the consumer's begin */
export function transferTime(handoff: Handoff, from: Ns, until: Ns, sender: SenderFacts): TransferTime {
  if (handoff.start === undefined || handoff.end === undefined) return NO_TRANSFER;
  const { copies, staged, stagingCost, shareOfAll } = sender;
  const arrival = Math.max(from, Math.min(handoff.end, until));
  const begin = Math.min(Math.max(handoff.start, from), arrival);
  const launched = Math.min(...handoff.transfers.map(t => t.launched).filter(t => !Number.isNaN(t)));
  const late = Number.isFinite(launched) ? Math.max(0, Math.min(launched, begin) - from) : 0;
  // Before its own turn it may have waited behind another copy of the same device, or for a thread that sees one through the host.
  const queued = copies(from + late, begin) + staged(from, from + late);
  const held = staged(from, from + late);
  const staging = (arrival - begin) * stagingShare(handoff.transfers, stagingCost) + (queued - held) * shareOfAll + held;
  return {
    staging,
    copying: arrival - begin + queued,
    latency: Math.max(0, begin - from - late - (queued - held)),
    copyStarved: late - held,
  };
}

/** Why the first copy of a hand-off was launched late. @param from the producer's end */
export function lateCopy(handoff: Handoff | undefined, lateLaunch: LaunchCauses | undefined, from: Ns) {
  const known = (handoff?.transfers ?? []).filter(t => !Number.isNaN(t.launched));
  const [first] = known.toSorted((a, b) => a.launched - b.launched);
  return first === undefined ? undefined : lateLaunch?.(first.source, first.op, from, first.launched);
}
