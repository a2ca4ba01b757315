import { intAt, itemAt, realAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES } from '#trace/events/host-categories';

/**
 * Waits that are missing from a train of waits with one time limit: between two of them there is room for exactly so many more, or the train stops
 * although its process goes on. CUDA itself has a thread in each process that polls every 100 ms.
 */
export type LostBeats =
  | { readonly why: 'gaps'; readonly n: number; readonly gaps: number; readonly limit: Ns }
  | { readonly why: 'stop'; readonly end: Ns; readonly othersEnd: Ns; readonly limit: Ns };

/** Calls that return after a time limit if nothing happens (POSIX, Linux). */
const LIMITED = /^p?poll|^p?select|^epoll_p?wait|sleep$|(timed|clock)wait/;
/** For so long no thread that waits over and over works in between: of 13,900 pairs of such waits in 41 captures one lay so far apart. */
const LEAST_LIMIT: Ns = 50e6;
/** A timer is this exact: of 100 ms poll took 100.05 to 100.9. */
const EXACT: Share = 0.01;
const FEWEST_BEATS = 5;
const IN_ANY_TRACE: Share = 0.01;
const A_FEW = 2;
/** A train that waits on is in its next wait; one that stopped has left out this many. */
const LEFT_OUT = 2;
const PROFILER = ACTIVITIES.indexOf('profiler');

interface Call {
  readonly start: Ns;
  readonly end: Ns;
  readonly nameId: number;
}

/** Waits of one thread in one call that ended by their time limit. */
interface Train {
  readonly limit: Ns;
  readonly end: Ns;
  /** Pairs of which the second is the thread's next call, and those of them that have room for more between them. */
  readonly pairs: number;
  readonly gaps: number;
}

const lasted = ({ start, end }: Call): Ns => end - start;

/** The calls of a thread that end when their time is over, by what they are called. */
function limitedCalls(calls: readonly Call[], nameOf: (nameId: number) => string): readonly (readonly number[])[] {
  const places = new Map<number, number[]>();
  for (const [i, call] of calls.entries()) {
    if (lasted(call) < LEAST_LIMIT) continue;
    const list = places.get(call.nameId);
    if (list === undefined) places.set(call.nameId, [i]);
    else list.push(i);
  }
  return [...places].filter(([nameId]) => LIMITED.test(nameOf(nameId))).map(([, list]) => list);
}

/** @param calls of a thread into the operating system, in order @param places of those in one call with a limit */
function trainOf(calls: readonly Call[], places: readonly number[]): Train | undefined {
  const lengths = places.map(i => lasted(itemAt(calls, i))).toSorted((a, b) => a - b);
  const limit = itemAt(lengths, lengths.length >> 1);
  const beats = places.filter(i => Math.abs(lasted(itemAt(calls, i)) - limit) <= EXACT * limit);
  if (beats.length < FEWEST_BEATS || beats.length < places.length / 2) return undefined;
  let [pairs, gaps] = [0, 0];
  for (const [k, i] of beats.entries()) {
    if (beats[k + 1] !== i + 1) continue;
    pairs++;
    const room = itemAt(calls, i + 1).start - itemAt(calls, i).end;
    const fit = Math.round(room / limit);
    if (fit >= 1 && Math.abs(room - fit * limit) <= EXACT * (fit + 1) * limit) gaps++;
  }
  return { limit, end: itemAt(calls, itemAt(beats, beats.length - 1)).end, pairs, gaps };
}

/** When each process called CUDA last. */
function lastCalls({ api, threads }: HostCalls): ReadonlyMap<number, Ns> {
  const last = new Map<number, Ns>();
  for (let i = 0; i < api.n; i++) {
    const process = threads[intAt(api.thread, i)]?.process ?? -1;
    last.set(process, Math.max(last.get(process) ?? Number.NEGATIVE_INFINITY, realAt(api.start, i)));
  }
  return last;
}

/** Looks for waits that were lost, in each train of a trace. @param isCuda whether a call is CUDA's, by the id of its name */
export function lostBeats(host: HostCalls, isCuda: (nameId: number) => boolean): LostBeats | undefined {
  const found = host.threads.flatMap(({ process }, thread) => {
    const { n, start, end, nameId, activity } = host.callsOf(thread);
    const calls: Call[] = [];
    for (let i = 0; i < n; i++)
      if (activity[i] !== PROFILER && !isCuda(intAt(nameId, i)))
        calls.push({ start: realAt(start, i), end: realAt(end, i), nameId: intAt(nameId, i) });
    return limitedCalls(calls, host.nameOf).flatMap(places => {
      const train = trainOf(calls, places);
      return train === undefined ? [] : [{ process, ...train }];
    });
  });
  const [pairs, gaps] = [found.reduce((s, t) => s + t.pairs, 0), found.reduce((s, t) => s + t.gaps, 0)];
  const worst = found.reduce<Train | undefined>((a, b) => (b.gaps > (a?.gaps ?? 0) ? b : a), undefined);
  if (worst !== undefined && gaps > Math.max(A_FEW, IN_ANY_TRACE * pairs)) return { why: 'gaps', n: pairs, gaps, limit: worst.limit };
  const last = lastCalls(host);
  for (const process of new Set(found.map(t => t.process))) {
    const { end, limit } = found.filter(t => t.process === process).reduce((a, b) => (b.end > a.end ? b : a));
    const othersEnd = last.get(process) ?? Number.NEGATIVE_INFINITY;
    if (othersEnd - end > LEFT_OUT * limit) return { why: 'stop', end, othersEnd, limit };
  }
  return undefined;
}
