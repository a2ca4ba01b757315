import { describe, expect, test } from 'vitest';
import { inOrder, refreshes } from './readings.ts';

const polled = (step: number, count: number, value: (t: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ t: i * step, value: value(i * step) }));

describe('repeats of a sensor polled faster than it refreshes', () => {
  test('are no readings', () => {
    const kept = [...refreshes(polled(0.01, 500, t => 300 + Math.floor(t / 0.1 + 1e-9)))];
    expect(kept).toHaveLength(50);
    expect(kept.map(r => r.t).slice(0, 3)).toEqual([0, 0.1, 0.2]);
  });
  test('but a steady value is read again at each refresh: a steady load is no gap', () => {
    const kept = [...refreshes(polled(0.01, 2000, t => (t < 10 ? 300 + Math.floor(t / 0.1 + 1e-9) : 72)))];
    const late = kept.filter(r => r.t > 11);
    expect(late.length).toBeGreaterThan(50);
    expect(Math.max(...late.slice(1).map((r, i) => r.t - late[i]!.t))).toBeLessThan(0.2);
  });
});

test('a meter read as often as it refreshes keeps every reading, equal neighbours too', () =>
  expect(refreshes(polled(1, 100, t => Math.floor(t / 1.3)))).toHaveLength(100));
test('readings come in order, one for each moment, without what is no number', () =>
  expect([
    ...inOrder([
      { t: 2, value: 1 },
      { t: 1, value: 3 },
      { t: 2, value: 9 },
      { t: 3, value: Number.NaN },
    ]),
  ]).toEqual([
    { t: 1, value: 3 },
    { t: 2, value: 1 },
  ]));
