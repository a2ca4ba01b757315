import { intAt, realAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type Dependencies, readDependencies } from '#trace/events/dependencies';
import type { HostCalls } from '#trace/events/host-calls';
import { type ActivityStretch, activityIn } from '#trace/events/thread-activity';
import type { OpenedTrace } from '#trace/opened-trace';
import { type Ender, type EnderRule, knownPartners } from './known-partners.ts';
import { DEEPEST } from './limits.ts';
import { offTheCpu } from './off-the-cpu.ts';
import type { Partner } from './partners.ts';
import { readScheduler, type Scheduler } from './scheduler.ts';
import { spinning } from './spinning.ts';

/** A wait that led to somebody else. */
export interface FollowedWait {
  readonly thread: number;
  readonly call: string;
  /** How the one who ended it is known. */
  readonly rule: EnderRule;
}

/** One stretch of a thread's time, a wait being what the one did who was waited for. */
export interface FollowedStretch extends ActivityStretch {
  /** Who did it: the root. */
  readonly thread: number;
  /** The waits that led there, outermost first; none where the thread asked about did it itself. */
  readonly via: readonly FollowedWait[];
}

export interface WaitGraph {
  /** What a thread did in [from, to), without holes, waits followed to whoever ended them. A wait that nobody is known to have ended stays. */
  readonly follow: (thread: number, from: Ns, to: Ns) => readonly FollowedStretch[];
  /** Who usually ends a thread's waits in a call, and by what evidence. */
  readonly partnersOf: (thread: number, call: string) => readonly Partner[];
  /** What operations were made to wait for by events between streams; undefined where the trace cannot tell. */
  readonly dependencies: Dependencies | undefined;
}

/** Written out: a hundred thousand of them copied with their spread take as long as all else here. */
const doneBy = (thread: number, via: readonly FollowedWait[], { end, activity, call }: ActivityStretch, start: Ns): FollowedStretch => ({
  start,
  end,
  activity,
  call,
  thread,
  via,
});

/** A read that another thread ended was of a pipe or a socket, not of a file. */
const asWait = (stretch: ActivityStretch): ActivityStretch => (stretch.activity === 'storage' ? { ...stretch, activity: 'wait' } : stretch);

/**
 * Builds the graph; threads, their partners and the events of streams are looked at when they are asked about.
 * @param scheduler where its events were recorded
 * @param readEvents what events between streams tell
 */
export function waitGraph(host: HostCalls, scheduler?: Scheduler, readEvents: () => Dependencies | undefined = () => undefined): WaitGraph {
  const dependencies = lazily(readEvents);
  const known = knownPartners(host, scheduler);
  const spunFor = spinning(host);

  const walk = (thread: number, from: Ns, to: Ns, via: readonly FollowedWait[], out: FollowedStretch[]) => {
    for (const stretch of activityIn(host, thread, from, to)) {
      const ender = enderOf(thread, stretch);
      // Who waits for one that waits for him ends nothing.
      if (ender === undefined || via.length >= DEEPEST || via.some(w => w.thread === ender.thread)) {
        const cpu = stretch.activity === 'own-code' ? known.onCpu(thread) : undefined;
        if (cpu === undefined) out.push(doneBy(thread, via, ender === undefined ? stretch : asWait(stretch), stretch.start));
        else for (const part of offTheCpu(stretch, cpu)) out.push(doneBy(thread, via, part, part.start));
        continue;
      }
      // After the partner did what ended the wait, the thread was only waking up.
      const until = Math.max(stretch.start, Math.min(stretch.end, ender.acted));
      const next = { thread, call: stretch.call, rule: ender.rule };
      if (until > stretch.start) walk(ender.thread, stretch.start, until, [...via, next], out);
      if (stretch.end > until) out.push(doneBy(thread, via, asWait(stretch), until));
    }
  };

  const enderOf = (thread: number, stretch: ActivityStretch): Ender | undefined => {
    if (stretch.activity === 'own-code') {
      const other = spunFor(thread, stretch.start, stretch.end);
      return other === undefined ? undefined : { thread: other, rule: 'spin', acted: stretch.end };
    }
    const row = waitAt(thread, stretch);
    return row < 0 ? undefined : known.enderOf(thread, row);
  };

  /** Index of the wait that a stretch is part of, or -1. */
  const waitAt = (thread: number, { activity, call, start, end }: ActivityStretch) => {
    if (activity !== 'wait' && activity !== 'storage') return -1;
    const calls = host.callsOf(thread);
    for (let i = upperBound(calls.start, start) - 1; i >= 0 && realAt(calls.endSoFar, i) >= end; i--)
      if (realAt(calls.end, i) >= end && host.nameOf(intAt(calls.nameId, i)) === call)
        return known.waitsOf(thread).familyOf(i) === undefined ? -1 : i;
    return -1;
  };

  return {
    follow: (thread, from, to) => {
      const out: FollowedStretch[] = [];
      walk(thread, from, to, [], out);
      return out;
    },
    partnersOf: known.ofCall,
    get dependencies() {
      return dependencies();
    },
  };
}

/** The graph of a trace, with the scheduler's events and those of streams where they were recorded. */
export const readWaits = ({ ops, host, source }: Pick<OpenedTrace, 'ops' | 'host' | 'source'>): WaitGraph =>
  waitGraph(host, readScheduler(source), () => readDependencies(source, ops, host));
