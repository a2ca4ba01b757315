import { describe, expect, test } from 'vitest';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { engineStepsOf, lost, MS, stepEndsOf } from '#test/attribution-sample';
import type { EngineSteps } from './engine-steps.ts';
import { isIncident, leastDelay, ROUND_OF_SCHEDULER_MS } from './is-incident.ts';
import { excessOf, type Stall } from './stalls.ts';
import { PLAIN, STEP_KINDS } from './step-kinds.ts';

/** Sixty steps of 1 ms, of which the given ones take longer, and what was lost in them. */
const stepsOf = (longer: Readonly<Record<number, number>> = {}, losses: readonly AttributedLoss[] = []) =>
  engineStepsOf(stepEndsOf(60, longer), losses);
/** Steps [first, last] as one stretch. */
function stallOf(steps: EngineSteps, first: number, last = first): Stall {
  let excess = 0;
  for (let i = first; i <= last; i++) excess += excessOf(steps, i);
  return { first, last, start: steps.start[first]!, end: steps.end[last]!, excess };
}
/** Steps whose heavy ones take so much longer than the plain ones, ms; by the losses of plain steps no more than `extreme` happens by chance. */
const judgedBy = (steps: EngineSteps, by: { pause?: number; extreme?: number; heavyExtreme?: number }): EngineSteps => {
  const { pause = 0, extreme = 0, heavyExtreme = extreme } = by;
  const losses = steps.normal.losses.map((l, kind) => ({ ...l, extreme: (kind === PLAIN ? extreme : heavyExtreme) * MS }));
  return { ...steps, normal: { ...steps.normal, losses, pause: pause * MS } };
};
/** Step 30 lost so much to a cause. */
const one = (ms: number, cause: Parameters<typeof lost>[2] = 'storage-io') => stepsOf({ 30: ms }, [lost(30.5, 30.5 + ms, cause)]);

describe('the least delay that counts', () => {
  test('is a round of the scheduler', () => expect(leastDelay(stepsOf())).toBe(ROUND_OF_SCHEDULER_MS * MS));
  test('is the pause that requests meet anyway, where that is longer', () => {
    expect(leastDelay(judgedBy(stepsOf(), { pause: 9 }))).toBe(10 * MS);
    expect(leastDelay(judgedBy(stepsOf(), { pause: 11 }))).toBe(11 * MS);
  });
});

describe('the clocks of requests and trace', () => {
  const apart = (ms: number): EngineSteps => ({ ...stepsOf(), stampErrorNs: ms * MS });
  test('must agree to less than a delay that counts: whom a shorter one held up is not known', () => {
    expect(leastDelay(apart(10))).toBe(10 * MS);
    expect(leastDelay(apart(25))).toBe(25 * MS);
  });
});

describe('a stall is an incident', () => {
  const is = (steps: EngineSteps, first = 30, last = first) => isIncident(steps, stallOf(steps, first, last));
  test('where it took as long as a round of the scheduler', () => {
    expect(is(one(10))).toBe(true);
    expect(is(one(9.99))).toBe(false);
  });
  test('where it took as long as the usual pause', () => {
    expect(is(judgedBy(one(20), { pause: 20 }))).toBe(true);
    expect(is(judgedBy(one(20), { pause: 20.01 }))).toBe(false);
  });
  test('where its worst step lost more than any does by chance', () => {
    expect(is(judgedBy(one(15), { extreme: 15 }))).toBe(true);
    expect(is(judgedBy(one(15), { extreme: 15.01 }))).toBe(false);
  });
  test('by the noise of its own kind of step', () => {
    const steps = one(15);
    expect(is(judgedBy(steps, { extreme: 1, heavyExtreme: 99 }))).toBe(true);
    const heavy = { ...steps, kind: steps.kind.map(() => STEP_KINDS.indexOf('heavier')) };
    expect(is(judgedBy(heavy, { extreme: 1, heavyExtreme: 99 }))).toBe(false);
    expect(is(judgedBy(heavy, { extreme: 99, heavyExtreme: 1 }))).toBe(true);
  });
  test('where nothing but the cause of one step accounts for it: two of 6 ms are none', () => {
    const two = [lost(30.5, 36.5, 'storage-io'), lost(37.5, 43.5, 'storage-io')];
    const steps = stepsOf({ 30: 6, 31: 6 }, two);
    expect(stallOf(steps, 30, 31).excess).toBe(12 * MS);
    expect(is(steps, 30, 31)).toBe(false);
    const mixed = stepsOf({ 30: 12 }, [lost(30.5, 36.5, 'storage-io'), lost(36.5, 42.5, 'host-blocked')]);
    expect(is(mixed)).toBe(false);
  });
  test('where one of its steps is enough, the others being small', () => {
    const steps = stepsOf({ 30: 2, 31: 11 }, [lost(30.5, 32.5, 'storage-io'), lost(33.5, 44.5, 'storage-io')]);
    expect(is(steps, 30, 31)).toBe(true);
  });
  test('where no cause accounts for it, as well', () => expect(is(one(12, undefined))).toBe(true));
  test('by its sum, where a cause slows many steps a little', () => {
    const from = (ms: number) => {
      const longer = Object.fromEntries([30, 31, 32, 33].map(i => [i, ms]));
      return stepsOf(
        longer,
        [0, 1, 2, 3].map(k => lost(30.5 + k * (1 + ms), 30.5 + k * (1 + ms) + ms, 'gpu-contention')),
      );
    };
    // No step by itself is beyond what happens by chance.
    expect(is(judgedBy(from(2.5), { extreme: 99 }), 30, 33)).toBe(true);
    expect(is(judgedBy(from(2.49), { extreme: 99 }), 30, 33)).toBe(false);
  });
  test('by its sum only if that cause is the main one', () => {
    const losses = [lost(30.5, 36.5, 'storage-io'), lost(36.5, 41.5, 'gpu-contention')];
    expect(is(judgedBy(stepsOf({ 30: 11 }, losses), { extreme: 99 }))).toBe(false);
  });
  test('for work beyond what this load ever asks for, whatever losses do by chance', () => {
    // Plain steps are 1 ms of work, so 10 ms is the fence; what counts is beyond the usual.
    expect(is(judgedBy(stepsOf({ 30: 10 }), { extreme: 99 }))).toBe(true);
    expect(is(judgedBy(stepsOf({ 30: 9.9 }), { extreme: 99 }))).toBe(false);
    expect(is(judgedBy(stepsOf({ 30: 10 }), { pause: 10.5 }))).toBe(false);
  });
  test('never, where it lost nothing', () => expect(is(stepsOf())).toBe(false));
});
