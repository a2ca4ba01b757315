import { expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { profilerHolds } from './profiler-holds.ts';

const MS = 1e6;
const WINDOW = [0, 1000 * MS] as const;

const request = (id: string, arrival_ms: number, finish_ms: number, itl_ms: readonly number[] = []): RequestRow => ({
  ...{ id, intended_ms: null, arrival_ms, scheduled_ms: null, first_token_ms: arrival_ms + 5, finish_ms },
  ...{ prompt_tokens: null, output_tokens: null, itl_ms: Float32Array.from(itl_ms), status: 'ok' as const },
});

/** A request every 20 ms, each with a token every 10 ms for 100 ms, inside [from, to). */
const steady = (from: number, to: number) =>
  Array.from({ length: Math.floor((to - from - 100) / 20) }, (_, i) =>
    request(`r${from + 20 * i}`, from + 20 * i, from + 20 * i + 100, Array(9).fill(10)),
  );

test('a silence that ends where the recording begins, and the burst after it, are the start of the profiler', () => {
  const before = [request('old', -300, 40)];
  const burst = Array.from({ length: 17 }, (_, i) => request(`b${i}`, 1 + i * 0.006, 200));
  const found = profilerHolds([...before, ...burst, ...steady(20, 990)], 0, WINDOW);
  expect(found.map(h => [h.when, Math.round((h.end - h.start) / MS)])).toEqual([['start', 296]]);
  expect([...(found[0]?.ids ?? [])].sort()).toEqual(['old', ...burst.map(b => b.id)].sort());
});

test('requests that live on while the profiler stops are held up by it', () => {
  const late = request('late', 950, 9_800);
  const found = profilerHolds([...steady(0, 998), late], 0, WINDOW);
  expect(found.map(h => [h.when, [...h.ids]])).toEqual([['stop', ['late']]]);
});

test.each([
  ['a silence in the middle of the recording', [...steady(-200, 400), request('x', 300, 720), ...steady(700, 1200)]],
  ['a silence before the recording in which nobody was in flight', [request('old', -500, -400), ...steady(10, 1200)]],
  ['a load test that goes on as before', steady(-500, 1500)],
  ['too few events to say what is usual', [request('old', -300, 40), request('b', 1, 200)]],
])('%s is not', (_, rows) => expect(profilerHolds(rows, 0, WINDOW)).toEqual([]));
