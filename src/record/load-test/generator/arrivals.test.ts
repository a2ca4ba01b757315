import { describe, expect, test } from 'vitest';
import { THOROUGH } from '#test/thorough';
import { type Arrivals, schedule } from './arrivals.ts';
import { rng } from './rng.ts';

const seconds = 400;
const times = (arrivals: Arrivals, seed = 1) => schedule(arrivals, { seconds, requests: Number.POSITIVE_INFINITY }, rng(seed, 'arrivals'));
const gaps = (at: Float64Array) => Array.from(at.subarray(1), (t, i) => t - (at[i] ?? 0));
const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
/** Coefficient of variation. */
const variation = (xs: readonly number[]) => {
  const middle = mean(xs);
  return Math.sqrt(mean(xs.map(x => (x - middle) ** 2))) / middle;
};

describe('arrivals', () => {
  test('constant: a request every 1/rate seconds', () => {
    const at = times({ kind: 'constant', rate: 50 });
    expect(at).toHaveLength(50 * seconds);
    expect(at[7]).toBeCloseTo(0.14, 12);
  });
  // The number of arrivals is Poisson with mean 20,000: five standard deviations are 700. A sample of 20,000 gaps knows their variation
  // to a few per cent.
  test('poisson: the rate that was asked for, and gaps that vary as much as they are long', () => {
    const at = times({ kind: 'poisson', rate: 50 });
    expect(Math.abs(at.length - 20_000)).toBeLessThan(700);
    expect(variation(gaps(at))).toBeCloseTo(1, 1);
  });
  test.each([0.5, 2, 4])('gamma: the same rate, and a coefficient of variation of %d', cv => {
    const at = times({ kind: 'gamma', rate: 50, cv });
    expect(Math.abs(at.length - 20_000)).toBeLessThan(700 * Math.max(1, cv));
    expect(variation(gaps(at)) / cv).toBeCloseTo(1, 0.9);
  });
  test('ramp: so many in each quarter as the rate says', () => {
    const at = times({ kind: 'ramp', from: 0, to: 100 });
    const quarters = [0, 1, 2, 3].map(q => at.filter(t => t >= (q * seconds) / 4 && t < ((q + 1) * seconds) / 4).length);
    // 100/400 a second more each second: 1250, 3750, 6250, 8750 on average.
    for (const [q, n] of quarters.entries()) expect(Math.abs(n - (2 * q + 1) * 1250)).toBeLessThan(5 * Math.sqrt((2 * q + 1) * 1250));
  });
  test('a ramp may go down, and a ramp to itself is Poisson', () => {
    expect(Math.abs(times({ kind: 'ramp', from: 100, to: 0 }).length - 20_000)).toBeLessThan(700);
    expect(variation(gaps(times({ kind: 'ramp', from: 50, to: 50 })))).toBeCloseTo(1, 1);
  });
  test('trace: as recorded, cut off where the run ends', () => {
    const replay = (requests: number) => schedule({ kind: 'trace', offsets: [0, 0.5, 0.5, 2] }, { seconds: 1, requests }, () => 0);
    expect([...replay(9)]).toEqual([0, 0.5, 0.5]);
    expect([...replay(2)]).toEqual([0, 0.5]);
  });
  test('the same seed gives the same schedule, the next seed another', () => {
    const [one, again, other] = [1, 1, 2].map(seed => times({ kind: 'poisson', rate: 5 }, seed));
    expect(again).toEqual(one);
    expect(other?.[0]).not.toBe(one?.[0]);
  });
  test.skipIf(!THOROUGH)('a ramp without end, and a schedule without end, are refused', () => {
    const endless = { seconds: Number.POSITIVE_INFINITY, requests: Number.POSITIVE_INFINITY };
    expect(() => schedule({ kind: 'ramp', from: 1, to: 2 }, endless, () => 0.5)).toThrow(/needs a --duration/);
    expect(() => schedule({ kind: 'constant', rate: 1 }, endless, () => 0.5)).toThrow(/more than 20000000/);
  });
});
