import { byteAt, intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { isAscending, type Spans, spansOf, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { ACTIVITIES } from '#trace/events/host-categories';
import type { ThreadCalls } from '#trace/events/thread-activity';
import { LEAST_WAIT_NS, WAKE_NS } from './limits.ts';
import { standsStill, type WaitFamily, waitFamily, wakeFamily } from './wait-calls.ts';

/**
 * Moments of one kind in a thread's life, in order.
 * - wake: it began a call that can end a wait
 * - begin: it began to wait or to synchronise: it had done its work
 * - end: its wait or synchronisation ended: it went to work
 * - launch: it launched
 */
export interface EdgeTrain {
  readonly kind: 'wake' | 'begin' | 'end' | 'launch';
  readonly call: string;
  /** Which waits it can end, of kind `wake`. */
  readonly family: WaitFamily | undefined;
  readonly times: Float64Array;
}

/** All that can be told of when a thread could wake others. */
export interface ThreadEdges {
  readonly trains: readonly EdgeTrain[];
  /** Where it stood in calls that last long enough to matter. */
  readonly still: Spans;
  /** The same without copies: a thread that copies is at work. */
  readonly waiting: Spans;
  /** False where it stood in one call from WAKE_NS before until the moment: then it woke nobody. */
  readonly awakeBefore: (t: Ns) => boolean;
  /** When it last came from standing still; -Infinity where it never did. */
  readonly busySince: (t: Ns) => Ns;
}

interface Role {
  readonly call: string;
  readonly wakes: WaitFamily | undefined;
  readonly still: boolean;
  readonly waits: boolean;
  readonly launches: boolean;
}

/** What each call of a thread means for others, looked up once a name. */
function rolesOf(calls: ThreadCalls, nameOf: (nameId: number) => string): (call: number) => Role {
  const roles = new Map<number, Role>();
  return i => {
    const id = intAt(calls.nameId, i);
    return getOrCompute(roles, id, () => {
      const call = nameOf(id);
      const activity = ACTIVITIES[byteAt(calls.activity, i)] ?? 'own-code';
      const wakes = wakeFamily(call);
      return {
        call,
        wakes,
        // A call that wakes may itself be filed under waits; futex both waits and wakes.
        still: standsStill(activity, waitFamily(call)) && (wakes === undefined || waitFamily(call) !== undefined),
        waits: activity !== 'copy',
        launches: activity === 'launch',
      };
    });
  };
}

/** Reads one thread's calls once. */
export function threadEdges(calls: ThreadCalls, nameOf: (nameId: number) => string): ThreadEdges {
  const roleOf = rolesOf(calls, nameOf);
  const lists = new Map<string, { kind: EdgeTrain['kind']; call: string; family: WaitFamily | undefined; times: number[] }>();
  const add = (kind: EdgeTrain['kind'], call: string, family: WaitFamily | undefined, t: Ns) =>
    getOrCompute(lists, `${kind} ${call}`, () => ({ kind, call, family, times: [] })).times.push(t);
  const waiting: (readonly [Ns, Ns])[] = [];
  const stillFrom: number[] = [];
  const stillTo: number[] = [];
  for (let i = 0; i < calls.n; i++) {
    const { call, wakes, still, waits, launches } = roleOf(i);
    const start = realAt(calls.start, i);
    const end = realAt(calls.end, i);
    const long = end - start >= LEAST_WAIT_NS;
    if (wakes !== undefined && !(still && long)) add('wake', call, wakes, start);
    else if (launches) add('launch', '', undefined, start);
    // A wait that found all done already says as well as a long one that its thread came to it.
    else if (still) {
      add('begin', call, undefined, start);
      add('end', call, undefined, end);
    }
    if (!still || !long) continue;
    if (waits) waiting.push([start, end]);
    // Nested calls are one stretch.
    const last = stillTo.length - 1;
    if (last >= 0 && start <= (stillTo[last] ?? Number.NaN)) stillTo[last] = Math.max(end, stillTo[last] ?? end);
    else {
      stillFrom.push(start);
      stillTo.push(end);
    }
  }
  const from = Float64Array.from(stillFrom);
  const to = Float64Array.from(stillTo);
  return {
    still: { n: from.length, start: from, end: to },
    waiting: spansOf(waiting),
    trains: [...lists.values()].map(l => {
      const times = Float64Array.from(l.times);
      return { ...l, times: isAscending(times) ? times : times.sort() };
    }),
    awakeBefore: t => {
      const i = upperBound(from, t - WAKE_NS) - 1;
      return i < 0 || realAt(to, i) < t;
    },
    busySince: t => {
      const i = upperBound(to, t) - 1;
      return i < 0 ? Number.NEGATIVE_INFINITY : realAt(to, i);
    },
  };
}
