import { intAt, realAt, valueAt } from '#core/columns';
import { type Spans, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { FollowedStretch, WaitGraph } from '#diagnosis/waits/wait-graph';
import { COPY_KIND } from '#trace/events/copy-kinds';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { type Activity, isDeviceWide } from '#trace/events/host-categories';
import { activityAt } from '#trace/events/thread-activity';
import type { Lane } from './lane.ts';
import type { LaneGap, Loss } from './loss.ts';

/** What the losses of a lane are judged by. */
export interface LossContext {
  readonly ops: GpuOps;
  readonly host: HostCalls;
  readonly lane: Lane;
  /** What threads did, waits followed to whoever ended them. */
  readonly waits: WaitGraph;
  /** The thread that launches what the lane computes, where there is one. */
  readonly driver: number | undefined;
  /** Whether code was made or loaded in a gap, or ends it. */
  readonly codeFollows: (from: Ns, to: Ns) => boolean;
  /** Share of a stretch's time that the lowered clock cost. */
  readonly clockShare: (from: Ns, to: Ns) => Share;
}

const NOTHING_DONE: readonly FollowedStretch[] = [];

const starvedIn = (s: FollowedStretch, gap: LaneGap, bound: 'sure' | 'straddling'): Loss => ({
  kind: 'starved',
  start: s.start,
  end: s.end,
  gap,
  activity: s.activity,
  call: s.call,
  root: s.thread,
  via: s.via,
  bound,
});

/** Splits a gap at its launch: what the launching thread did before it, and what held the work back after it. */
export function gapLosses(c: LossContext, start: Ns, end: Ns, previous: number, endedBy: number): Loss[] {
  const { ops, host, lane } = c;
  const call = host.api.find(valueAt(ops.processes, lane.process), intAt(ops.correlation, endedBy));
  if (call < 0) return [{ kind: 'unknown', start, end }];
  const begun = realAt(host.api.start, call);
  const done = Math.max(begun, realAt(host.api.end, call));
  const thread = intAt(host.api.thread, call);
  const starvedTo = Math.min(end, Math.max(start, begun));
  const straddleTo = Math.min(end, Math.max(starvedTo, done));
  // A copy from pageable memory, or one that must wait, holds its own call open while it runs: only the part before the GPU moved is a gap.
  const sure = starvedTo > start ? followed(c, thread, start, starvedTo) : NOTHING_DONE;
  const straddling = straddleTo > starvedTo ? followed(c, thread, starvedTo, straddleTo) : NOTHING_DONE;
  const byActivity = new Map<Activity, number>();
  for (const stretches of [sure, straddling])
    for (const s of stretches) byActivity.set(s.activity, (byActivity.get(s.activity) ?? 0) + s.end - s.start);
  const gap: LaneGap = {
    start,
    end,
    thread,
    byActivity,
    firstSeen: !lane.seenBefore(endedBy),
    codeFollows: c.codeFollows(start, end),
    contended: clip(lane.foreign, start, end).length > 0,
    afterNeedlessSync: waitedNeedlessly(c, thread, start, previous),
    endedBy,
  };
  const losses: Loss[] = [];
  for (const s of sure) losses.push(starvedIn(s, gap, 'sure'));
  for (const s of straddling) losses.push(starvedIn(s, gap, 'straddling'));
  if (end > straddleTo) losses.push(...queuedLosses(c, straddleTo, end, endedBy, hostFunctionBefore(c, thread, previous, begun)));
  return losses;
}

/**
 * What the launching thread did, its waits followed. One of a pool that nobody is known to have woken waited for the thread that drives the
 * lane: whatever it copies is for the steps of that one.
 */
function followed({ waits, driver }: LossContext, thread: number, from: Ns, to: Ns): readonly FollowedStretch[] {
  const own = waits.follow(thread, from, to);
  if (driver === undefined || driver === thread) return own;
  return own.flatMap(s => {
    if (s.activity !== 'wait' || s.via.length > 0) return [s];
    const via = [{ thread, call: s.call, rule: 'driver' as const }];
    return waits.follow(driver, s.start, s.end).map(d => ({ ...d, via: [...via, ...d.via] }));
  });
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

/** The thread was in a synchronisation when the gap opened, and nothing had been read back that it had to wait for. */
function waitedNeedlessly({ ops, host }: LossContext, thread: number, gapStart: Ns, previous: number): boolean {
  const opening = activityAt(host, thread, gapStart - 1);
  return opening.activity === 'sync' && (ops.copyKind[previous] !== COPY_KIND.deviceToHost || isDeviceWide(opening.call));
}

/** The parts of the spans inside [from, to), by search: both gaps and spans may be hundreds of thousands. */
function clip(spans: Spans, from: Ns, to: Ns): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (let i = upperBound(spans.end, from); i < spans.n && realAt(spans.start, i) < to; i++)
    out.push([Math.max(from, realAt(spans.start, i)), Math.min(to, realAt(spans.end, i))]);
  return out;
}

const HOST_FUNCTION = /^cu(da)?(LaunchHostFunc|StreamAddCallback)/;

/** The call with which a thread put a host function on a stream after it had launched the operation before and before `begun`, or ''. */
function hostFunctionBefore({ ops, host, lane }: LossContext, thread: number, previous: number, begun: Ns): string {
  const launch = host.api.find(valueAt(ops.processes, lane.process), intAt(ops.correlation, previous));
  if (launch < 0) return '';
  const calls = host.callsOf(thread);
  const since = realAt(host.api.start, launch);
  for (let i = upperBound(calls.start, begun) - 1; i >= 0 && realAt(calls.start, i) >= since; i--) {
    const name = host.nameOf(intAt(calls.nameId, i));
    if (HOST_FUNCTION.test(name)) return name;
  }
  return '';
}

/** Splits a stretch in which work was queued by whether other work held the GPU meanwhile. */
function queuedLosses(c: LossContext, from: Ns, to: Ns, endedBy: number, hostFunction: string): Loss[] {
  const out: Loss[] = [];
  let at = from;
  const add = (start: Ns, end: Ns, foreign: boolean, byClock: boolean) => {
    if (end > start) out.push({ kind: 'queued', start, end, foreign, byClock, endedBy, hostFunction });
  };
  for (const [a, b] of clip(c.lane.foreign, from, to)) {
    const clockFrom = b - c.clockShare(a, b) * (b - a);
    add(at, a, false, false);
    add(a, clockFrom, true, false);
    add(clockFrom, b, true, true);
    at = b;
  }
  add(at, to, false, false);
  return out;
}
