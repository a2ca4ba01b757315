import { describe, expect, test } from 'vitest';
import { spansOf } from '#core/math/spans';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import { laneOf, laneOps, readBack } from '#test/lane-sample';
import { chronicOf } from './chronic.ts';
import { findEngineSteps } from './engine-steps.ts';

const MS = 1e6;

/** Steps of the given lengths, ms, each of work alone up to the result at its end. */
function chronicIn(lengths: readonly number[]) {
  const ends: number[] = [];
  let now = 0;
  for (const ms of lengths) {
    now += ms * MS;
    ends.push(now);
  }
  const ops = laneOps(ends.flatMap((end, i) => [{ start: ends[i - 1] ?? 0, end: end - 1000 }, readBack(end - 1000, end)]));
  const demand = spansOf([[0, now]]);
  const lane = laneOf(ops);
  const steps = findEngineSteps(lane.stepEnds, [], demand, 0, now, undefined, 30)!;
  return chronicOf(lane, steps, demand, sampleTimeline([], []));
}
/** A prompt of so many ms in every tenth step. */
const prompts = (ms: number, n = 200) => Array.from({ length: n }, (_, i) => (i % 10 === 5 ? ms : 4));

describe('prompts among decodes', () => {
  test('pause those that decode by what a usual one is longer than a plain step', () => {
    const { interference } = chronicIn(prompts(24));
    expect(interference?.step).toBeCloseTo(4 * MS, -3);
    expect(interference?.pause).toBeCloseTo(20 * MS, -3);
    expect(interference?.count).toBe(20);
    expect(interference?.share).toBeCloseTo((20 * 20) / (20 * 24 + 180 * 4), 2);
  });
  test('pause nobody where all steps are alike', () => expect(chronicIn(prompts(4)).interference).toBeUndefined());
  test('are not judged where there are too few to say how long they usually are', () =>
    expect(chronicIn(prompts(24, 70)).interference).toBeUndefined());
});
