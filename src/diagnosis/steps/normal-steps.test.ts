import { describe, expect, test } from 'vitest';
import { extremeOf, largestOf } from '#core/math/normal-range';
import { spansOf } from '#core/math/spans';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { NOTHING_LAUNCHED } from '#diagnosis/lanes/launched-work';
import type { Loss } from '#diagnosis/lanes/loss';
import type { Cause } from '#schema/causes';
import { lost, MS } from '#test/attribution-sample';
import { BUCKETS, type Bucket } from './buckets.ts';
import { beyondUsual, type EngineSteps, findEngineSteps, usualLosses } from './engine-steps.ts';
import { PLAIN, STEP_KINDS } from './step-kinds.ts';

const HEAVIER = STEP_KINDS.indexOf('heavier');

/** Steps of these lengths, ms. */
function stepsOf(
  lengths: readonly number[],
  losses: readonly AttributedLoss[] = [],
  launched: readonly number[] = [],
  requests = 0,
): EngineSteps {
  let at = 0;
  const ends = Float64Array.from(lengths, ms => (at += ms * MS));
  const steps = findEngineSteps(
    ends,
    losses,
    spansOf([[0, at]]),
    0,
    at,
    { ...NOTHING_LAUNCHED, launches: Float64Array.from(launched, ms => ms * MS) },
    requests,
  );
  if (steps === undefined) throw new Error('too few steps');
  return steps;
}
/** When each of these steps begins, ms. */
const startsOf = (lengths: readonly number[]) => lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
const times = (n: number, length: number) => Array.from({ length: n }, () => length);
const heavyOnes = (steps: EngineSteps) => [...steps.kind.keys()].filter(i => steps.kind[i] === HEAVIER);
const at = (steps: EngineSteps, bucket: Bucket, i: number) => steps.buckets[BUCKETS.indexOf(bucket)]![i]! / MS;
const beyond = (steps: EngineSteps, bucket: Bucket, i: number) => beyondUsual(steps, BUCKETS.indexOf(bucket), i) / MS;

describe('a step of another kind', () => {
  /** Lengths of 9.8 to 10.2 ms: beyond 10.44 ms they stand out. */
  const varied = Array.from({ length: 50 }, (_, i) => 9.8 + (i % 5) / 10);
  test('holds a tenth more work than a plain one', () => {
    expect(heavyOnes(stepsOf(varied.with(25, 11.1)))).toEqual([25]);
    expect(heavyOnes(stepsOf(varied.with(25, 10.9)))).toEqual([]);
  });
  test('holds more work than a plain one does by chance', () => {
    // Of 6 to 14 ms, with a limit of 10 + 3 x 2.9652 = 18.8956 ms.
    const wide = Array.from({ length: 50 }, (_, i) => 6 + 2 * (i % 5));
    expect(heavyOnes(stepsOf(wide.with(25, 18.9)))).toEqual([25]);
    expect(heavyOnes(stepsOf(wide.with(25, 18.8)))).toEqual([]);
  });
  test('is not one that lost time', () => {
    const from = startsOf(varied)[25]!;
    expect(heavyOnes(stepsOf(varied.with(25, 40), [lost(from + 10, from + 40, 'storage-io')]))).toEqual([]);
  });
  test('launches more than half as much again as a usual one, however little that takes', () => {
    /** Twenty launches in each step of 1 ms, so many in step 10. */
    const withLaunches = (n: number) =>
      Array.from({ length: 30 }, (_, i) => Array.from({ length: i === 10 ? n : 20 }, (_, k) => i + (k + 1) / 50)).flat();
    expect(heavyOnes(stepsOf(times(30, 1), [], withLaunches(30)))).toEqual([]);
    expect(heavyOnes(stepsOf(times(30, 1), [], withLaunches(31)))).toEqual([10]);
  });
  test('is none by launches where most steps launch nothing of their own: one launch serves several', () => {
    const everyFourth = Array.from({ length: 10 }, (_, k) => 4 * k + 0.5);
    expect(heavyOnes(stepsOf(times(40, 1), [], everyFourth))).toEqual([]);
  });
  test('is none by launches where they are not known', () => expect(heavyOnes(stepsOf(times(30, 1)))).toEqual([]));
});

