import { describe, expect, test } from 'vitest';
import { countsPreemptions, preemptionTimeline } from './preemptions.ts';

const MS = 1e6;
/** Readings of a count, so many ms apart. */
const counted = (every: number, values: readonly number[], entity = 'engine 0') =>
  values.map((value, i) => ({ t: i * every * MS, entity, value }));
const during = (counts: ReturnType<typeof counted>, from: number, to: number) => preemptionTimeline(counts).during(from * MS, to * MS);

test('the counters of vLLM and of SGLang count, gauges and other counters do not', () => {
  const of = (metric: string, nature: 'counter' | 'gauge' = 'counter') => countsPreemptions({ metric, nature });
  expect([of('vllm:num_preemptions_total'), of('sglang:num_retracted_requests_total'), of('sglang:num_retracted_reqs_total')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([of('vllm:num_preemptions_total', 'gauge'), of('vllm:prompt_tokens_total')]).toEqual([false, false]);
});

describe('requests preempted in a stretch', () => {
  const counts = counted(100, [3, 3, 5, 5, 5, 6]);
  test('are the rise between the readings around it', () => expect(during(counts, 120, 220)).toBe(2));
  test('are none where the count stood still', () => expect(during(counts, 210, 390)).toBe(0));
  test('of several stretches are told apart, of several engines added', () => {
    expect(during(counts, 100, 500)).toBe(3);
    expect(during([...counts, ...counted(100, [0, 0, 4, 4, 4, 4], 'engine 1')], 120, 220)).toBe(6);
  });
  test('of a count that began anew are those since', () => expect(during(counted(100, [9, 9, 0, 2]), 0, 300)).toBe(2));
  test('are told where readings are no further apart than twice its length', () => {
    expect(during(counts, 120, 170)).toBe(2);
    expect(during(counts, 120, 169)).toBe(0);
  });
});

describe('whether they were counted', () => {
  const known = (every: number, n: number) =>
    preemptionTimeline(
      counted(
        every,
        Array.from({ length: n }, () => 0),
      ),
    ).known;
  test('without readings: no', () => expect(preemptionTimeline([]).known).toBe(false));
  test('five readings do, four do not', () => expect([known(100, 5), known(100, 4)]).toEqual([true, false]));
  test('once a second is often enough, less often is not', () => expect([known(1000, 9), known(1001, 9)]).toEqual([true, false]));
});
