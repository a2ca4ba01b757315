import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { halfBytesInterval, hockneyOf, type Timed } from './hockney.ts';

const KIB = 1024;
/** 1 KiB to 1 GiB in steps of two, as bandwidth tests do. */
const SIZES = Array.from({ length: 21 }, (_, i) => KIB * 2 ** i);

/** Times of a link, each off by a relative error. */
function times(seed: number, latencyUs: number, gbPerS: number, error: number, sizes = SIZES): Timed[] {
  const noise = randomNormal.source(randomLcg(seed))(0, error);
  return sizes.map(bytes => ({ bytes, us: (latencyUs + bytes / (gbPerS * 1000)) * Math.exp(noise()) }));
}

describe('the fit', () => {
  test('without noise finds latency, bandwidth and half size', () => {
    const fit = hockneyOf(times(0.1, 12, 400, 0));
    expect(fit?.latency_us).toBeCloseTo(12, 6);
    expect(fit!.bytes_per_us / 1000).toBeCloseTo(400, 6);
    expect(fit?.half_bytes).toBeCloseTo(12 * 400_000, 0);
  });

  test.each([
    [8, 450],
    [35, 235],
    [900, 25],
  ])('with a noise of 5 % finds %d µs and %d GB/s within 10 %', (latency, gbPerS) => {
    for (let draw = 1; draw <= 50; draw++) {
      const fit = hockneyOf(times(draw / 51, latency, gbPerS, 0.05));
      expect(Math.abs(fit!.latency_us / latency - 1)).toBeLessThan(0.1);
      expect(Math.abs(fit!.bytes_per_us / (gbPerS * 1000) - 1)).toBeLessThan(0.1);
    }
  });

  test('three sizes are too few, and times that do not grow show no bandwidth', () => {
    expect(hockneyOf(times(0.1, 12, 400, 0, SIZES.slice(0, 3)))).toBeUndefined();
    expect(hockneyOf(SIZES.slice(0, 6).map(bytes => ({ bytes, us: 100 - bytes / 1e4 })))).toBeUndefined();
  });

  test('a latency below zero is none, and its half size has no interval', () => {
    const points = [1, 2, 4, 8].map(n => ({ bytes: n * 1e6, us: n ** 1.2 }));
    expect(hockneyOf(points)).toMatchObject({ latency_us: 0, half_bytes: 0 });
    expect(halfBytesInterval(points)).toBeUndefined();
  });
});

test.each([6, 11, 21])('the interval of %d sizes holds the true half size about 95 times in 100', n => {
  const sizes = Array.from({ length: n }, (_, i) => KIB * 2 ** ((20 * i) / (n - 1)));
  const half = 20 * 300_000;
  const DRAWS = 400;
  let held = 0;
  for (let draw = 1; draw <= DRAWS; draw++) {
    const [low, high] = halfBytesInterval(times(draw / (DRAWS + 1), 20, 300, 0.04, sizes))!;
    if (low <= half && half <= high) held++;
  }
  // The standard error of 400 draws is one in a hundred; few sizes make the jackknife somewhat too careful.
  expect(held / DRAWS).toBeGreaterThan(0.92);
  expect(held / DRAWS).toBeLessThanOrEqual(1);
});