describe('what a step loses as a rule', () => {
  /** Plain steps of 2 ms that lose 1, and so many of 6 ms that lose 3, of which one loses 5 of 8. */
  function twoKinds(heavy: number) {
    const lengths = [...times(40, 2), ...times(heavy - 1, 6), 8, 2];
    const losses = startsOf(lengths).map((s, i) => {
      const loses = lengths[i] === 8 ? 5 : lengths[i]! / 2;
      return lost(s, s + loses, 'host-blocked');
    });
    return { steps: stepsOf(lengths, losses), last: 40 + heavy - 1 };
  }
  test('is told of each kind by itself', () => {
    const { steps, last } = twoKinds(8);
    expect(heavyOnes(steps)).toHaveLength(8);
    expect(beyond(steps, 'host-blocked', 5)).toBe(0);
    expect(beyond(steps, 'host-blocked', 42)).toBe(0);
    expect(beyond(steps, 'host-blocked', last)).toBe(2);
  });
  test('is that of a plain one where there are less than eight of the other kind', () => {
    const { steps, last } = twoKinds(7);
    expect(steps.normal.losses[HEAVIER]!.buckets).toEqual(steps.normal.losses[PLAIN]!.buckets);
    expect(beyond(steps, 'host-blocked', 42)).toBe(2);
    expect(beyond(steps, 'host-blocked', last)).toBe(4);
  });
  test('has a noise, and an extreme beyond which nothing happens by chance', () => {
    // Every step loses 0 to 4 eighths of a millisecond beside a half.
    const loses = (i: number) => 0.5 + (i % 5) / 8;
    const lengths = Array.from({ length: 100 }, (_, i) => 1 + loses(i));
    const steps = stepsOf(
      lengths,
      startsOf(lengths).map((s, i) => lost(s, s + loses(i), 'storage-io')),
    );
    const { beyond: noise, extreme } = usualLosses(steps, 50);
    // The median step loses 0.75 ms: what others lose beyond is 0, 0, 0, 1/8 and 1/4 ms.
    expect(noise).toEqual({ median: 0, sigma: 0, limit: 0 });
    const beyonds = Float64Array.from({ length: 100 }, (_, i) => [0, 0, 0, 0.125, 0.25][i % 5]! * MS).sort();
    expect(extreme).toBeCloseTo(extremeOf(beyonds), 0);
    expect(extreme).toBeGreaterThan(0.25 * MS);
  });
  test('has an extreme of its own kind, and of all steps together where that is more and forty heavy ones are too few', () => {
    /** Plain steps of which two in five lose 4 ms, and so many heavy ones that lose nothing. */
    const extremes = (heavy: number) => {
      const lengths = [...Array.from({ length: 200 }, (_, k) => (k % 5 < 2 ? 6 : 2)), ...times(heavy, 40), 2];
      const losses = startsOf(lengths).flatMap((s, i) => (lengths[i] === 6 ? [lost(s, s + 4, 'host-blocked')] : []));
      return stepsOf(lengths, losses).normal.losses.map(l => l.extreme / MS);
    };
    expect(extremes(40)[HEAVIER]).toBe(0);
    expect(extremes(39)[HEAVIER]).toBeGreaterThan(4);
    // Heavy steps of which two in five lose 4 ms: that is usual among them, however few, though plain ones lose nothing.
    const lengths = [...times(200, 2), ...Array.from({ length: 30 }, (_, k) => (k % 5 < 2 ? 12 : 8)), 2];
    const losses = startsOf(lengths).flatMap((s, i) => (lengths[i] === 12 ? [lost(s, s + 4, 'host-blocked')] : []));
    expect(stepsOf(lengths, losses).normal.losses[HEAVIER]!.extreme).toBeGreaterThan(4 * MS);
  });
  describe('where most of a few heavy steps met a fault', () => {
    /** Plain steps of 2 ms and so many heavy ones of 4 ms of work, of which five in eight lost so many ms more. */
    const faulty = (heavy: number, ms: number) => {
      const isFaulty = (k: number) => k % 8 < 5;
      const lengths = [...times(200, 2), ...Array.from({ length: heavy }, (_, k) => 4 + (isFaulty(k) ? ms : 0)), 2];
      const losses = startsOf(lengths).flatMap((s, i) => (i >= 200 && lengths[i]! > 4 ? [lost(s, s + ms, 'host-blocked')] : []));
      return stepsOf(lengths, losses);
    };
    test('is what one in four loses: a middle one lost more than ten plain steps take', () => {
      expect(beyond(faulty(16, 20.1), 'host-blocked', 200)).toBeCloseTo(20.1, 9);
      expect(beyond(faulty(16, 19.9), 'host-blocked', 200)).toBeCloseTo(0, 9);
    });
    test('is what they lose as a rule where there are forty', () => {
      expect(beyond(faulty(39, 30), 'host-blocked', 200)).toBe(30);
      expect(beyond(faulty(40, 30), 'host-blocked', 200)).toBe(0);
    });
    test('leaves the faults out of the pause and of the noise', () => {
      const { pause, losses } = faulty(16, 30).normal;
      expect(pause).toBe(2 * MS);
      expect(losses[HEAVIER]!.beyond.limit).toBe(0);
    });
  });
  test('is nothing where nothing is lost: then any loss is extreme', () => expect(usualLosses(stepsOf(times(30, 1)), 3).extreme).toBe(0));
});

