import { expect, test } from 'vitest';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import type { DelayBreakdown } from './delay-breakdown.ts';
import { queueIncidents, waitedIn } from './queue-incidents.ts';

/** A request that waited from arrival until admission, ms; its booked wait may be less. */
function waiting(
  arrival: number,
  served: number,
  { waited = served - arrival, slow = true, waitCause = 'queueing' as 'queueing' | 'unexplained' } = {},
): DelayBreakdown {
  const [request] = requestsOf([requestRow(arrival, served + 20, { scheduled_ms: served })]);
  if (request === undefined) throw new Error('no request');
  return {
    request,
    expectedMs: 20,
    excessMs: served - arrival,
    slow,
    parts: new Map(),
    full: new Map(),
    byIncident: new Map(),
    waitedMs: waited,
    waitCause,
    behind: undefined,
  };
}
const stretches = (books: readonly DelayBreakdown[], limit = 10) => queueIncidents(books, limit).map(i => [i.start / MS, i.end / MS]);

test('waits that overlap are one queue, from the first arrival to the last admission', () => {
  expect(stretches([waiting(0, 30), waiting(20, 60), waiting(55, 70)])).toEqual([[0, 70]]);
});

test('waits that touch are one queue; waits apart are several', () => {
  expect(stretches([waiting(0, 30), waiting(30, 60)])).toEqual([[0, 60]]);
  expect(stretches([waiting(0, 30), waiting(31, 60)])).toHaveLength(2);
});

test('the order of the books does not matter', () =>
  expect(stretches([waiting(55, 70), waiting(0, 30), waiting(20, 60)])).toEqual([[0, 70]]));

test('a queue counts when one wait in it is long enough to make its request slow', () => {
  expect(stretches([waiting(0, 10)])).toEqual([[0, 10]]);
  expect(stretches([waiting(0, 9.9)])).toEqual([]);
  expect(stretches([waiting(0, 30, { slow: false })])).toEqual([]);
});

test('a short queue of many is kept whole when one of them is slow', () => {
  expect(stretches([waiting(0, 5), waiting(4, 40), waiting(39, 42)])).toEqual([[0, 42]]);
});

test('waits that went to an incident are no queue', () => expect(stretches([waiting(0, 30, { waited: 0 })])).toEqual([]));

test('waits in which no queue is shown are told apart, and are nobody’s', () => {
  const unseen = waiting(10, 50, { waitCause: 'unexplained' });
  const found = queueIncidents([waiting(0, 30), unseen], 10);
  expect(found.map(i => [i.start / MS, i.end / MS, i.causes[0]?.cause])).toEqual([
    [0, 30, 'queueing'],
    [10, 50, 'unexplained'],
  ]);
  expect(found.map(i => waitedIn(unseen, i))).toEqual([false, true]);
});

test('its only cause is queueing', () => {
  expect(queueIncidents([waiting(0, 30)], 10)[0]).toMatchObject({
    excess: 30 * MS,
    causes: [{ cause: 'queueing', confidence: 'medium' }],
    shares: [],
  });
});

test('a wait in the busy period of an incident is no queue of its own', () => {
  expect(stretches([{ ...waiting(0, 30), behind: 0 }])).toEqual([]);
});
