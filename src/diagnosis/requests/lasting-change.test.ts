import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import type { DelayBreakdown } from './delay-breakdown.ts';
import { lastingChange } from './lasting-change.ts';

/** Requests every 0.1 s that take `level` of what their work explains, with 10 % of noise. */
function run(n: number, level: (i: number) => number, seed: number): readonly DelayBreakdown[] {
  const noise = randomNormal.source(randomLcg(seed))(0, 0.1);
  return Array.from({ length: n }, (_, i) => {
    const expectedMs = 100 + (i % 7) * 40;
    const timeMs = expectedMs * level(i) * Math.exp(noise());
    return { request: { arrival: i * 1e8, timeMs }, expectedMs } as unknown as DelayBreakdown;
  });
}

describe('a lasting change', () => {
  test('is found where it is, with its size', () => {
    const found = lastingChange(run(300, i => (i < 180 ? 1 : 1.6), 7));
    expect(found?.ratio).toBeCloseTo(1.6, 1);
    expect(Math.abs((found?.at ?? 0) / 1e8 - 180)).toBeLessThanOrEqual(10);
    expect((found?.before ?? 0) + (found?.after ?? 0)).toBe(300);
  });
  test('is none where an incident came and went, at its end too', () => {
    expect(lastingChange(run(300, i => (i > 100 && i < 130 ? 4 : 1), 7))).toBeUndefined();
    expect(lastingChange(run(300, i => (i > 270 ? 4 : 1), 7))).toBeUndefined();
  });
  test('is none where it is not worth a word, and of few requests', () => {
    expect(lastingChange(run(600, i => (i < 300 ? 1 : 1.05), 7))).toBeUndefined();
    expect(lastingChange(run(15, i => (i < 8 ? 1 : 3), 7))).toBeUndefined();
    expect(lastingChange([])).toBeUndefined();
  });
  test('is said of a run without one in no more cases than chance is allowed, a hundredth', () => {
    const alarms = Array.from({ length: 60 }, (_, seed) => lastingChange(run(200, () => 1, seed + 1))).filter(f => f !== undefined);
    expect(alarms.length).toBeLessThanOrEqual(3);
  });
});
