import { itemAt, valueAt } from '#core/columns';
import type { Ms } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { type CauseOrRest, WAITING_CAUSE } from '#schema/causes';
import { directDelays } from './direct-delays.ts';
import type { JudgedRequest } from './requests.ts';
import type { IncidentSelection } from './select-incidents.ts';

/** What one request's delay is made of. */
export interface DelayBreakdown {
  readonly request: JudgedRequest;
  readonly expectedMs: Ms;
  /** Time beyond the expected, not below zero. */
  readonly excessMs: Ms;
  readonly slow: boolean;
  /** Parts of the excess by cause; they never exceed it, and `unexplained` is what they leave of it. */
  readonly parts: ReadonlyMap<CauseOrRest, Ms>;
  /** The full delay of each cause in the request's life, before it was cut to the excess. */
  readonly full: ReadonlyMap<CauseOrRest, Ms>;
  /** Parts by incident (index) and cause. */
  readonly byIncident: ReadonlyMap<number, ReadonlyMap<CauseOrRest, Ms>>;
  /** Wait beyond the usual that no incident accounts for, and whose it is: nobody's where no queue is shown. */
  readonly waitedMs: Ms;
  readonly waitCause: CauseOrRest;
  /** The incident in whose busy period the request waited, if any. */
  readonly behind: number | undefined;
}

const MS = 1e6;

const add = <K>(map: Map<K, Ms>, key: K, value: Ms) => map.set(key, (map.get(key) ?? 0) + value);

/** Delays that requests met outside the engine. */
export interface OutsideDelays {
  /** How long a request was kept from reaching the engine. */
  readonly waited: (request: JudgedRequest) => Ms;
  /** What each incident outside cost it: the incident's index, its cause. */
  readonly delaysOf: (request: JudgedRequest) => readonly (readonly [incident: number, cause: CauseOrRest, ms: Ms])[];
}

const NOTHING_OUTSIDE: OutsideDelays = { waited: () => 0, delaysOf: () => [] };

/**
 * Takes the delay of each request apart: the delays of the incidents it lived through, and the wait for admission beyond the usual that they
 * do not account for. A wait that is the echo of an incident goes to that incident's causes: without it nobody would have queued.
 * Where the trace shows the steps, these parts are the request's excess: all the rest of its time is normal steps. Where it does not, the
 * excess is what its work does not explain, and stays unexplained.
 */
export function attributeDelay(
  requests: readonly JudgedRequest[],
  selection: IncidentSelection,
  incidents: readonly ExplainedStall[],
  outside: OutsideDelays = NOTHING_OUTSIDE,
): readonly DelayBreakdown[] {
  const { byWork } = selection;
  const direct = requests.map(directDelays(incidents));
  const waits = requests.map((r, i) => {
    const beyond = (r.served - r.arrival) / MS - valueAt(selection.expectedWaitMs, i) - itemAt(direct, i).inWaitMs - outside.waited(r);
    return byWork === undefined && beyond > selection.waitLimitMs ? beyond : 0;
  });
  const echo = echoes(requests, waits, incidents);
  return requests.map((request, i) => {
    const byIncident = new Map([...itemAt(direct, i).byIncident].map(([k, parts]) => [k, new Map(parts)]));
    for (const [k, cause, ms] of outside.delaysOf(request)) {
      const parts = byIncident.get(k) ?? new Map<CauseOrRest, Ms>();
      byIncident.set(k, parts);
      add(parts, cause, ms);
    }
    const waited = valueAt(waits, i);
    const source = echo[i]?.source;
    // What an incident did to the wait directly is counted already: the two together stay within what it took.
    const echoed = Math.min(waited, Math.max(0, (echo[i]?.mostMs ?? 0) - itemAt(direct, i).inWaitMs));
    if (source !== undefined && echoed > 0) {
      const parts = byIncident.get(source) ?? new Map<CauseOrRest, Ms>();
      byIncident.set(source, parts);
      const { causes } = itemAt(incidents, source);
      const total = causes.reduce((s, c) => s + c.excess, 0);
      for (const c of causes) add(parts, c.cause, (echoed * c.excess) / total);
    }
    const full = new Map<CauseOrRest, Ms>();
    for (const parts of byIncident.values()) for (const [cause, ms] of parts) add(full, cause, ms);
    const waitCause = selection.isQueue(request) ? WAITING_CAUSE : ('unexplained' as const);
    if (waited > echoed) add(full, waitCause, waited - echoed);
    const known = [...full.values()].reduce((a, b) => a + b, 0);
    const excessMs = byWork === undefined ? Math.min(known, request.timeMs) : Math.max(0, request.timeMs - valueAt(byWork.expectedMs, i));
    return cutToExcess({
      request,
      expectedMs: request.timeMs - excessMs,
      excessMs,
      full,
      byIncident,
      waitedMs: waited - echoed,
      waitCause,
      behind: source,
      // Whoever took twice its time was slow, however little that is.
      limitMs: byWork === undefined ? Math.min(selection.limitMs, request.timeMs - excessMs) : selection.limitMs,
    });
  });
}

