import { describe, expect, test } from 'vitest';
import type { CauseOrRest } from '#schema/causes';
import { incidentOf, requestRow } from '#test/attribution-sample';
import { delaysOf } from '#test/delay-sample';
import { counterfactual } from './counterfactual.ts';

/** 600 requests of 20 ms, one every 100 ms, each alone; every hundredth is held up for so many ms by one of the causes in turn. */
function run(causes: readonly CauseOrRest[], ms = 50) {
  const stalled = (i: number) => i % 100 === 50;
  const rows = Array.from({ length: 600 }, (_, i) =>
    requestRow(i * 100, i * 100 + 20 + (stalled(i) ? ms : 0), { id: `r${i}`, first_token_ms: null, output_tokens: null }),
  );
  const incidents = rows.flatMap((r, i) =>
    stalled(i)
      ? [incidentOf(r.arrival_ms + 5, r.arrival_ms + 5 + ms + 1, { [causes[Math.floor(i / 100) % causes.length] ?? 'paging']: ms })]
      : [],
  );
  return { incidents, delays: delaysOf(rows, incidents, { expected: 20 }) };
}

describe('p99 without causes', () => {
  test('stays where the cause did nothing', () => {
    const { delays, incidents } = run(['paging']);
    expect(counterfactual(delays, incidents)(['storage-io'])).toEqual({ lower: 20, upper: 20, point: 20 });
  });
  test('of a run that was held up often is what the work takes', () => {
    const { delays, incidents } = run(['paging']);
    const some = delays.filter((_, i) => i % 100 === 50 || i % 4 === 0);
    expect(counterfactual(some, incidents)([]).point).toBe(70);
    const { lower, upper } = counterfactual(some, incidents)(['paging']);
    expect([lower, upper].map(v => Math.round(v))).toEqual([20, 20]);
  });
  test('takes what others did to the run for given, and gives no credit for it', () => {
    const { delays, incidents } = run(['paging', 'storage-io']);
    const some = delays.filter((_, i) => i % 100 === 50 || i % 4 === 0);
    const { lower, upper } = counterfactual(some, incidents)(['paging']);
    expect([lower, upper].map(v => Math.round(v))).toEqual([70, 70]);
    expect(counterfactual(some, incidents)(['paging', 'storage-io']).upper).toBeCloseTo(20, 6);
  });
  test('holds, with few incidents, what the delayed requests would have taken alone', () => {
    // Two requests share the stall; the second had to wait for the first, and on its own it takes 20 ms.
    const rows = [requestRow(0, 70), requestRow(60, 90, { scheduled_ms: 70 })].map(r => ({
      ...r,
      first_token_ms: null,
      output_tokens: null,
    }));
    const incidents = [incidentOf(5, 56, { paging: 50 })];
    const { lower, point } = counterfactual(delaysOf(rows, incidents), incidents)(['paging']);
    expect(point).toBeGreaterThanOrEqual(lower);
    expect(lower).toBeCloseTo(20, 6);
  });
  test('in the lower bound loses by-products too, causes that lead no incident', () => {
    const rows = [requestRow(0, 120, { first_token_ms: null, output_tokens: null })];
    const incidents = [incidentOf(5, 110, { paging: 60, 'storage-io': 40 })];
    const { lower, upper, point } = counterfactual(delaysOf(rows, incidents), incidents)(['paging']);
    expect([lower, point, upper].map(Math.round)).toEqual([20, 60, 60]);
  });
  test('without waiting takes the booked waits from slow requests', () => {
    const rows = Array.from({ length: 5 }, (_, i) => requestRow(i * 1000, i * 1000 + 100, { scheduled_ms: i * 1000 + 80 }));
    const delays = delaysOf(rows, []);
    expect(counterfactual(delays, [])(['queueing'])).toMatchObject({ point: 20 });
  });
});
