import { describe, expect, test } from 'vitest';
import type { ActivityStretch } from '#trace/events/thread-activity';
import { LEAST_WAIT_NS } from './limits.ts';
import { OFF_CPU, offTheCpu } from './off-the-cpu.ts';
import { onCpuOf } from './scheduler.ts';
import { US } from './threads.test-data.ts';

const OWN: ActivityStretch = { start: 1000 * US, end: 2000 * US, activity: 'own-code', call: '' };
/** The stretch, where its thread was on a CPU in these µs: what it did from when until when, µs. */
const split = (...on: readonly (readonly [number, number])[]) => {
  const t = on.flatMap(([from, to]) => [from * US, to * US]);
  const stretches = offTheCpu(
    OWN,
    onCpuOf(
      t,
      on.flatMap(() => [1, 0]),
    ),
  );
  return stretches.map(s => [s.activity, s.call, s.start / US, s.end / US]);
};
const own = (from: number, to: number) => ['own-code', '', from, to];
const off = (from: number, to: number) => ['wait', OFF_CPU, from, to];

describe('own code', () => {
  test('is what it was where the thread was on a CPU throughout', () => {
    expect(split([0, 3000])).toEqual([own(1000, 2000)]);
    expect(split([1000, 2000])).toEqual([own(1000, 2000)]);
  });
  test('is a wait where it was on none', () => {
    expect(split([0, 500], [2500, 3000])).toEqual([off(1000, 2000)]);
    expect(split([0, 1000], [2000, 3000])).toEqual([off(1000, 2000)]);
  });
  test('is a wait while it was off, in the middle or on either side', () => {
    expect(split([0, 1300], [1600, 3000])).toEqual([own(1000, 1300), off(1300, 1600), own(1600, 2000)]);
    expect(split([0, 500], [1600, 3000])).toEqual([off(1000, 1600), own(1600, 2000)]);
    expect(split([0, 1600], [2500, 3000])).toEqual([own(1000, 1600), off(1600, 2000)]);
  });
  test('is a wait each time that it was off', () =>
    expect(split([1100, 1200], [1500, 1700])).toEqual([
      off(1000, 1100),
      own(1100, 1200),
      off(1200, 1500),
      own(1500, 1700),
      off(1700, 2000),
    ]));
  test('goes on over moments off the CPU that are too short to matter', () => {
    const least = LEAST_WAIT_NS / US;
    expect(split([0, 1300], [1300 + least, 3000])).toEqual([own(1000, 1300), off(1300, 1300 + least), own(1300 + least, 2000)]);
    expect(split([0, 1300], [1299 + least, 3000])).toEqual([own(1000, 2000)]);
    // As much of it as lies in the stretch.
    expect(split([0, 500], [999 + least, 3000])).toEqual([own(1000, 2000)]);
  });
  test('is all a wait of a thread that never was on a CPU', () => expect(split()).toEqual([off(1000, 2000)]));
});
