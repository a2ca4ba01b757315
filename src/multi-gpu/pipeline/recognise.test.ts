import { describe, expect, test } from 'vitest';
import { inOrder, iterationOf } from '#test/pipeline/iteration-sample';
import { recognise } from './recognise.ts';

const of = (...ranks: string[]) => recognise(iterationOf(ranks.map(inOrder)));
const ONE_F_ONE_B = ['F0 F1 B0 F2 B1 F3 B2 B3', 'F0 B0 F1 B1 F2 B2 F3 B3'] as const;

describe('the order of two stages and four microbatches', () => {
  test('one forward, one backward in turn is 1F1B', () =>
    expect(of(...ONE_F_ONE_B)).toMatchObject({
      name: '1f1b',
      departures: [],
      why: 'From the order of 16 operations on 2 devices: all of them ran in its order.',
    }));
  test('all forwards before all backwards is GPipe, whichever way the backwards run', () => {
    expect(of('F0 F1 F2 F3 B0 B1 B2 B3', 'F0 F1 F2 F3 B0 B1 B2 B3')).toMatchObject({ name: 'gpipe', departures: [] });
    expect(of('F0 F1 F2 F3 B3 B2 B1 B0', 'F0 F1 F2 F3 B3 B2 B1 B0')).toMatchObject({ name: 'gpipe', departures: [] });
  });
  test('microbatches may be numbered from anywhere, with holes', () =>
    expect(of('F10 F12 B10 F17 B12 F20 B17 B20', 'F10 B10 F12 B12 F17 B17 F20 B20')).toMatchObject({ name: '1f1b', departures: [] }));
  test('two operations that changed places are one departure, in words', () =>
    expect(of('F0 F1 B0 F2 F3 B1 B2 B3', ONE_F_ONE_B[1])).toMatchObject({
      name: '1f1b',
      departures: ['rank 0 ran F of microbatch 3 on stage 0 after F of microbatch 2 on stage 0, out of order'],
      why: 'From the order of 16 operations on 2 devices: all but 1 ran in its order.',
    }));
  test('one that is missing is said, and the rest still recognised', () =>
    expect(of(ONE_F_ONE_B[0], 'F0 B0 F1 B1 F2 B2 F3')).toMatchObject({
      name: '1f1b',
      departures: ['B of microbatch 3 on stage 1 was not seen'],
    }));
});

test('with one microbatch the schedules are alike, and that is said', () =>
  expect(of('F0 B0', 'F0 B0').why).toMatch(/which is also that of .*1f1b.* with so few microbatches\.$|which is also that of gpipe/));

describe('no schedule', () => {
  test('forwards alone tell nothing', () =>
    expect(of('F0 F1 F2', 'F0 F1 F2')).toEqual({
      name: 'unknown',
      textbook: undefined,
      why: 'There are forwards only (inference): every schedule runs them in the same order.',
      departures: [],
    }));
  test('an order that is nobody’s', () => {
    const { name, why } = of('F3 B3 F0 B0 F2 B2 F1 B1', 'F1 F3 B1 B3 F0 B0 F2 B2');
    expect(name).toBe('unknown');
    expect(why).toMatch(/^The order is nobody's: even against \S+, the nearest, \d+ of 16 operations ran elsewhere\.$/);
  });
  test('operations that no schedule of this shape has', () =>
    expect(of('F0 B0 F1 B1', 'F0 B0 F1 B1', 'F0.5 B0.5')).toMatchObject({
      name: 'unknown',
      why: expect.stringMatching(/^The operations are those of none of the schedules that are known for 3 stages, 2 microbatches/),
    }));
});
