import { itemAt, realAt, valueAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { ascendingOrder, upperBound } from '#core/math/spans';
import type { Ms, Ns } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { JudgedRequest } from './requests.ts';

/** What incidents cost a request while it lived. */
export interface DirectDelays {
  /** By incident (index) and cause. */
  readonly byIncident: ReadonlyMap<number, ReadonlyMap<CauseOrRest, Ms>>;
  /** How much of it fell into its wait. */
  readonly inWaitMs: Ms;
}

const MS = 1e6;

/** Delays that incidents put on requests while they lived. Each request is asked about those alone that reach into its life. */
export function directDelays(incidents: readonly ExplainedStall[]): (request: JudgedRequest) => DirectDelays {
  const reaching = reachingInto(incidents);
  const parts = incidents.map(({ shares }) => ({ shares, ends: lazily(() => Float64Array.from(shares, s => s.end)) }));
  return request => {
    const byIncident = new Map<number, Map<CauseOrRest, Ms>>();
    let inWaitMs = 0;
    for (const k of reaching(request.arrival, request.end)) {
      const { shares, ends } = itemAt(parts, k);
      const full = new Map<CauseOrRest, Ms>();
      // Shares stand in the order of their steps: an incident may last for thousands of them.
      for (let i = upperBound(ends(), request.arrival); i < shares.length; i++) {
        const s = itemAt(shares, i);
        if (s.start >= request.end) break;
        /** Milliseconds of delay a nanosecond. */
        const rate = s.excess / (s.end - s.start) / MS;
        const shared = Math.min(s.end, request.end) - Math.max(s.start, request.arrival);
        if (shared > 0) full.set(s.cause, (full.get(s.cause) ?? 0) + shared * rate);
        const waiting = Math.min(s.end, request.served) - Math.max(s.start, request.arrival);
        if (waiting > 0) inWaitMs += waiting * rate;
      }
      if (full.size > 0) byIncident.set(k, full);
    }
    return { byIncident, inWaitMs };
  };
}

/** Indices of the incidents that reach into [from, to), ascending: of each its steps count, which may begin before it does. */
function reachingInto(incidents: readonly ExplainedStall[]): (from: Ns, to: Ns) => readonly number[] {
  const begun = Float64Array.from(incidents, i => i.shares[0]?.start ?? i.start);
  const order = ascendingOrder(begun);
  const starts = Float64Array.from(order, k => realAt(begun, k));
  // Latest end of each and all before it: tells how far back a search must go.
  const endSoFar = new Float64Array(order.length);
  let latest = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < order.length; n++) {
    latest = Math.max(latest, itemAt(incidents, valueAt(order, n)).end);
    endSoFar[n] = latest;
  }
  return (from, to) => {
    const out: number[] = [];
    for (let n = upperBound(starts, to) - 1; n >= 0 && realAt(endSoFar, n) > from; n--) {
      const k = valueAt(order, n);
      if (itemAt(incidents, k).end > from && realAt(starts, n) < to) out.push(k);
    }
    return out.sort((a, b) => a - b);
  };
}
