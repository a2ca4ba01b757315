import { describe, expect, test } from 'vitest';
import { engineStepsOf, lost, MS, stepEndsOf, total } from '#test/attribution-sample';
import { excessOf, findStalls, mainBucket, makeUp } from './stalls.ts';
import { STEP_KINDS } from './step-kinds.ts';

/** Forty steps of a millisecond, of which some take longer for a cause. */
const held = (longer: Readonly<Record<number, number>>, cause?: Parameters<typeof lost>[2], n = 40) => {
  const stepEnds = stepEndsOf(n, longer);
  const losses =
    cause === undefined
      ? []
      : Object.entries(longer).map(([i, ms]) => lost((stepEnds[Number(i)] ?? 0) / MS - ms, (stepEnds[Number(i)] ?? 0) / MS, cause));
  return engineStepsOf(stepEnds, losses);
};
const found = (...args: Parameters<typeof held>) => findStalls(held(...args)).map(h => [h.start / MS, h.end / MS, h.excess / MS]);

describe('a stall', () => {
  test('is not there when every step is normal', () => expect(found({})).toEqual([]));
  test('is a step that stands out, with the time beyond a normal one', () => expect(found({ 10: 5 }, 'storage-io')).toEqual([[10, 16, 5]]));
  test('is several when they lie apart', () => {
    expect(found({ 10: 5, 20: 3 }, 'storage-io')).toEqual([
      [10, 16, 5],
      [25, 29, 3],
    ]);
  });
  test('bridges two normal steps, not three', () => {
    expect(found({ 10: 5, 13: 5 }, 'storage-io')).toHaveLength(1);
    expect(found({ 10: 5, 14: 5 }, 'storage-io')).toHaveLength(2);
  });
  test('is never the first or the last step: the edges of the capture cut those', () => {
    expect(found({ 0: 50, 39: 50 }, 'storage-io')).toEqual([]);
  });
});

describe('a stall of work', () => {
  test('is a step with more work than ten plain ones, where too few hold more to say what this load asks for', () => {
    expect(found({ 10: 9.1 })).toEqual([[10, 20.1, 9.1]]);
    expect(found({ 10: 9 })).toEqual([]);
  });
  test('is none where steps with as much work are a part of the load: prompts among answers', () => {
    const prompts = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [5 * k + 4, 11 + (k % 4)]));
    expect(found(prompts, undefined, 60)).toEqual([]);
    expect(found({ ...prompts, 30: 60 }, undefined, 60)).toHaveLength(1);
  });
});

describe('everyday delay', () => {
  test('a cause with evidence of its own counts however small it is', () => expect(found({ 10: 0.2 }, 'storage-io')).toHaveLength(1));
  test('of host code needs one stretch with the larger half of what the step lost', () => {
    /** Step 10 loses 4 ms to host code, in so many stretches. */
    const inStretches = (n: number) => {
      const stretches = Array.from({ length: n }, (_, i) => lost(10.2 + (i * 4.4) / n, 10.2 + (i * 4.4 + 4) / n, 'host-compute'));
      return findStalls(engineStepsOf(stepEndsOf(40, { 10: 4 }), stretches));
    };
    expect([1, 2, 3, 8].map(n => inStretches(n).length)).toEqual([1, 1, 0, 0]);
  });
});

describe('a cause that slows many steps a little', () => {
  /** Every step loses up to 0.6 ms for no known reason; those from the 10th to the 29th so many ms more to a cause: none of them stands out in that. */
  const slowed = (ms: number, cause: Parameters<typeof lost>[2]) => {
    const stepEnds = stepEndsOf(60, Object.fromEntries(Array.from({ length: 20 }, (_, k) => [10 + k, ms])));
    const losses = Array.from(stepEnds, (end, i) => {
      const start = (stepEnds[i - 1] ?? 0) / MS;
      const noise = [lost(start, start + 0.2 * (i % 2), undefined), lost(start + 0.2, start + (i % 4 < 2 ? 0.2 : 0.6), 'host-blocked')];
      return i >= 10 && i < 30 ? [...noise, lost(end / MS - ms, end / MS, cause)] : noise;
    }).flat();
    return findStalls(engineStepsOf(stepEnds, losses)).map(h => [h.first, h.last]);
  };
  test('is a stall where it takes a tenth of a normal step, although no step stands out', () => {
    expect(slowed(0.12, 'clock-throttle')).toEqual([[10, 29]]);
    expect(slowed(0.12, 'gpu-contention')).toEqual([[10, 29]]);
    expect(slowed(0.12, 'collective-wait')).toEqual([[10, 29]]);
    expect(slowed(0.08, 'clock-throttle')).toEqual([]);
  });
  test('is none where the host is merely a little late throughout', () => expect(slowed(0.12, 'host-compute')).toEqual([]));
});

