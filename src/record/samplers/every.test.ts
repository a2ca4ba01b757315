import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { every } from './every.ts';

const STEP_MS = 20;
/** A clock of our own: what this machine does meanwhile is no business of these tests. */
let nowMs = 0;
function pass(ms: number): void {
  for (const end = nowMs + ms; nowMs < end; ) {
    nowMs += 1;
    vi.advanceTimersByTime(1);
  }
}

beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a tick that is held up is skipped, not made up for, and those after it stay on their times', () => {
  const times: number[] = [];
  const stop = every(STEP_MS, () => {
    times.push(nowMs);
    if (times.length === 2) nowMs = 7.5 * STEP_MS;
  });
  pass(13 * STEP_MS);
  stop();
  pass(3 * STEP_MS);
  expect(times.map(t => t / STEP_MS)).toEqual([1, 2, 8, 9, 10, 11, 12, 13]);
});

test('it can be stopped from within a tick', () => {
  let ticks = 0;
  const stop = every(STEP_MS, () => {
    ticks += 1;
    stop();
  });
  pass(4 * STEP_MS);
  expect(ticks).toBe(1);
});
