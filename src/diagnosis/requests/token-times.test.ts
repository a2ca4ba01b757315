import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import { placeRequests } from './requests.ts';
import { tokenTimesOf } from './token-times.ts';

const times = (rest: Partial<RequestRow>) => tokenTimesOf(requestsOf([requestRow(10, 50, rest)])[0]!).map(t => t / MS);

describe('when tokens arrived', () => {
  test('is the first token, and each gap after it', () =>
    expect(times({ first_token_ms: 20, itl_ms: Float32Array.of(5, 10, 15) })).toEqual([20, 25, 35, 50]));
  test('is the first token alone where no gaps were recorded', () => {
    expect(times({ first_token_ms: 20 })).toEqual([20]);
    expect(times({ first_token_ms: 20, itl_ms: new Float32Array(0) })).toEqual([20]);
  });
  test('is the end where not even that was', () => {
    expect(times({ first_token_ms: null })).toEqual([50]);
    expect(times({ first_token_ms: null, itl_ms: Float32Array.of(5) })).toEqual([50]);
  });
  test('is twice the same where two came together', () =>
    expect(times({ first_token_ms: 20, itl_ms: Float32Array.of(0, 5) })).toEqual([20, 20, 25]));
  test('is by the clock of the trace', () => {
    const [placed] = placeRequests([requestRow(10, 50, { first_token_ms: 20, itl_ms: Float32Array.of(30) })], 7 * MS);
    expect(tokenTimesOf(placed!).map(t => t / MS)).toEqual([27, 57]);
  });
});