describe('where a stall begins', () => {
  test('a step a little late just before is not its start', () =>
    expect(found({ 9: 0.3, 10: 50 }, 'storage-io')[0]?.[0]).toBeCloseTo(10.3, 9));
  test('a step late by a tenth of the worst is', () => expect(found({ 9: 6, 10: 50 }, 'storage-io')[0]?.[0]).toBe(9));
  test('a step late for another reason begins it only from half of the worst on', () => {
    const start = (before: number) => {
      const stepEnds = stepEndsOf(40, { 9: before, 10: 20 });
      const at = (stepEnds[9] ?? 0) / MS;
      return (
        findStalls(engineStepsOf(stepEnds, [lost(9, 9 + before, 'host-blocked'), lost(at + 1, at + 21, 'storage-io')]))[0]?.first ?? -1
      );
    };
    expect([start(9.9), start(10.1)]).toEqual([10, 9]);
  });
});

describe('the excess of a step', () => {
  const steps = engineStepsOf(stepEndsOf(40, { 10: 5 }), [lost(10.5, 13.5, 'storage-io'), lost(13.5, 14, 'host-blocked')]);
  test('is what it lost: that it held more work than others is no delay', () => {
    expect(excessOf(steps, 10)).toBe(3.5 * MS);
    expect(excessOf(steps, 11)).toBe(0);
  });
  test('is made up of its losses, and adds up', () => {
    expect(Object.fromEntries(makeUp(steps, 10))).toEqual({ 'storage-io': 3 * MS, 'host-blocked': 0.5 * MS });
    expect(total(makeUp(steps, 10))).toBeCloseTo(excessOf(steps, 10), 3);
  });
  test('of a normal step is made up of nothing', () => expect(makeUp(steps, 5).size).toBe(0));
  test('belongs mainly to the bucket that holds most of it', () => {
    expect(mainBucket(steps, 10, 10)).toEqual({ bucket: 'storage-io', excess: 3 * MS });
    expect(mainBucket(steps, 3, 5)).toEqual({ bucket: 'work', excess: 0 });
  });
  test('counts work from ten plain steps on, and then all beyond a usual one', () => {
    const long = engineStepsOf(stepEndsOf(40, { 10: 20, 20: 9 }), [lost(10.5, 13.5, 'storage-io')]);
    expect(Object.fromEntries(makeUp(long, 10))).toEqual({ 'storage-io': 3 * MS, work: 17 * MS });
    expect(excessOf(long, 20)).toBe(0);
  });
  test('counts losses beyond those that steps of its kind have as a rule, never below zero', () => {
    // Plain steps lose 0.25 ms, the heavy ones (every fifth) 1 ms; one of each loses 2 ms more, and one of each nothing.
    const isHeavy = (i: number) => i % 5 === 4;
    const lossOf = (i: number) => (i === 30 || i === 34 ? 0 : isHeavy(i) ? 1 : 0.25) + (i === 20 || i === 24 ? 2 : 0);
    const workOf = (i: number) => (isHeavy(i) ? 4 : 0.75);
    const stepEnds = stepEndsOf(60, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i, workOf(i) + lossOf(i) - 1])));
    const usual = Array.from(stepEnds, (end, i) => lost(end / MS - lossOf(i), end / MS, 'host-blocked'));
    const kinds = engineStepsOf(stepEnds, usual);
    expect([...kinds.kind].map((k, i) => k === STEP_KINDS.indexOf(isHeavy(i) ? 'heavier' : 'plain')).every(Boolean)).toBe(true);
    expect([3, 4, 20, 24, 30, 34].map(i => Number((excessOf(kinds, i) / MS).toFixed(6)))).toEqual([0, 0, 2, 2, 0, 0]);
  });
});
