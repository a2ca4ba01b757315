import { intAt, realAt } from '#core/columns';
import { type Spans, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { FollowedStretch } from '#diagnosis/waits/wait-graph';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { type Activity, isDeviceWide } from '#trace/events/host-categories';
import { activityAt } from '#trace/events/thread-activity';
import type { LaneGap, Loss } from './loss.ts';
import type { LossContext } from './loss-context.ts';

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

/** A stretch in which an operation had not begun. */
interface Opening {
  readonly start: Ns;
  readonly end: Ns;
  /** The lane's operation before it; undefined where another stream's is looked at. */
  readonly previous: number | undefined;
  readonly endedBy: number;
}

/**
 * What the launching thread did before an operation was launched, and while it was.
 * @param call the launch
 * @returns the losses, and when the launch was over: what is left of the stretch is none of the host's
 */
export function starvedLosses(
  c: LossContext,
  { start, end, previous, endedBy }: Opening,
  call: number,
): { readonly losses: Loss[]; readonly launched: Ns } {
  const { host, lane } = c;
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
    contended: touches(lane.foreign, start, end),
    afterNeedlessSync: previous !== undefined && waitedNeedlessly(c, thread, start, previous),
    endedBy,
  };
  return {
    losses: [...sure.map(s => starvedIn(s, gap, 'sure')), ...straddling.map(s => starvedIn(s, gap, 'straddling'))],
    launched: straddleTo,
  };
}

/** Whether any of the spans reaches into [from, to). */
function touches(spans: Spans, from: Ns, to: Ns): boolean {
  const i = upperBound(spans.end, from);
  return i < spans.n && realAt(spans.start, i) < to;
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

/** The thread was in a synchronisation when the gap opened, and nothing had been read back that it had to wait for. */
export function waitedNeedlessly({ ops, host }: LossContext, thread: number, gapStart: Ns, previous: number): boolean {
  const opening = activityAt(host, thread, gapStart - 1);
  return opening.activity === 'sync' && (ops.copyKind[previous] !== COPY_KIND.deviceToHost || isDeviceWide(opening.call));
}