describe('work beyond what this load ever asks for', () => {
  test('is ten times that of a plain step, where few hold more', () => {
    expect(beyond(stepsOf(times(40, 1).with(20, 10)), 'work', 20)).toBe(0);
    expect(beyond(stepsOf(times(40, 1).with(20, 10.5)), 'work', 20)).toBe(9.5);
  });
  test('is more than the heavy ones ever hold by chance, where there are eight', () => {
    const withHeavy = (heavy: readonly number[], one: number) => stepsOf([...times(60, 1), ...heavy, one, 1]);
    // All of 12 ms: there is no spread, and the usual heavy step is the measure.
    expect(beyond(withHeavy(times(7, 12), 12), 'work', 67)).toBe(0);
    expect(beyond(withHeavy(times(7, 12), 13), 'work', 67)).toBe(1);
    // Of 12 to 18 ms, evenly: what comes by chance goes far beyond.
    const spread = [12, 13, 14, 15, 16, 17, 18];
    const { fence } = withHeavy(spread, 19).normal.work;
    expect(fence).toBeCloseTo(largestOf(Float64Array.of(...spread, 19)) * MS, 0);
    expect(beyond(withHeavy(spread, 19), 'work', 67)).toBe(0);
    expect(beyond(withHeavy(spread, fence / MS + 1), 'work', 67)).toBeGreaterThan(1);
  });
  test('is never less than ten times that of a plain one', () => {
    const some = (one: number) => stepsOf([...times(60, 1), ...times(8, 4), one, 1]);
    expect(beyond(some(9.9), 'work', 68)).toBe(0);
    expect(beyond(some(10.5), 'work', 68)).toBe(6.5);
  });
  test('counts from the usual heavy step on, or from the plain one where seven are too few to know it', () => {
    const some = (n: number) => beyond(stepsOf([...times(60, 1), ...times(n - 1, 4), 14, 1]), 'work', 60 + n - 1);
    expect(some(8)).toBe(10);
    expect(some(7)).toBe(13);
  });
});

describe('long work that comes often', () => {
  /** Plain steps of 1 ms, ten of 4 ms, and so many of 30 ms; the fence is at ten plain steps. */
  const fence = (long: number, requests: number) =>
    stepsOf([...times(200, 1), ...times(3 * long, 4), ...times(long, 30), 1], [], [], requests).normal.work.fence / MS;
  test('belongs to the load, however long: with more than one request in twenty', () => {
    expect(fence(8, 159)).toBe(Number.POSITIVE_INFINITY);
    expect(fence(8, 160)).toBe(10);
  });
  test('is an exception where it came no more than a handful of times', () => {
    expect(fence(6, 20)).toBe(Number.POSITIVE_INFINITY);
    expect(fence(5, 20)).toBe(10);
  });
  test('is an exception without requests to count by', () => expect(fence(50, 0)).toBe(10));
});

describe('the pause that requests meet anyway', () => {
  const pauseOf = (heavy: readonly number[]) => stepsOf([...times(60, 2), ...heavy, 2]).normal.pause / MS;
  test('is by how much a usual heavy step takes longer than a plain one', () => expect(pauseOf([7, 7, 7, 7, 9, 9, 9, 9, 9])).toBe(7));
  test('is none where less than eight are heavy', () => {
    expect(pauseOf(times(8, 6))).toBe(4);
    expect(pauseOf(times(7, 6))).toBe(0);
  });
  test('is none where heavy steps take no longer: they only launch more', () => {
    const launches = Array.from({ length: 60 }, (_, i) => Array.from({ length: i % 4 === 0 ? 9 : 2 }, (_, k) => i + (k + 1) / 20)).flat();
    const steps = stepsOf(times(60, 1), [], launches);
    expect(heavyOnes(steps)).toHaveLength(15);
    expect(steps.normal.pause).toBe(0);
  });
  test('never shortens: heavy steps that are over sooner make none', () => {
    const lengths = Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? 1 : 2));
    const launches = startsOf(lengths).flatMap((s, i) => (i % 4 === 0 ? [s + 0.1, s + 0.2, s + 0.3, s + 0.4] : [s + 0.1, s + 0.2]));
    expect(stepsOf(lengths, [], launches).normal.pause).toBe(0);
  });
});

