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
      basis: { by: 'places', operations: 16, devices: 2, moved: 0, missing: 0, alike: [] },
    }));
  test('all forwards before all backwards is GPipe, whichever way the backwards run', () => {
    expect(of('F0 F1 F2 F3 B0 B1 B2 B3', 'F0 F1 F2 F3 B0 B1 B2 B3')).toMatchObject({ name: 'gpipe', departures: [] });
    expect(of('F0 F1 F2 F3 B3 B2 B1 B0', 'F0 F1 F2 F3 B3 B2 B1 B0')).toMatchObject({ name: 'gpipe', departures: [] });
  });
  test('microbatches may be numbered from anywhere, with holes', () =>
    expect(of('F10 F12 B10 F17 B12 F20 B17 B20', 'F10 B10 F12 B12 F17 B17 F20 B20')).toMatchObject({ name: '1f1b', departures: [] }));
  test('two operations that changed places are one departure', () =>
    expect(of('F0 F1 B0 F2 F3 B1 B2 B3', ONE_F_ONE_B[1])).toMatchObject({
      name: '1f1b',
      departures: [
        {
          what: 'moved',
          rank: 0,
          operation: { kind: 'F', microbatch: 3, stage: 0 },
          after: { kind: 'F', microbatch: 2, stage: 0 },
        },
      ],
      basis: { by: 'places', operations: 16, devices: 2, moved: 1, missing: 0 },
    }));
  test('one that is missing is said, and the rest still recognised', () =>
    expect(of(ONE_F_ONE_B[0], 'F0 B0 F1 B1 F2 B2 F3')).toMatchObject({
      name: '1f1b',
      departures: [{ what: 'missing', operation: { kind: 'B', microbatch: 3, stage: 1 } }],
    }));
});

test('with one microbatch the schedules are alike, and that is said', () =>
  expect(of('F0 B0', 'F0 B0')).toMatchObject({ name: '1f1b', basis: { by: 'places', alike: expect.arrayContaining(['gpipe']) } }));

describe('no schedule', () => {
  test('forwards alone tell nothing', () =>
    expect(of('F0 F1 F2', 'F0 F1 F2')).toEqual({
      name: 'unknown',
      textbook: undefined,
      basis: { by: 'forwards-only' },
      departures: [],
    }));
  test('an order that is nobody’s', () => {
    const { name, basis } = of('F3 B3 F0 B0 F2 B2 F1 B1', 'F1 F3 B1 B3 F0 B0 F2 B2');
    expect(name).toBe('unknown');
    expect(basis).toMatchObject({ by: 'other-places', operations: 16 });
  });
  test('operations that no schedule of this shape has', () =>
    expect(of('F0 B0 F1 B1', 'F0 B0 F1 B1', 'F0.5 B0.5')).toMatchObject({
      name: 'unknown',
      basis: { by: 'other-operations', shape: { p: 3, m: 2, v: 1 } },
    }));
});
