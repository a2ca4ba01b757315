import { byteAt, intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { ACTIVITIES } from '#trace/events/host-categories';
import type { ThreadCalls } from '#trace/events/thread-activity';
import { shortestHalf } from './lag-evidence.ts';
import { LEAST_WAIT_NS, MOST_LEARNED } from './limits.ts';
import type { WaitClass } from './partners.ts';
import { type WaitFamily, waitFamily } from './wait-calls.ts';

/** What is waited for in each call of a thread that is a wait. */
export interface ThreadWaits {
  /** Of the call at an index of ThreadCalls; undefined where it is no wait, or too short to matter. */
  readonly familyOf: (row: number) => WaitFamily | undefined;
  /** Kinds of waits that a call belongs to, the narrower first: those after the same call, and all of its name. */
  readonly kindsOf: (row: number) => readonly string[];
  readonly classOf: (kind: string) => WaitClass | undefined;
  /** Names of the calls in which it waits. */
  readonly calls: readonly string[];
  /** Kind of all waits of a name. */
  readonly kindOfCall: (call: string) => string | undefined;
}

/** Sorts the waits of one thread by kind. What was called before tells a lock that is waited for in passing from the next task. */
export function threadWaits(calls: ThreadCalls, nameOf: (nameId: number) => string): ThreadWaits {
  const families = new Map<number, WaitFamily | undefined>();
  const familyOf = (row: number) => {
    const activity = ACTIVITIES[byteAt(calls.activity, row)];
    if ((activity !== 'wait' && activity !== 'storage') || realAt(calls.end, row) - realAt(calls.start, row) < LEAST_WAIT_NS)
      return undefined;
    const id = intAt(calls.nameId, row);
    return getOrCompute(families, id, () => waitFamily(nameOf(id)));
  };
  const kindsOf = (row: number) => {
    const id = intAt(calls.nameId, row);
    return [`${id} after ${row > 0 ? intAt(calls.nameId, row - 1) : ''}`, `${id}`];
  };
  const rows = new Map<string, number[]>();
  const idOf = new Map<string, number>();
  for (let row = 0; row < calls.n; row++) {
    if (familyOf(row) === undefined) continue;
    for (const kind of kindsOf(row)) getOrCompute(rows, kind, () => []).push(row);
    const id = intAt(calls.nameId, row);
    if (!idOf.has(nameOf(id))) idOf.set(nameOf(id), id);
  }
  const classOf = (kind: string): WaitClass | undefined => {
    const of = rows.get(kind);
    const first = of?.[0];
    const family = first === undefined ? undefined : familyOf(first);
    if (of === undefined || first === undefined || family === undefined) return undefined;
    const stride = Math.ceil(of.length / MOST_LEARNED);
    const sample = of.filter((_, k) => k % stride === 0);
    const half = shortestHalf(Float64Array.from(sample, row => realAt(calls.end, row) - realAt(calls.start, row)));
    return {
      family,
      ends: Float64Array.from(sample, row => realAt(calls.end, row)).sort(),
      length: (half.low + half.high) / 2,
      spread: half.high - half.low,
      maybeWork: ACTIVITIES[byteAt(calls.activity, first)] === 'storage',
    };
  };
  return { familyOf, kindsOf, classOf, calls: [...idOf.keys()], kindOfCall: call => (idOf.has(call) ? `${idOf.get(call)}` : undefined) };
}
