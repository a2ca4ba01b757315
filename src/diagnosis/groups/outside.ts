import { group, rollup, sum } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { ThreadAt } from '#diagnosis/steps/explain-stalls';
import type { HostCalls } from '#trace/events/host-calls';
import { activityIn } from '#trace/events/thread-activity';

/** Who held requests or tokens up outside the engine in a stretch, as far as the trace shows. */
export interface OutsideState {
  readonly who: 'front-end' | 'client';
  /** The thread that was at work or blocked, or undefined where all that the trace shows sat in their usual wait: whoever it was is not in the trace. */
  readonly busy: ThreadAt | undefined;
}

/** More than half of a stretch in its usual wait: it was waiting for input. */
const IDLE_SHARE: Share = 0.5;

/** The event loop of a process that runs nothing on a GPU. */
interface Loop {
  readonly thread: number;
  readonly pid: number;
  /** The call in which it spends most of its time: where it waits for something to do. */
  readonly wait: string;
  readonly isClient: boolean;
}

/**
 * The processes around the engine: those that run nothing on a GPU, each with its thread that makes most calls, the event loop. Answers flow from
 * servers to clients, so one that receives from sockets far more often than it sends is a client.
 * @param serving processes (global pid) that work on GPUs
 * @param fewestCalls a thread that makes fewer hands out no tokens
 * @returns undefined where the trace shows none
 */
export function findOutside(
  host: HostCalls,
  serving: ReadonlySet<number>,
  fewestCalls: number,
): ((from: Ns, to: Ns) => OutsideState) | undefined {
  // The threads that never called into CUDA are known once the calls of any thread were asked for.
  host.callsOf(0);
  const loops = [...group(host.threads.keys(), t => host.threads[t]?.process ?? -1)]
    .filter(([process]) => !serving.has(process))
    .flatMap(([, threads]) => {
      const [loop] = threads.toSorted((a, b) => host.callsOf(b).n - host.callsOf(a).n);
      return loop !== undefined && host.callsOf(loop).n >= fewestCalls ? [loopOf(host, loop)] : [];
    });
  if (loops.length === 0) return undefined;
  return (from, to) => {
    const at = (some: readonly Loop[]) => some.flatMap(l => whatKept(host, l, from, to) ?? [])[0];
    const servers = at(loops.filter(l => !l.isClient));
    if (servers !== undefined) return { who: 'front-end', busy: servers };
    return { who: 'client', busy: at(loops.filter(l => l.isClient)) };
  };
}

/** A client receives this many times for each time it sends: a request goes out once, its tokens come back one by one. */
const CLIENT_RATIO = 2;

function loopOf(host: HostCalls, thread: number): Loop {
  const calls = host.callsOf(thread);
  const time = new Map<string, Ns>();
  let [received, sent] = [0, 0];
  for (let i = 0; i < calls.n; i++) {
    const name = host.nameOf(valueAt(calls.nameId, i));
    time.set(name, (time.get(name) ?? 0) + realAt(calls.end, i) - realAt(calls.start, i));
    if (name.startsWith('recv')) received++;
    if (name.startsWith('send')) sent++;
  }
  const [most] = [...time].toSorted((a, b) => b[1] - a[1]);
  return { thread, pid: host.threads[thread]?.pid ?? 0, wait: most?.[0] ?? '', isClient: received > CLIENT_RATIO * sent };
}

/** What kept a loop from its usual wait for more than half of a stretch. */
function whatKept(host: HostCalls, { thread, pid, wait }: Loop, from: Ns, to: Ns): ThreadAt | undefined {
  const stretches = activityIn(host, thread, from, to);
  const busy = stretches.filter(s => s.call !== wait);
  if (sum(busy, s => s.end - s.start) < (1 - IDLE_SHARE) * (to - from)) return undefined;
  const times = rollup(
    busy,
    l => sum(l, s => s.end - s.start),
    s => s.call,
  );
  const [call] = [...times].toSorted((a, b) => b[1] - a[1]);
  return { process: pid, thread: host.threads[thread]?.tid ?? 0, call: call?.[0] ?? '' };
}
