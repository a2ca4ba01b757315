import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { waitFor } from './wait.ts';

const never = new Promise(() => {});

test('it ends when the time is up', async () => {
  vi.useFakeTimers();
  try {
    let ended: string | undefined;
    const waiting = waitFor(5, [{ why: 'never', when: never }]).then(why => {
      ended = why;
    });
    await vi.advanceTimersByTimeAsync(4999);
    expect(ended).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(ended).toBe('time');
  } finally {
    vi.useRealTimers();
  }
});

test('it ends with the first of those that may end it', async () => {
  const enders = [
    { why: 'late', when: never },
    { why: 'early', when: sleep(20) },
  ];
  expect(await waitFor(undefined, enders)).toBe('early');
});

test('what is over already wins over no time at all', async () => {
  expect(await waitFor(0, [{ why: 'over', when: Promise.resolve() }])).toBe('over');
  expect(await waitFor(0, [{ why: 'never', when: never }])).toBe('time');
});

test('of two that are over, the one named first counts', async () => {
  const over = Promise.resolve();
  expect(
    await waitFor(1, [
      { why: 'interrupted', when: over },
      { why: 'workload', when: over },
    ]),
  ).toBe('interrupted');
});
