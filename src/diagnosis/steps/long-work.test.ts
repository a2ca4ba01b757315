import { describe, expect, test } from 'vitest';
import { gapOf, starved } from '#diagnosis/causes/losses.test-data';
import { type LaneOp, laneOf, laneOps } from '#test/lane-sample';
import { workFacts } from './long-work.ts';

const op = (start: number, length: number, work = 0): LaneOp => ({ start, end: start + length, work });
const facts = (list: readonly LaneOp[], syncs: readonly number[] = [], needless = true) => {
  const ops = laneOps(list);
  const attributed = syncs.map(start => {
    const loss = starved('own-code', '', gapOf({ 'own-code': 5 }, { start, end: start + 5, afterNeedlessSync: needless }));
    return { start, end: start + 5, loss, cause: undefined, attribution: undefined };
  });
  return workFacts(ops, laneOf(ops), attributed, i => `kernel ${ops.work[i]}`);
};

describe('the longest kernel', () => {
  const of = facts([op(0, 10, 1), op(20, 30, 2), op(60, 25, 1), op(90, 25, 1), op(200, 500, 3)]);
  test('is the one that took most time in all, not the longest single run', () => expect(of(0, 150).longestKernel).toBe('kernel 1'));
  test('is looked for in the stretch asked about alone', () => {
    expect(of(200, 300).longestKernel).toBe('kernel 3');
    expect(of(20, 60).longestKernel).toBe('kernel 2');
  });
  test('of a stretch without operations is none', () =>
    expect(of(120, 190)).toEqual({ longestKernel: 'nothing', lockstepShare: 0, communicationShare: 0 }));
});

describe('lockstep', () => {
  const four = [op(0, 10), op(20, 10), op(40, 10), op(60, 10)];
  test('is the share of operations followed by a synchronisation that read nothing back', () => {
    expect(facts(four, [10, 30])(0, 70).lockstepShare).toBe(0.5);
    expect(facts(four, [10, 30, 50, 70])(0, 80).lockstepShare).toBe(1);
  });
  test('does not count gaps after needed synchronisations', () => expect(facts(four, [10, 30], false)(0, 70).lockstepShare).toBe(0));
  test('does not count synchronisations elsewhere', () => expect(facts(four, [10, 30])(40, 70).lockstepShare).toBe(0));
});
