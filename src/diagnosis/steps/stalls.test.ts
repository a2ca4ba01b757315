import { describe, expect, test } from 'vitest';
import { beatsOf, lost, MS, piecesOf, total } from '#test/attribution-sample';
import { excessOf, findStalls, mainBucket, makeUp } from './stalls.ts';

/** Forty steps of a millisecond, of which some take longer for a cause. */
const held = (longer: Readonly<Record<number, number>>, cause?: Parameters<typeof lost>[2], n = 40) => {
  const stepEnds = beatsOf(n, longer);
  const losses =
    cause === undefined
      ? []
      : Object.entries(longer).map(([i, ms]) => lost((stepEnds[Number(i)] ?? 0) / MS - ms, (stepEnds[Number(i)] ?? 0) / MS, cause));
  return piecesOf(stepEnds, losses);
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

describe('everyday delay', () => {
  test('of work counts when service fell below half of its speed', () => {
    expect(found({ 10: 1 })).toHaveLength(1);
    expect(found({ 10: 0.99 })).toEqual([]);
  });
  test('a cause with evidence of its own counts however small it is', () => expect(found({ 10: 0.2 }, 'storage-io')).toHaveLength(1));
  test('of host code needs one stretch as long as a whole step', () => {
    const stepEnds = beatsOf(40, { 10: 4 });
    const many = Array.from({ length: 8 }, (_, i) => lost(10.2 + i * 0.6, 10.7 + i * 0.6, 'host-compute'));
    expect(findStalls(piecesOf(stepEnds, many))).toEqual([]);
    expect(findStalls(piecesOf(stepEnds, [lost(10.5, 14.5, 'host-compute')]))).toHaveLength(1);
  });
});

describe('a cause that slows many steps a little', () => {
  /** Every step from the 10th to the 29th loses so many ms to a cause, without taking longer than the longest normal ones. */
  const slowed = (ms: number, cause: Parameters<typeof lost>[2]) => {
    const longer = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i, i >= 10 && i < 30 ? ms : ([0, 0, 0.1, 0.2][i % 4] ?? 0)]));
    const stepEnds = beatsOf(60, longer);
    const losses = Array.from({ length: 20 }, (_, k) => (stepEnds[10 + k] ?? 0) / MS).map(end => lost(end - ms, end, cause));
    return findStalls(piecesOf(stepEnds, losses)).map(h => [h.first, h.last]);
  };
  test('is a stall where it takes a tenth of a normal step, although no step stands out', () => {
    expect(slowed(0.12, 'clock-throttle')).toEqual([[10, 29]]);
    expect(slowed(0.12, 'gpu-contention')).toEqual([[10, 29]]);
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
      const stepEnds = beatsOf(40, { 9: before, 10: 20 });
      const at = (stepEnds[9] ?? 0) / MS;
      return findStalls(piecesOf(stepEnds, [lost(9, 9 + before, 'host-blocked'), lost(at + 1, at + 21, 'storage-io')]))[0]?.first ?? -1;
    };
    expect([start(9.9), start(10.1)]).toEqual([10, 9]);
  });
});

describe('the excess of a step', () => {
  const steps = piecesOf(beatsOf(40, { 10: 5 }), [lost(10.5, 13.5, 'storage-io'), lost(13.5, 14, 'host-blocked')]);
  test('is its time beyond a normal one, and never below zero', () => {
    expect(excessOf(steps, 10)).toBe(5 * MS);
    expect(excessOf(steps, 11)).toBe(0);
  });
  test('is made up of what exceeds a normal step, and adds up', () => {
    expect(Object.fromEntries(makeUp(steps, 10))).toEqual({ 'storage-io': 3 * MS, 'host-blocked': 0.5 * MS, work: 1.5 * MS });
    expect(total(makeUp(steps, 10))).toBeCloseTo(excessOf(steps, 10), 3);
  });
  test('of a normal step is made up of nothing', () => expect(makeUp(steps, 5).size).toBe(0));
  test('belongs mainly to the bucket that holds most of it', () => {
    expect(mainBucket(steps, 10, 10)).toEqual({ bucket: 'storage-io', excess: 3 * MS });
    expect(mainBucket(steps, 3, 5)).toEqual({ bucket: 'work', excess: 0 });
  });
});
