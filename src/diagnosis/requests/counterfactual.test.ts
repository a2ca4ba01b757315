import { expect, test } from 'vitest';
import type { CauseOrRest } from '#schema/causes';
import { requestRow, requestsOf } from '#test/attribution-sample';
import { withoutCauses } from './counterfactual.ts';
import type { DelayBreakdown } from './delay-breakdown.ts';

/** A request of so many ms whose books give parts of it away; the causes' whole delay was more. */
function book(time: number, expected: number, parts: Partial<Record<CauseOrRest, number>>, full = parts): DelayBreakdown {
  const [request] = requestsOf([requestRow(0, time)]);
  if (request === undefined) throw new Error('no request');
  const map = (o: Partial<Record<CauseOrRest, number>>) => new Map(Object.entries(o) as [CauseOrRest, number][]);
  const excess = Math.max(0, time - expected);
  return {
    request,
    expectedMs: expected,
    excessMs: excess,
    slow: excess > 5,
    parts: map(parts),
    full: map(full),
    byIncident: new Map(),
    waitedMs: 0,
    behind: undefined,
  };
}

test('without a cause that did nothing, p99 stays', () => {
  expect(withoutCauses([book(100, 20, { paging: 80 })], ['storage-io'])).toEqual({ lower: 100, upper: 100 });
});

test('the upper bound takes the booked part away, the lower the whole delay, but never what the work takes', () => {
  expect(withoutCauses([book(100, 20, { paging: 50 }, { paging: 60 })], ['paging'])).toEqual({ lower: 40, upper: 50 });
  expect(withoutCauses([book(100, 20, { paging: 80 }, { paging: 500 })], ['paging'])).toEqual({ lower: 20, upper: 20 });
});

test('requests that are not slow give nothing away in the upper bound', () => {
  expect(withoutCauses([book(24, 20, { paging: 4 }, { paging: 4 })], ['paging'])).toEqual({ lower: 20, upper: 24 });
});

test('a request faster than expected is not made slower', () => {
  expect(withoutCauses([book(10, 20, {}, { paging: 5 })], ['paging'])).toEqual({ lower: 10, upper: 10 });
});

test('the next slowest takes the place of the one that was mended', () => {
  const books = [...Array.from({ length: 98 }, () => book(20, 20, {})), book(90, 20, { 'storage-io': 70 }), book(100, 20, { paging: 80 })];
  expect(withoutCauses(books, ['paging']).upper).toBe(20);
  expect(withoutCauses(books, ['storage-io']).upper).toBe(20);
  expect(withoutCauses(books, []).upper).toBe(90);
});

test('several causes are taken away together', () => {
  expect(withoutCauses([book(100, 20, { paging: 30, 'storage-io': 40 })], ['paging', 'storage-io']).upper).toBe(30);
});
