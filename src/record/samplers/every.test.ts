import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { every } from './every.ts';

const STEP = 20;

test('a tick that is held up is skipped, not made up for, and those after it stay on their times', async () => {
  const begun = performance.now();
  const times: number[] = [];
  const stop = every(STEP, () => {
    times.push(performance.now() - begun);
    if (times.length === 2) while (performance.now() - begun < 7.5 * STEP) {}
  });
  await sleep(15 * STEP);
  stop();
  const count = times.length;
  expect(count).toBeGreaterThan(3);
  expect(count).toBeLessThanOrEqual(11);
  expect(times[2]).toBeGreaterThan(7.5 * STEP);
  await sleep(3 * STEP);
  expect(times.length).toBe(count);
});

test('it can be stopped from within a tick', async () => {
  let ticks = 0;
  const stop = every(5, () => {
    ticks += 1;
    stop();
  });
  await sleep(40);
  expect(ticks).toBe(1);
});
