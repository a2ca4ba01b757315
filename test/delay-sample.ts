import fc from 'fast-check';
import { attributeDelay, type OrdinaryWork } from '#diagnosis/requests/delay-breakdown';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import type { IncidentSelection } from '#diagnosis/requests/select-incidents';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import { incidentOf, MS, requestRow, requestsOf } from './attribution-sample.ts';

const NO_WORK: OrdinaryWork = () => 0;

/** A selection that takes every request for slow that took more than `expected` and `limit` ms. */
const judgementOf = (requests: readonly JudgedRequest[], expected: number, limit: number, wait = 0): IncidentSelection => ({
  fit: { terms: [], predict: () => expected, sigma: limit / 3 },
  limitMs: limit,
  incidents: [],
  expectedMs: requests.map(() => expected),
  expectedWaitMs: requests.map(() => wait),
  by: 'work',
});

/** Books of requests that should have taken `expected` ms, given as rows. */
export function books(
  rows: Parameters<typeof requestsOf>[0],
  incidents: readonly ExplainedStall[],
  { expected = 20, limit = 5, wait = 0, ordinary = NO_WORK, stepsSeen = true } = {},
) {
  const requests = requestsOf(rows);
  return attributeDelay(requests, judgementOf(requests, expected, limit, wait), incidents, ordinary, stepsSeen);
}

/** Causes that may hold up a request. */
export const cause = fc.constantFrom<CauseOrRest>('storage-io', 'host-compute', 'gpu-contention', 'queueing', 'unexplained');
const row = fc
  .record({
    arrival: fc.integer({ min: 0, max: 1000 }),
    wait: fc.integer({ min: 0, max: 80 }),
    service: fc.integer({ min: 1, max: 200 }),
    admitted: fc.boolean(),
  })
  .map(r =>
    requestRow(r.arrival, r.arrival + r.wait + r.service, {
      scheduled_ms: r.admitted ? r.arrival + r.wait : null,
      first_token_ms: r.arrival + r.wait,
    }),
  );
const incident = fc
  .record({
    at: fc.integer({ min: 0, max: 1000 }),
    length: fc.integer({ min: 1, max: 150 }),
    parts: fc.dictionary(cause, fc.double({ min: 0.1, max: 120, noNaN: true }), { minKeys: 1, maxKeys: 4 }),
  })
  .map(i => incidentOf(i.at, i.at + i.length, i.parts));
/** Requests, incidents among them, and what they should have taken. */
export const given = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 40 }),
  incidents: fc.array(incident, { maxLength: 5 }).map(list => list.toSorted((a, b) => a.start - b.start)),
  expected: fc.integer({ min: 0, max: 150 }),
  limit: fc.integer({ min: 0, max: 40 }),
  rate: fc.double({ min: 0, max: 1, noNaN: true }),
});
/** Their delays, shared out. */
export const keep = ({ rows, incidents, expected, limit, rate }: typeof given extends fc.Arbitrary<infer T> ? T : never) =>
  books(rows, incidents, { expected, limit, ordinary: (from, to) => (to > 500 * MS ? rate : 0) * ((to - from) / MS) });
