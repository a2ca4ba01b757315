import { describe, expect, test } from 'vitest';
import { measure } from '#core/math/spans';
import { MS, requestRow } from '#test/attribution-sample';
import { inFlight, placeRequests } from './requests.ts';

describe('placing requests', () => {
  test('moves them by the offset, in ns', () => {
    expect(placeRequests([requestRow(1, 5, { scheduled_ms: 2 })], 7)[0]).toMatchObject({
      arrival: MS + 7,
      end: 5 * MS + 7,
      scheduled: 2 * MS + 7,
      firstToken: 2 * MS + 7,
      served: 2 * MS + 7,
      timeMs: 4,
    });
  });
  test('leaves out what failed or did not finish', () => {
    expect(placeRequests([requestRow(0, null), requestRow(1, 2, { status: 'failed' }), requestRow(2, 3)], 0)).toHaveLength(1);
  });
  test('takes the wait to be over at admission, else at the first token, else at arrival', () => {
    const served = (rest: Parameters<typeof requestRow>[2]) => placeRequests([requestRow(1, 5, rest)], 0)[0]?.served;
    expect(served({ scheduled_ms: 2, first_token_ms: 3 })).toBe(2 * MS);
    expect(served({ scheduled_ms: null, first_token_ms: 3 })).toBe(3 * MS);
    expect(served({ scheduled_ms: null, first_token_ms: null })).toBe(MS);
  });
});

describe('how many decode beside a request', () => {
  const batch = (rows: Parameters<typeof placeRequests>[0]) => placeRequests(rows, 0).map(r => r.work.batch);
  test('alone it is one', () => expect(batch([requestRow(0, 11)])).toEqual([1]));
  test('two that decode together are two', () => expect(batch([requestRow(0, 11), requestRow(0, 11)])).toEqual([2, 2]));
  test('half of the time together is one and a half', () => {
    expect(batch([requestRow(0, 11), requestRow(5, 11, { first_token_ms: 6 })])).toEqual([1.5, 2]);
  });
  test('one that ended at its first token still counts itself', () => expect(batch([requestRow(0, 1)])).toEqual([1]));
});

describe('time with requests in flight', () => {
  const length = (rows: Parameters<typeof inFlight>[0]) => measure(inFlight(rows, 0, 100 * MS)) / MS;
  test('counts time with several requests once', () => expect(length([requestRow(0, 10), requestRow(5, 15)])).toBe(15));
  test('counts the unfinished until the end of the window', () => expect(length([requestRow(60, null)])).toBe(40));
  test('does not count the failed', () => expect(length([requestRow(0, 10, { status: 'failed' })])).toBe(0));
});
