import { describe, expect, test } from 'vitest';
import { counterfactual } from '#diagnosis/requests/counterfactual';
import { delayOf, judgedCause, stallOf } from './facts.test-data.ts';
import { incidentCosts } from './incident-costs.ts';
import { booksOf, rankCauses, toldBy } from './ranked-causes.ts';

describe('the books', () => {
  test('add up the slow requests by cause, the dearest first and the rest last', () => {
    const books = booksOf([
      delayOf(0, 100, { unexplained: 50, 'code-load': 10 }),
      delayOf(10, 100, { 'storage-io': 30, 'code-load': 10 }),
      delayOf(20, 40, {}),
    ]);
    expect(books).toEqual({
      excess_ms: 100,
      parts: [
        { cause: 'storage-io', excess_ms: 30, share: 0.3 },
        { cause: 'code-load', excess_ms: 20, share: 0.2 },
        { cause: 'unexplained', excess_ms: 50, share: 0.5 },
      ],
    });
  });
  test('hold no cause that is rounding alone, but always the rest', () =>
    expect(booksOf([delayOf(0, 10, { 'code-load': 1e-9, unexplained: 0 })]).parts.map(p => p.cause)).toEqual(['unexplained']));
  test('of nobody are empty', () => expect(booksOf([])).toEqual({ excess_ms: 0, parts: [] }));
});

describe('a cause is named', () => {
  const delays = [delayOf(0, 100, { 'storage-io': 60, 'code-load': 9, queueing: 1 }), delayOf(10, 50, {})];
  const incidents = [stallOf(0, 70, { 'storage-io': 60, 'code-load': 9 })];
  const named = (limit: number) =>
    rankCauses(
      delays,
      limit,
      booksOf(delays),
      incidents,
      ['I1'],
      counterfactual(delays, incidents),
      () => [],
      incidentCosts({ delays, incidents, selection: undefined }),
    );
  test('where it led an incident, or made a request slow on its own; queueing always', () => {
    expect(named(10).map(c => c.cause)).toEqual(['storage-io', 'queueing']);
    expect(named(9).map(c => [c.rank, c.cause])).toEqual([
      [1, 'storage-io'],
      [2, 'code-load'],
      [3, 'queueing'],
    ]);
  });
  test('with its incidents, subject and what p99 would have been', () => {
    const [storage, codeLoad, queueing] = named(9);
    expect(storage).toMatchObject({
      incidents: ['I1'],
      subject: 'about storage-io',
      confidence: 'high',
      p99_without_ms: { lower: 40, upper: 50 },
    });
    // It was at work in the incident, and led none.
    expect(codeLoad).toMatchObject({ incidents: [], subject: 'about code-load' });
    expect(queueing).toMatchObject({ incidents: [], subject: 'ordinary work of other requests', confidence: 'low' });
  });
});

test('waits for late ranks are told once: by the requests where they were judged', () => {
  const wait = judgedCause('collective-wait');
  expect(toldBy([wait], wait)).toBe(true);
  expect(toldBy([], wait)).toBe(false);
  expect(toldBy([judgedCause('stage-imbalance')], judgedCause('stage-imbalance'))).toBe(false);
});
