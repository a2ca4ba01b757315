import { describe, expect, test } from 'vitest';
import { lagAt, lagEvidence, shortestHalf } from './lag-evidence.ts';
import { MS, rng, US } from './threads.test-data.ts';

describe('the time since the last moment of a train', () => {
  const times = Float64Array.of(100 * US, 200 * US);
  test.each([
    [150, 50],
    [200, 0],
    [250, 50],
    // Just before: within the noise of the clocks.
    [197, -3],
    [194, 94],
  ])('at %i µs is %i µs', (t, lag) => expect(lagAt(times, t * US)).toBe(lag * US));
  test('is endless before the first', () => expect(lagAt(times, 10 * US)).toBe(Number.POSITIVE_INFINITY));
});

test('the shortest half is where the bulk lies, whatever the rest is', () =>
  expect(shortestHalf(Float64Array.of(900, 10, 11, 13, Number.POSITIVE_INFINITY, 12, 700))).toEqual({ low: 10, high: 13 }));

describe('evidence', () => {
  /** Moments 4 ms apart on the average, and ends 50 µs after them, give or take; every `other`-th end lies anywhere. */
  const made = (n: number, scatter: number, other: number) => {
    const next = rng(9);
    const times: number[] = [];
    for (let k = 0, t = MS; k < n; k++, t += (3 + 2 * next()) * MS) times.push(t);
    const span = (times.at(-1) ?? 0) + 5 * MS;
    const ends = times.map((t, k) => (other > 0 && k % other === 0 ? next() * span : t + 50 * US + scatter * (next() - 0.5)));
    return { times: Float64Array.from(times), ends: Float64Array.from(ends).sort(), span };
  };
  const of = ({ times, ends, span }: ReturnType<typeof made>, tried = 100) => lagEvidence(ends, times, span, tried);

  test('is the usual lag, who kept to it, and what chance would bring about', () => {
    const e = of(made(200, 20 * US, 5));
    expect(e?.lag).toBeGreaterThan(45 * US);
    expect(e?.lag).toBeLessThan(55 * US);
    expect(e?.hits).toBeCloseTo(0.8, 1);
    // A band of some 40 µs in 4 ms.
    expect(e?.chance).toBeGreaterThan(0.005);
    expect(e?.chance).toBeLessThan(0.02);
  });
  test('needs ten waits', () => expect([9, 10].map(n => of(made(n, 10 * US, 0)) !== undefined)).toEqual([false, true]));
  test('needs more than half of the waits, beyond doubt', () =>
    expect([2, 3].map(other => of(made(200, 10 * US, other)) !== undefined)).toEqual([false, true]));
  test('needs a lag that scatters little against the time between the moments', () =>
    expect([40 * US, 400 * US].map(scatter => of(made(200, scatter, 0)) !== undefined)).toEqual([true, false]));
  test('grows with the number of trains that were tried', () => {
    const ten = made(10, 10 * US, 0);
    expect([100, 1e25].map(tried => of(ten, tried) !== undefined)).toEqual([true, false]);
  });
  test('counts only ends of which all else holds', () => {
    const { times, ends, span } = made(200, 10 * US, 0);
    expect(lagEvidence(ends, times, span, 100, () => false)).toBeUndefined();
  });
  test('of nothing is none', () => {
    expect(lagEvidence(new Float64Array(0), Float64Array.of(1), MS, 1)).toBeUndefined();
    expect(lagEvidence(Float64Array.of(1, 2, 3), new Float64Array(0), MS, 1)).toBeUndefined();
  });
});
