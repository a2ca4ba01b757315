import { intAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { LaneGap, Loss } from './loss.ts';
import type { LossContext } from './loss-context.ts';
import { queuedLosses, streamCalls } from './queued-losses.ts';
import { starvedLosses, waitedNeedlessly } from './starved-losses.ts';

/** Splits a gap at its launch: what the launching thread did before it, and what held the work back after it. */
export function gapLosses(c: LossContext, start: Ns, end: Ns, previous: number, endedBy: number): Loss[] {
  const { ops, host, lane } = c;
  const call = host.api.find(valueAt(ops.processes, lane.process), intAt(ops.correlation, endedBy));
  if (call < 0) return [{ kind: 'unknown', start, end }];
  const { losses, launched } = starvedLosses(c, { start, end, previous, endedBy }, call);
  if (end > launched) losses.push(...queuedLosses(c, launched, end, endedBy, streamCalls(c, call, previous)));
  return losses;
}

/** A gap as short as a launch is a loss only when a needless synchronisation made it: a thousand of them are a stall. */
export function shortSyncLoss(c: LossContext, start: Ns, end: Ns, previous: number, endedBy: number): Loss[] {
  const { ops, host, lane } = c;
  const call = host.api.find(valueAt(ops.processes, lane.process), intAt(ops.correlation, endedBy));
  if (call < 0 || realAt(host.api.start, call) < start) return [];
  const thread = intAt(host.api.thread, call);
  if (!waitedNeedlessly(c, thread, start, previous)) return [];
  const gap: LaneGap = {
    start,
    end,
    thread,
    byActivity: new Map([['own-code', end - start]]),
    firstSeen: false,
    codeFollows: false,
    contended: false,
    afterNeedlessSync: true,
    endedBy,
  };
  return [{ kind: 'starved', start, end, gap, activity: 'own-code', call: '', root: thread, via: [], bound: 'sure' }];
}
