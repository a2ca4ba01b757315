import { describe, expect, test } from 'vitest';
import type { Stall } from '#diagnosis/steps/stalls';
import type { RequestRow } from '#schema/relation';
import { coincidence } from './coincidence.ts';
import { placeRequests } from './requests.ts';

const STEP = 5;
/** A stream with a token each 5 ms from `from`, and `gaps` ms put in after some tokens. */
const stream = (id: string, from: number, tokens: number, gaps: Readonly<Record<number, number>> = {}): RequestRow => {
  const itl = Array.from({ length: tokens - 1 }, (_, i) => STEP + (gaps[i] ?? 0));
  return {
    id,
    intended_ms: null,
    arrival_ms: from - 2,
    scheduled_ms: null,
    first_token_ms: from,
    finish_ms: from + itl.reduce((a, b) => a + b, 0),
    prompt_tokens: null,
    output_tokens: tokens,
    itl_ms: Float32Array.from(itl),
    status: 'ok',
  };
};
const stall = (start: number, end: number, excess: number): Stall => ({
  first: 0,
  last: 0,
  start: start * 1e6,
  end: end * 1e6,
  excess: excess * 1e6,
});
const of = (rows: RequestRow[]) => coincidence(placeRequests(rows, 0));

describe('a stall of the engine', () => {
  // All four wait for 90 ms after their 20th token, and go on together.
  const all = of(['a', 'b', 'c', 'd'].map(id => stream(id, 100, 100, { 19: 90 })));
  test('is shared by all that decode', () => expect(all.sharedBy(stall(195, 290, 90))).toEqual({ decoding: 4, stalled: 4 }));
  test('is no pause of a stream', () => expect(all.pauses).toEqual([]));
});

describe('a pause of one stream while the others keep their pace', () => {
  const one = of([stream('a', 100, 100, { 19: 10 }), ...['b', 'c', 'd'].map(id => stream(id, 100, 100))]);
  test('is found, with the number of steps that it lasted', () =>
    expect(one.pauses).toEqual([{ id: 'a', from: 195e6, to: 210e6, excess: expect.closeTo(10e6, -4), steps: 3 }]));
  test('is not shared: what the trace shows there did not hold these requests up', () =>
    expect(one.sharedBy(stall(195, 290, 90))).toEqual({ decoding: 4, stalled: 0 }));
});

describe('nothing is said', () => {
  test('of stretches that cost less than two tokens', () =>
    expect(of(['a', 'b', 'c', 'd'].map(id => stream(id, 100, 100))).sharedBy(stall(195, 209, 9))).toBeUndefined());
  test('with fewer than three streams', () =>
    expect(of(['a', 'b'].map(id => stream(id, 100, 100))).sharedBy(stall(195, 290, 90))).toBeUndefined());
  test('without token times', () => {
    const silent = of(['a', 'b', 'c'].map(id => ({ ...stream(id, 100, 100), itl_ms: null })));
    expect(silent.sharedBy(stall(195, 290, 90))).toBeUndefined();
    expect(silent.pauses).toEqual([]);
  });
  test('of a pause while nobody else decodes', () => expect(of([stream('a', 100, 50, { 19: 90 })]).pauses).toEqual([]));
});
