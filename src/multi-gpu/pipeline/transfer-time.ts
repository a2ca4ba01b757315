import type { Ns, Share } from '#core/units';
import type { Handoff } from './handoffs.ts';
import type { LaunchCauses } from './launch-causes.ts';
import type { MeasuredTask } from './tasks.ts';
import type { Transfer } from './transfers.ts';

/** How much of [from, to) some spans cover. */
export type Covered = (from: Ns, to: Ns) => number;

/** What staging cost a transfer beyond a direct copy, ns; undefined where that is not known. */
export type LossOf = ((t: Transfer) => number) | undefined;

export interface Carried extends Pick<MeasuredTask, 'copying' | 'latency' | 'copyStarved'> {
  /** The part of `copying` that staging cost. */
  readonly staging: Ns;
}
export const NOT_CARRIED: Carried = { copying: 0, latency: 0, copyStarved: 0, staging: 0 };

/** Share of some transfers' time that staging cost. */
export function lostShare(transfers: readonly Transfer[], lost: LossOf): number {
  const time = transfers.reduce((n, t) => n + t.end - t.start, 0);
  return lost === undefined || time <= 0 ? 0 : Math.min(1, transfers.reduce((n, t) => n + lost(t), 0) / time);
}

/** How the time from the producer's end to the arrival of its data went. @param shareOfAll what staging cost of the time of all transfers */
export function transferTime(
  handoff: Handoff,
  from: Ns,
  until: Ns,
  copiesOfDevice: Covered,
  staged: Covered,
  lost: LossOf,
  shareOfAll: Share,
): Carried {
  if (handoff.start === undefined || handoff.end === undefined) return NOT_CARRIED;
  const arrival = Math.max(from, Math.min(handoff.end, until));
  const begin = Math.min(Math.max(handoff.start, from), arrival);
  const launched = Math.min(...handoff.transfers.map(t => t.launched).filter(t => !Number.isNaN(t)));
  const late = Number.isFinite(launched) ? Math.max(0, Math.min(launched, begin) - from) : 0;
  // Before its own turn it may have waited behind another copy of the same device, or for a thread that sees one through the host.
  const queued = copiesOfDevice(from + late, begin) + staged(from, from + late);
  const held = staged(from, from + late);
  const staging = (arrival - begin) * lostShare(handoff.transfers, lost) + (queued - held) * shareOfAll + held;
  return {
    staging,
    copying: arrival - begin + queued,
    latency: Math.max(0, begin - from - late - (queued - held)),
    copyStarved: late - held,
  };
}

/** Why the first copy of a hand-off was launched late. */
export function lateCopy(handoff: Handoff | undefined, late: LaunchCauses | undefined, from: Ns) {
  const known = (handoff?.transfers ?? []).filter(t => !Number.isNaN(t.launched));
  const [first] = known.toSorted((a, b) => a.launched - b.launched);
  return first === undefined ? undefined : late?.(first.source, first.op, from, first.launched);
}
