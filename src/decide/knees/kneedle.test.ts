import { describe, expect, test } from 'vitest';
import { kneedle } from './kneedle.ts';

const at = (settings: readonly number[], values: readonly number[], bend?: 'convex') => settings[kneedle(settings, values, bend) ?? -1];
const steps = (n: number) => Array.from({ length: n }, (_, i) => i / (n - 1));

describe('Kneedle', () => {
  test('finds the knee of the figure in its paper', () => {
    const x = steps(10);
    const y = x.map(value => -1 / (value + 0.1) + 5);
    expect(at(x, y)).toBeCloseTo(0.22, 2);
  });
  test('finds that of SPEC SDM91', () =>
    expect(at([1, 18, 36, 72, 108, 144, 216], [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2])).toBe(36));
  test('finds that of a curve that rises ever faster, as latency does', () => {
    const load = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(
      at(
        load,
        load.map(n => 1 / (1 - n / 9.5)),
        'convex',
      ),
    ).toBe(7);
  });
  test('names none of a line, of a curve that bends the other way, of one that does not rise, of two points', () => {
    const x = steps(9);
    expect(at(x, x)).toBeUndefined();
    expect(
      at(
        x,
        x.map(value => value ** 3),
      ),
    ).toBeUndefined();
    expect(
      at(
        x,
        x.map(() => 3),
      ),
    ).toBeUndefined();
    expect(at([1, 2], [1, 2])).toBeUndefined();
  });
  test('names none of a line with a bump that is smaller than a step', () => {
    const x = steps(9);
    expect(
      at(
        x,
        x.map((value, i) => value + (i === 4 ? 0.05 : 0)),
      ),
    ).toBeUndefined();
  });
});
