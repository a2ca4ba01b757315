import { describe, expect, test } from 'vitest';
import { type LaneOp, laneOf, laneOps } from '#test/lane-sample';
import { clockEffect } from './clock-effect.ts';

const US = 1000;
/** The clock is a quarter down from here on. */
const LOW_FROM = 1e6;

/** Runs of one kind of work before and after the clock went down, each of so many us. */
const runs = (work: number, usual: readonly number[], low: readonly number[], rest: Partial<LaneOp> = {}): LaneOp[] => {
  const from = (begin: number, lengths: readonly number[]) =>
    lengths.map((us, i) => ({ start: begin + i * 1000 + work * 7, end: begin + i * 1000 + work * 7 + us * US, work, ...rest }));
  return [...from(0, usual), ...from(LOW_FROM, low)];
};
const times = (n: number, us: number) => Array<number>(n).fill(us);
const effect = (list: readonly LaneOp[], known = true) => {
  const ops = laneOps(list);
  return clockEffect(ops, laneOf(ops), from => (from < LOW_FROM ? 0 : known ? 0.25 : undefined));
};

describe('what a lowered clock cost', () => {
  test('is nothing when the same kernels were no slower', () => expect(effect(runs(1, times(9, 100), times(9, 100)))).toBe(0));
  test('is the share of their time by which they were', () => expect(effect(runs(1, times(9, 100), times(9, 125)))).toBeCloseTo(0.2, 9));
  test('of two percent or less is the clock’s own step', () => {
    expect(effect(runs(1, times(9, 100), times(9, 102)))).toBe(0);
    expect(effect(runs(1, times(9, 1000), times(9, 1021)))).toBeGreaterThan(0);
  });
  test('is judged by the median over kinds of work, by the time they took', () => {
    const list = [...runs(1, times(9, 100), times(9, 125)), ...runs(2, times(9, 10), times(9, 10)), ...runs(3, times(9, 10), times(9, 90))];
    expect(effect(list)).toBeCloseTo(0.2, 9);
  });
});

describe('it is not measured, so not limited', () => {
  test('with fewer than five runs on either side', () => {
    expect(effect(runs(1, times(4, 100), times(9, 125)))).toBe(1);
    expect(effect(runs(1, times(9, 100), times(4, 125)))).toBe(1);
    expect(effect(runs(1, times(5, 100), times(5, 125)))).toBeCloseTo(0.2, 9);
  });
  test('when the work that ran at both clocks is less than half of that at the lower one', () => {
    expect(effect([...runs(1, times(9, 100), times(9, 125)), ...runs(2, [], times(9, 140))])).toBe(1);
    expect(effect([...runs(1, times(9, 100), times(9, 125)), ...runs(2, [], times(9, 120))])).toBeCloseTo(0.2, 9);
  });
});

test('kernels in company say nothing: others slowed them', () => {
  const company: LaneOp = { start: LOW_FROM, end: LOW_FROM + 4000 * US, stream: 13, work: 9 };
  expect(effect([...runs(1, times(9, 100), times(9, 300)), company])).not.toBeCloseTo(1 - 1 / 3, 2);
});

test('copies say nothing: they do not run at the SM clock', () => {
  const copies = runs(2, times(9, 1000), times(9, 3000), { kind: 'copy', copyKind: 1 });
  expect(effect([...runs(1, times(9, 100), times(9, 125)), ...copies])).toBeCloseTo(0.2, 9);
});

test('kernels at an unknown clock are left out', () => expect(effect(runs(1, times(9, 100), times(9, 125)), false)).toBe(0));
