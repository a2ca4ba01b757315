import { randomLcg, randomNormal } from 'd3-random';
import { expect, test } from 'vitest';
import { partialCorrelation } from './partial-correlation.ts';

const normal = randomNormal.source(randomLcg(0.3))(0, 1);
const noise = (n: number) => Array.from({ length: n }, normal);

test('what two things share with a third is taken out', () => {
  const load = noise(60);
  const x = load.map(v => v + 0.3 * normal());
  const y = load.map(v => v + 0.3 * normal());
  expect(partialCorrelation([x], y, [])?.r).toBeGreaterThan(0.8);
  expect(Math.abs(partialCorrelation([x], y, [load])?.r ?? 1)).toBeLessThan(0.35);
  expect(partialCorrelation([x], y, [load])?.p).toBeGreaterThan(0.025);
});
test('with one control it is the formula of the textbook', () => {
  const [x, y, z] = [noise(20), noise(20), noise(20)];
  const r = (a: readonly number[], b: readonly number[]) => partialCorrelation([a], b, [])?.r ?? Number.NaN;
  const [xy, xz, yz] = [r(x, y), r(x, z), r(y, z)];
  expect(partialCorrelation([x], y, [z])?.r).toBeCloseTo((xy - xz * yz) / Math.sqrt((1 - xz ** 2) * (1 - yz ** 2)), 10);
});
test('means of strata are taken out: groups that differ in both are no correlation', () => {
  const strata = Array.from({ length: 40 }, (_, i) => (i < 20 ? 'a' : 'b'));
  const shifted = () => noise(40).map((v, i) => v + (i < 20 ? 0 : 10));
  const [x, y] = [shifted(), shifted()];
  expect(partialCorrelation([x], y, [])?.r).toBeGreaterThan(0.8);
  expect(partialCorrelation([x], y, [], strata)?.p).toBeGreaterThan(0.025);
});
test('the strongest of several is named, and a column that never changes is none of them', () => {
  const y = noise(40);
  const found = partialCorrelation([noise(40), y.map(v => v + 0.1 * normal()), y.map(() => 5)], y, []);
  expect(found?.candidate).toBe(1);
  expect(found?.p).toBeLessThan(0.002);
  expect(partialCorrelation([y.map(() => 5)], y, [])).toBeUndefined();
});
