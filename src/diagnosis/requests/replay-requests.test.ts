import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { incidentOf, requestRow, requestsOf } from '#test/attribution-sample';
import { replayer } from './replay-requests.ts';

/**
 * A server of one place: requests of 10 ms every 20 ms, that is half busy. From 100 ms on it stands still for `stall` ms; `done`
 * is by Lindley.
 */
function oneServer(n: number, stall: number, each = 10, every = 20): RequestRow[] {
  let free = 0;
  return Array.from({ length: n }, (_, i) => {
    const arrival = i * every;
    const admitted = Math.max(arrival, free);
    const held = admitted <= 100 && admitted + each > 100 ? stall : 0;
    free = admitted + each + held;
    return requestRow(arrival, free, { id: `r${i}`, scheduled_ms: admitted, first_token_ms: null, output_tokens: null });
  });
}
const without = (rows: readonly RequestRow[], incidents: ReturnType<typeof incidentOf>[], removed = 'paging') =>
  replayer(requestsOf(rows), incidents)(c => c === removed).timesMs;
const times = (rows: readonly RequestRow[]) => rows.map(r => (r.finish_ms ?? Number.NaN) - r.arrival_ms);

describe('requests without a cause', () => {
  const stalled = oneServer(20, 55);
  // The request that is served at 100 ms takes 65 ms: all but 10 of them are excess.
  const incident = incidentOf(100, 165, { paging: 55 });

  test('took what the queue takes on a server that never stood still, backlog included', () => {
    expect(times(stalled)).not.toEqual(times(oneServer(20, 0)));
    for (const t of without(stalled, [incident])) expect(t).toBeCloseTo(10, 6);
  });
  test('keep their time where the cause had no part', () => {
    for (const [i, t] of without(stalled, [incident], 'storage-io').entries()) expect(t).toBeCloseTo(times(stalled)[i] ?? 0, 6);
    expect(without(stalled, [])).toEqual(times(stalled));
  });
  test('keep what another cause did in the same step', () => {
    const both = incidentOf(100, 165, { paging: 25, 'storage-io': 30 });
    for (const [i, t] of without(stalled, [both]).entries()) expect(t).toBeCloseTo(times(oneServer(20, 30))[i] ?? 0, 6);
  });
  test('wait for one another as before where the load alone makes the queue', () => {
    const busy = oneServer(30, 55, 19);
    const gained = without(busy, [incidentOf(100, 174, { paging: 55 })]);
    for (const [i, t] of gained.entries()) expect(t).toBeCloseTo(times(oneServer(30, 0, 19))[i] ?? 0, 6);
  });
});

test('requests that decode together each get back what the stall took from them, no more than lay in their lives', () => {
  const rows = [
    requestRow(0, 200, { first_token_ms: null, output_tokens: null }),
    requestRow(50, 130, { first_token_ms: null, output_tokens: null }),
    requestRow(120, 300, { first_token_ms: null, output_tokens: null }),
    requestRow(200, 400, { first_token_ms: null, output_tokens: null }),
  ];
  // A step from 100 to 140 ms of which 36 are excess: the lane works 0.1 ms in each of them.
  const gained = without(rows, [incidentOf(100, 140, { paging: 36 })]);
  expect(gained[0]).toBeCloseTo(200 - 36, 6);
  expect(gained[1]).toBeCloseTo(80 - 27, 6);
  expect(gained[2]).toBeCloseTo(180 - 18, 6);
  expect(gained[3]).toBeCloseTo(200, 6);
});

test('without recorded admissions, the wait for the first token shrinks by what the stall took of it', () => {
  const rows = [
    requestRow(0, 90, { scheduled_ms: null, first_token_ms: 60 }),
    requestRow(100, 130, { scheduled_ms: null, first_token_ms: 110 }),
  ];
  const gained = without(rows, [incidentOf(10, 60, { paging: 40 })]);
  expect(gained[0]).toBeCloseTo(50, 6);
  expect(gained[1]).toBeCloseTo(30, 6);
});
test('of no requests there is nothing to replay', () => expect(without([], [incidentOf(0, 10, { paging: 5 })])).toEqual([]));
