import { describe, expect, test } from 'vitest';
import type { Training } from '#schema/training';
import { analysed } from './analysed.ts';
import type { TrainingRun } from './training-run.ts';

const STEPS = 30;
const foundBy = async (marks: NonNullable<TrainingRun['marks']>, more: Partial<TrainingRun> = {}): Promise<Training | null> =>
  (await analysed({ ranks: 2, steps: STEPS, faults: [{ rank: 0, step: 12, kind: 'gc' }], marks, ...more })).training;

describe('steps are told apart', () => {
  test('by a range of the program that comes once a step', async () => {
    const t = await foundBy({ ranges: true });
    expect(t).toMatchObject({ by: 'range', mark: 'train step', sure: 'high', lockstep: true });
    expect(t?.ranks.map(r => r.steps)).toEqual([STEPS, STEPS]);
  });
  test('else by the kernels of the optimizer', async () => {
    const t = await foundBy({});
    expect(t).toMatchObject({ by: 'optimizer', sure: 'high', lockstep: true });
    // The first one begins before the trace does, for all that is known.
    expect(t?.ranks.map(r => r.steps)).toEqual([STEPS - 1, STEPS - 1]);
  });
  test('else by the collectives that add gradients up', async () =>
    expect(await foundBy({ optimizer: false })).toMatchObject({ by: 'gradient-all-reduce', sure: 'medium' }));
  test('else by the period of the kernels', async () =>
    expect(await foundBy({ optimizer: false, gradients: false }, { ranks: 1 })).toMatchObject({ by: 'kernel-period', sure: 'low' }));
  test.each([{ ranges: true }, {}, { optimizer: false }])('the same slow step is found by each (%j)', async marks =>
    expect((await foundBy(marks))?.slow.map(s => s.rank)).toEqual(['rank 0']),
  );
});

test('ranges that hold a part of a step only are not taken for one', async () => {
  const { training } = await analysed({ ranks: 1, steps: STEPS, marks: { ranges: true }, partRanges: true });
  expect(training?.by).toBe('optimizer');
});

test('where nothing repeats the report says so, and nothing rests on steps', async () => {
  const { training, report } = await analysed({ ranks: 2, steps: STEPS, irregular: true, faults: [{ rank: 0, step: 12, kind: 'gc' }] });
  expect(training).toMatchObject({ by: null, sure: null, slow: [], books: [], ranks: [] });
  expect(training?.cannot_tell[0]).toContain('repeats at least four times');
  expect(report.answer).toContain('no steps were found');
  expect(report.causes.filter(c => c.scope === 'incident')).toEqual([]);
});

test('a program that computes no gradient is no training', async () => {
  const { training } = await analysed({ ranks: 2, steps: STEPS, marks: { optimizer: false, backward: false } });
  expect(training).toBeNull();
});

test('too few steps have a distribution, and none of them is slow', async () => {
  const t = await foundBy({}, { steps: 8, faults: [{ rank: 0, step: 4, kind: 'gc' }] });
  expect(t?.ranks.map(r => [r.steps, r.limit_ms])).toEqual([
    [7, null],
    [7, null],
  ]);
  expect(t?.slow).toEqual([]);
  expect(t?.cannot_tell[0]).toContain('Which steps were slow');
});
