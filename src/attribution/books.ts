import { upperBound } from '#intervals/spans';
import type { CauseOrRest } from '#model/causes';
import type { ExplainedHoldUp } from './incidents.ts';
import type { Judgement } from './judge.ts';
import type { JudgedRequest } from './requests.ts';

/** What one request's delay is made of. All in ms. */
export interface RequestBook {
  readonly request: JudgedRequest;
  readonly expected: number;
  /** Time beyond the expected, not below zero. */
  readonly excess: number;
  readonly slow: boolean;
  /** Parts of the excess by cause; they never exceed it, and `unexplained` closes the book. */
  readonly parts: ReadonlyMap<CauseOrRest, number>;
  /** The full delay of each cause in the request's life, before it was cut to the excess. */
  readonly full: ReadonlyMap<CauseOrRest, number>;
  /** Parts by incident (index) and cause. */
  readonly byIncident: ReadonlyMap<number, ReadonlyMap<CauseOrRest, number>>;
  readonly waited: number;
}

const MS = 1e6;

const add = <K>(map: Map<K, number>, key: K, value: number) => map.set(key, (map.get(key) ?? 0) + value);

/** Answers how much work beyond a normal piece's the lane did in [from, to), outside the incidents, ms. */
export type OrdinaryWork = (from: number, to: number) => number;

/**
 * Opens a book for each request: the delays of the incidents it lived through, the wait for admission that they do not account for,
 * and what other requests' ordinary work took from it, cut to its excess; the rest is unexplained.
 */
export function keepBooks(requests: readonly JudgedRequest[], judgement: Judgement, incidents: readonly ExplainedHoldUp[], ordinary: OrdinaryWork): readonly RequestBook[] {
  const ends = Float64Array.from(incidents, i => i.end);
  const usual = usualWork(requests, ordinary);
  return requests.map((request, r) => {
    const expected = judgement.expected[r] ?? 0;
    const excess = Math.max(0, request.time - expected);
    const byIncident = new Map<number, Map<CauseOrRest, number>>();
    const full = new Map<CauseOrRest, number>();
    let inWait = 0;
    for (let k = upperBound(ends, request.arrival); k < incidents.length; k++) {
      const incident = incidents[k];
      if (incident === undefined || (incident.shares[0]?.start ?? incident.start) >= request.end) break;
      const parts = new Map<CauseOrRest, number>();
      for (const s of incident.shares) {
        const rate = s.excess / (s.end - s.start) / MS;
        const shared = Math.min(s.end, request.end) - Math.max(s.start, request.arrival);
        if (shared > 0) add(parts, s.cause, shared * rate);
        const waiting = Math.min(s.end, request.served) - Math.max(s.start, request.arrival);
        if (waiting > 0) inWait += waiting * rate;
      }
      if (parts.size > 0) byIncident.set(k, parts);
      for (const [cause, ms] of parts) add(full, cause, ms);
    }
    const waited = Math.max(0, (request.served - request.arrival) / MS - (judgement.expectedWait[r] ?? 0) - inWait);
    if (waited > 0) add(full, 'queueing', waited);
    const others = Math.max(0, ordinary(request.served, request.end) - usual(request));
    return close({ request, expected, excess, full, byIncident, waited, others, limit: judgement.limit });
  });
}

interface OpenBook {
  readonly request: JudgedRequest;
  readonly expected: number;
  readonly excess: number;
  readonly full: Map<CauseOrRest, number>;
  readonly byIncident: ReadonlyMap<number, ReadonlyMap<CauseOrRest, number>>;
  readonly waited: number;
  readonly others: number;
  readonly limit: number;
}

/** Cuts the parts to the excess and puts the rest down as unexplained. */
function close({ request, expected, excess, full, byIncident, waited, others, limit }: OpenBook): RequestBook {
  const known = [...full].reduce((s, [cause, ms]) => (cause === 'unexplained' ? s : s + ms), 0);
  // Other requests' ordinary work is the weakest explanation: it takes only what the stronger ones leave.
  const ordinary = Math.min(others, Math.max(0, excess - known));
  if (ordinary > 0) add(full, 'queueing', ordinary);
  const claimed = known + ordinary;
  const scale = claimed > excess ? excess / claimed : 1;
  const parts = new Map<CauseOrRest, number>();
  for (const [cause, ms] of full) if (cause !== 'unexplained') parts.set(cause, ms * scale);
  parts.set('unexplained', Math.max(0, excess - claimed * scale));
  const cut = new Map([...byIncident].map(([k, causes]) => [k, new Map([...causes].map(([c, ms]) => [c, ms * scale]))]));
  return { request, expected, excess, slow: excess > limit, parts, full, byIncident: cut, waited: waited * scale };
}

/** Ordinary work of others that a request usually meets, in proportion to the time it is in service. */
function usualWork(requests: readonly JudgedRequest[], ordinary: OrdinaryWork): (r: JudgedRequest) => number {
  const rates = requests.filter(r => r.end > r.served).map(r => ordinary(r.served, r.end) / (r.end - r.served)).toSorted((a, b) => a - b);
  const rate = rates[rates.length >> 1] ?? 0;
  return r => rate * (r.end - r.served);
}
