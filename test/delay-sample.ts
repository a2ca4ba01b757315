import fc from 'fast-check';
import { attributeDelay, type OutsideDelays } from '#diagnosis/requests/delay-breakdown';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import type { IncidentSelection } from '#diagnosis/requests/select-incidents';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import { incidentOf, requestRow, requestsOf } from './attribution-sample.ts';

interface Selection {
  /** What every request should have taken, ms; it counts where no steps are seen. */
  readonly expected?: number;
  /** Excess beyond which a request is slow, ms. */
  readonly limit?: number;
  /** The usual wait of every request, and how much beyond it counts, ms. */
  readonly wait?: number;
  readonly waitLimit?: number;
  readonly stepsSeen?: boolean;
  readonly outside?: OutsideDelays;
  /** Whether waits are shown to be queues. */
  readonly queued?: boolean;
}

const selectionOf = (requests: readonly JudgedRequest[], selection: Selection): IncidentSelection => {
  const { expected = 20, limit = 5, wait = 0, waitLimit = 0, stepsSeen = true, queued = true } = selection;
  return {
    limitMs: limit,
    incidents: [],
    expectedWaitMs: requests.map(() => wait),
    waitLimitMs: waitLimit,
    isQueue: () => queued,
    byWork: stepsSeen
      ? undefined
      : { fit: { terms: [], predict: () => expected, sigma: limit / 3 }, expectedMs: requests.map(() => expected) },
  };
};

/** Delays of requests, explained, given as rows; the trace shows the lane's steps unless told otherwise. */
export function delaysOf(rows: Parameters<typeof requestsOf>[0], incidents: readonly ExplainedStall[], selection: Selection = {}) {
  const requests = requestsOf(rows);
  return attributeDelay(requests, selectionOf(requests, selection), incidents, selection.outside);
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
/** Requests, incidents among them, and by what they are judged. */
export const given = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 40 }),
  incidents: fc.array(incident, { maxLength: 5 }).map(list => list.toSorted((a, b) => a.start - b.start)),
  expected: fc.integer({ min: 0, max: 150 }),
  limit: fc.integer({ min: 0, max: 40 }),
  waitLimit: fc.integer({ min: 0, max: 40 }),
  stepsSeen: fc.boolean(),
});
/** Their delays, shared out. */
export const keep = ({ rows, incidents, ...selection }: typeof given extends fc.Arbitrary<infer T> ? T : never) =>
  delaysOf(rows, incidents, selection);
