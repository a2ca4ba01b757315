import { expect, test } from 'vitest';
import { wasIdle } from './settle.ts';

const LIMITS = { disk_busy_pct: 10, cpu_busy_pct: 30 };
const before = { at_ms: 0, ticks: 0, idleTicks: 0, busyMs: [0, 0] };
const after = (idleTicks: number, busyMs: number[]) => ({ at_ms: 1000, ticks: 200, idleTicks, busyMs });

test('idle is at most so much of processors and of each disk', () => {
  expect(wasIdle(before, after(140, [100, 0]), LIMITS)).toBe(true);
  expect(wasIdle(before, after(139, [0, 0]), LIMITS)).toBe(false);
  expect(wasIdle(before, after(200, [0, 101]), LIMITS)).toBe(false);
});