/** Where a wait came from: the last incident before it, and the most that the incidents of its busy period can have caused. */
interface Echo {
  readonly source: number;
  readonly mostMs: Ms;
}

/**
 * Follows busy periods: waits and incidents that touch one another, one after the next. A wait in one is the echo of the incidents so far,
 * but of no more than the time they took; the rest is plain queueing.
 */
function echoes(
  requests: readonly JudgedRequest[],
  waits: readonly Ms[],
  incidents: readonly ExplainedStall[],
): readonly (Echo | undefined)[] {
  const out: (Echo | undefined)[] = requests.map(() => undefined);
  const order = requests
    .map((_, i) => i)
    .filter(i => valueAt(waits, i) > 0)
    .toSorted((a, b) => itemAt(requests, a).arrival - itemAt(requests, b).arrival);
  let busyTo = Number.NEGATIVE_INFINITY;
  let next = 0;
  let period = { source: -1, taken: 0 };
  for (const i of order) {
    const r = itemAt(requests, i);
    // Incidents are in order of start: those that begin before this wait is over join its busy period, or open one.
    for (let incident = incidents[next]; incident !== undefined && incident.start < r.served; incident = incidents[next]) {
      if (incident.shares.length === 0) {
        // What happened outside the engine leaves no backlog in it.
        next++;
        continue;
      }
      if (incident.start >= busyTo) period = { source: -1, taken: 0 };
      period = { source: next, taken: period.taken + incident.excess };
      busyTo = Math.max(busyTo, incident.end);
      next++;
    }
    if (r.arrival >= busyTo) period = { source: -1, taken: 0 };
    if (period.source >= 0) out[i] = { source: period.source, mostMs: period.taken / MS };
    busyTo = Math.max(busyTo, r.served);
  }
  return out;
}

/** A breakdown whose parts may still be larger than the excess. */
interface Uncut extends Omit<DelayBreakdown, 'slow' | 'parts'> {
  readonly limitMs: Ms;
}

/** Cuts the parts to the excess and puts the rest down as unexplained. */
function cutToExcess({ limitMs, ...uncut }: Uncut): DelayBreakdown {
  const { excessMs, full, byIncident, waitedMs } = uncut;
  const attributed = [...full].reduce((s, [cause, ms]) => (cause === 'unexplained' ? s : s + ms), 0);
  const scale = attributed > excessMs ? excessMs / attributed : 1;
  const parts = new Map<CauseOrRest, Ms>();
  for (const [cause, ms] of full) if (cause !== 'unexplained') parts.set(cause, ms * scale);
  parts.set('unexplained', Math.max(0, excessMs - attributed * scale));
  const cut = new Map([...byIncident].map(([k, causes]) => [k, new Map([...causes].map(([c, ms]) => [c, ms * scale]))]));
  return { ...uncut, slow: excessMs > limitMs, parts, byIncident: cut, waitedMs: waitedMs * scale };
}