describe('a graph that ran slowly', () => {
  const slow = (isGraph: boolean): Loss => ({
    kind: 'slow',
    start: 10.5 * MS,
    end: 12.5 * MS,
    normal: MS,
    foreignShare: 0,
    slowAround: 0,
    isGraph,
    byClock: false,
  });
  /** Step 10 takes 4 ms longer: 2 ms of a slow graph or kernel and, in the same step, something else. */
  const held = (cause: Cause | undefined, isGraph = true, other: readonly AttributedLoss[] = []) =>
    stepsOf(times(30, 1).with(10, 5), [{ ...lost(10.5, 12.5, cause), loss: slow(isGraph) }, ...other]);
  test('is time lost, though nothing accounts for it: it is always the same work', () => {
    expect(at(held(undefined), 'unattributed', 10)).toBe(2);
    expect(at(held(undefined), 'work', 10)).toBe(3);
  });
  test('unlike a kernel: that serves many sizes', () => expect(at(held(undefined, false), 'work', 10)).toBe(5));
  test('in a step in which other work held the GPU was slowed by that', () => {
    const steps = held(undefined, true, [lost(13, 13.5, 'gpu-contention')]);
    expect([at(steps, 'gpu-contention', 10), at(steps, 'unattributed', 10), at(steps, 'work', 10)]).toEqual([2.5, 0, 2.5]);
  });
  test('in a step in which a rank came late was slowed by that', () => {
    const steps = held(undefined, true, [lost(13, 13.5, 'collective-wait')]);
    expect([at(steps, 'collective-wait', 10), at(steps, 'unattributed', 10)]).toEqual([2.5, 0]);
  });
  test('goes to the work of others where both happened', () => {
    const steps = held(undefined, true, [lost(13, 13.5, 'collective-wait'), lost(13.5, 13.75, 'gpu-contention')]);
    expect([at(steps, 'gpu-contention', 10), at(steps, 'collective-wait', 10)]).toEqual([2.25, 0.5]);
  });
  test('does not go to what slows no graph, nor to what happened in another step', () => {
    expect(at(held(undefined, true, [lost(13, 13.5, 'storage-io')]), 'unattributed', 10)).toBe(2);
    expect(at(held(undefined, true, [lost(15.2, 15.6, 'gpu-contention')]), 'unattributed', 10)).toBe(2);
  });
  test('stays with the cause that a detector found', () => {
    const steps = held('clock-throttle', true, [lost(13, 13.5, 'gpu-contention')]);
    expect([at(steps, 'clock-throttle', 10), at(steps, 'gpu-contention', 10)]).toEqual([2, 0.5]);
  });
  test('leaves the other time that nobody accounts for where it is', () => {
    const steps = held(undefined, true, [lost(13, 13.5, 'gpu-contention'), lost(14, 14.25, undefined)]);
    expect(at(steps, 'unattributed', 10)).toBe(0.25);
  });
});

describe('a clock lowered by the power cap', () => {
  /** Step 10 of plain work 1 ms, so many ms longer, of which the clock took 2; the fence is at 10 ms of work. */
  const capped = (longer: number, followsWork: boolean) => {
    const loss = lost(10, 12, 'clock-throttle');
    return stepsOf(times(30, 1).with(10, 1 + longer), [{ ...loss, attribution: { ...loss.attribution!, followsWork } }]);
  };
  test('belongs to the work of a step that holds more than this load ever asks for', () => {
    const steps = capped(13, true);
    expect([at(steps, 'clock-throttle', 10), at(steps, 'work', 10)]).toEqual([0, 14]);
    expect(beyond(steps, 'work', 10)).toBe(13);
  });
  test('is a loss of its own in any other step', () => {
    // 10 ms, the cap's among them, are at the fence, not beyond.
    const steps = capped(9, true);
    expect([at(steps, 'clock-throttle', 10), at(steps, 'work', 10)]).toEqual([2, 8]);
  });
  test('counts towards the most that this load ever asks for', () => {
    const steps = capped(9.5, true);
    expect([at(steps, 'clock-throttle', 10), at(steps, 'work', 10)]).toEqual([0, 10.5]);
  });
  test('is a loss of its own where it is not the cap alone that lowered the clock', () => {
    const steps = capped(13, false);
    expect([at(steps, 'clock-throttle', 10), at(steps, 'work', 10)]).toEqual([2, 12]);
  });
});
