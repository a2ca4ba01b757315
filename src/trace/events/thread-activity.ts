import { byteAt, intAt, realAt, valueAt } from '#core/columns';
import { ascendingOrder, isAscending, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { ACTIVITIES, type Activity } from './host-categories.ts';

/** Calls of one host thread in order of start. Times in ns since the session began. */
export interface ThreadCalls {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into ACTIVITIES. */
  readonly activity: Uint8Array;
  readonly nameId: Int32Array;
  /** Latest end of this and all earlier calls: tells how far back a search must go. */
  readonly endSoFar: Float64Array;
}

/** Puts the calls of one thread in order. `rows` are indices into the other columns. */
export function threadCalls(
  rows: Int32Array,
  start: Float64Array,
  end: Float64Array,
  activity: Uint8Array,
  nameId: Int32Array,
): ThreadCalls {
  const n = rows.length;
  const out = {
    n,
    start: new Float64Array(n),
    end: new Float64Array(n),
    activity: new Uint8Array(n),
    nameId: new Int32Array(n),
    endSoFar: new Float64Array(n),
  };
  const starts = new Float64Array(n);
  for (let k = 0; k < n; k++) starts[k] = realAt(start, intAt(rows, k));
  const order = isAscending(starts) ? undefined : ascendingOrder(starts);
  let latest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < n; k++) {
    const i = intAt(rows, order === undefined ? k : valueAt(order, k));
    const ended = realAt(end, i);
    out.start[k] = realAt(start, i);
    out.end[k] = ended;
    out.activity[k] = byteAt(activity, i);
    out.nameId[k] = nameId[i] ?? -1;
    latest = Math.max(latest, ended);
    out.endSoFar[k] = latest;
  }
  return out;
}

/** One stretch of a thread's time. */
export interface ActivityStretch {
  readonly start: Ns;
  readonly end: Ns;
  readonly activity: Activity;
  /** The call, or '' for the thread's own code. */
  readonly call: string;
}

/** Where a thread's calls and their names come from. */
export interface ThreadSource {
  readonly callsOf: (thread: number) => ThreadCalls;
  readonly nameOf: (nameId: number) => string;
}

/** What a thread did in [from, to), without holes: the most telling call of each moment, or its own code. */
export function activityIn(host: ThreadSource, thread: number, from: Ns, to: Ns): readonly ActivityStretch[] {
  const calls = host.callsOf(thread);
  const inside: number[] = [];
  for (let i = upperBound(calls.start, to) - 1; i >= 0 && realAt(calls.endSoFar, i) > from; i--)
    if (realAt(calls.end, i) > from && realAt(calls.start, i) < to) inside.push(i);
  if (inside.length === 0) return [ownCode(from, to)];
  if (inside.length === 1) return aroundCall(host, calls, valueAt(inside, 0), from, to);
  const cuts = [
    ...new Set([from, to, ...inside.flatMap(i => [realAt(calls.start, i), realAt(calls.end, i)]).filter(t => t > from && t < to)]),
  ].sort((a, b) => a - b);
  const out: { start: Ns; end: Ns; activity: Activity; call: string }[] = [];
  const OWN = ACTIVITIES.length - 1;
  inside.reverse();
  let next = 0;
  let open: number[] = [];
  for (let k = 0; k + 1 < cuts.length; k++) {
    const a = valueAt(cuts, k);
    const b = valueAt(cuts, k + 1);
    for (; next < inside.length && realAt(calls.start, valueAt(inside, next)) <= a; next++) open.push(valueAt(inside, next));
    open = open.filter(i => realAt(calls.end, i) >= b);
    let best = OWN;
    let name = -1;
    for (const i of open)
      if ((calls.activity[i] ?? OWN) <= best) {
        best = calls.activity[i] ?? OWN;
        name = calls.nameId[i] ?? -1;
      }
    const activity = ACTIVITIES[best] ?? 'own-code';
    const call = name < 0 ? '' : host.nameOf(name);
    const last = out.at(-1);
    if (last !== undefined && last.activity === activity && last.call === call) last.end = b;
    else out.push({ start: a, end: b, activity, call });
  }
  return out;
}

const ownCode = (start: Ns, end: Ns): ActivityStretch => ({ start, end, activity: 'own-code', call: '' });

/** The same where there is but one call, as in most gaps. */
function aroundCall(host: ThreadSource, calls: ThreadCalls, i: number, from: Ns, to: Ns): readonly ActivityStretch[] {
  const start = Math.max(from, realAt(calls.start, i));
  const end = Math.min(to, realAt(calls.end, i));
  if (end <= start) return [ownCode(from, to)];
  const activity = ACTIVITIES[byteAt(calls.activity, i)] ?? 'own-code';
  const during = { start, end, activity, call: host.nameOf(intAt(calls.nameId, i)) };
  return [...(start > from ? [ownCode(from, start)] : []), during, ...(end < to ? [ownCode(end, to)] : [])];
}

/** What a thread was doing at one moment: the most telling of the calls that it was in. */
export function activityAt(host: ThreadSource, thread: number, t: Ns): Pick<ActivityStretch, 'activity' | 'call'> {
  const calls = host.callsOf(thread);
  let best = ACTIVITIES.length - 1;
  let name = -1;
  for (let i = upperBound(calls.start, t) - 1; i >= 0 && realAt(calls.endSoFar, i) > t; i--)
    if (realAt(calls.end, i) > t && (calls.activity[i] ?? best) < best) {
      best = calls.activity[i] ?? best;
      name = calls.nameId[i] ?? -1;
    }
  return { activity: ACTIVITIES[best] ?? 'own-code', call: name < 0 ? '' : host.nameOf(name) };
}
