import { expect, test } from 'vitest';
import { fitLinear } from './linear-model.ts';

test('a line has the slope, the intercept and the standard error of the textbook', () => {
  const fit = fitLinear(
    [
      [1, 1, 1, 1, 1],
      [4, 4, 7, 7, 8],
    ],
    [2, 10, 4, 22, 16],
  );
  const x = [4, 4, 7, 7, 8];
  const y = [2, 10, 4, 22, 16];
  const [mx, my] = [6, 10.8];
  const sxx = x.reduce((s, v) => s + (v - mx) ** 2, 0);
  const slope = x.reduce((s, v, i) => s + (v - mx) * ((y[i] ?? 0) - my), 0) / sxx;
  expect(fit?.coefficients[1]).toBeCloseTo(slope, 10);
  expect(fit?.coefficients[0]).toBeCloseTo(my - slope * mx, 10);
  const squares = x.reduce((s, v, i) => s + ((y[i] ?? 0) - my - slope * (v - mx)) ** 2, 0);
  expect(fit?.errors[1]).toBeCloseTo(Math.sqrt(squares / 3 / sxx), 10);
  expect(fit?.freedom).toBe(3);
});
test('columns that depend on one another, or as many as values, are not fitted', () => {
  const one = [1, 1, 1, 1];
  expect(fitLinear([one, [1, 2, 3, 4], [3, 4, 5, 6]], [1, 2, 3, 5])).toBeUndefined();
  expect(fitLinear([one, [0, 0, 0, 0]], [1, 2, 3, 5])).toBeUndefined();
  expect(fitLinear([[1]], [1])).toBeUndefined();
});
