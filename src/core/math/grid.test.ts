import { describe, expect, test } from 'vitest';
import { cellsFor, onGrid, trueRefresh } from './grid.ts';

describe('the true refresh of a sensor', () => {
  test('is how often its value changes, however fast it is polled', () => {
    const t = Array.from({ length: 200 }, (_, i) => i * 10);
    expect(trueRefresh({ t, value: t.map(x => Math.floor(x / 100)) })).toBe(100);
  });
  test('is not known of a value that hardly changes', () => expect(trueRefresh({ t: [0, 1, 2, 3], value: [5, 5, 6, 6] })).toBeUndefined());
});

test('there are as many cells as the slowest refresh allows, rounded down to a power of two', () => {
  expect(cellsFor(10_000, 100)).toBe(64);
  expect(cellsFor(6400, 100)).toBe(64);
  expect(cellsFor(50, 100)).toBe(1);
});

describe('a series on a grid', () => {
  test('has the mean of each cell', () => expect([...onGrid({ t: [0, 1, 2, 3], value: [1, 3, 5, 9] }, [0, 4], 2)]).toEqual([2, 7]));
  test('is interpolated where a cell holds nothing', () =>
    expect([...onGrid({ t: [0, 8], value: [0, 8] }, [0, 8], 4)]).toEqual([0, 3, 5, 7]));
  test('holds its ends', () => expect([...onGrid({ t: [5], value: [7] }, [0, 8], 4)]).toEqual([7, 7, 7, 7]));
});
