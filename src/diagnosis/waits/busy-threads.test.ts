import { describe, expect, test } from 'vitest';
import { busyThroughout } from './busy-threads.ts';
import { threadEdges } from './edge-trains.ts';
import { ALL_THE_TIME } from './limits.ts';
import { onCpuOf } from './scheduler.ts';
import { call, type MadeUpCall, MS, madeUp } from './threads.test-data.ts';

type Stretch = readonly [from: number, to: number];
const edgesOf = (calls: readonly MadeUpCall[]) => {
  const host = madeUp([{ calls }]);
  return threadEdges(host.callsOf(0), host.nameOf);
};
/** Whether a thread that stood in poll in these ms of a trace of 10,000 ms was busy from when to when. */
const byCalls = (waits: readonly Stretch[], [from, to]: Stretch, name = 'poll') =>
  busyThroughout(edgesOf(waits.map(([a, b]) => call(name, a * MS, b * MS))), undefined, 0, 10_000 * MS)(from * MS, to * MS);
/** The same of one that was on a CPU in these ms. */
const byCpu = (on: readonly Stretch[], [from, to]: Stretch) => {
  const cpu = onCpuOf(
    on.flatMap(([a, b]) => [a * MS, b * MS]),
    on.flatMap(() => [1, 0]),
  );
  return busyThroughout(edgesOf([]), cpu, 0, 10_000 * MS)(from * MS, to * MS);
};
/** It waits all the time but from 1000 to 1100. */
const ONCE: readonly Stretch[] = [
  [0, 1000],
  [1100, 10_000],
];

describe('a thread was busy all of the time', () => {
  test('where it stood in no call that waits', () => {
    expect(byCalls(ONCE, [1000, 1100])).toBe(true);
    expect(byCalls(ONCE, [1020, 1080])).toBe(true);
    expect(byCalls(ONCE, [1000, 1200])).toBe(false);
  });
  test('but for a twentieth, which it takes to begin and to hand over', () => {
    const most = 100 / ALL_THE_TIME;
    expect(byCalls(ONCE, [1000, 1000 + Math.floor(most)])).toBe(true);
    expect(byCalls(ONCE, [1000, 1000 + Math.ceil(most)])).toBe(false);
  });
  test('copying as well: a thread that copies is at work', () => {
    const copy = call('cudaMemcpy', 1000 * MS, 1100 * MS);
    const edges = edgesOf([call('poll', 0, 1000 * MS), copy, call('poll', 1100 * MS, 10_000 * MS)]);
    expect(busyThroughout(edges, undefined, 0, 10_000 * MS)(1000 * MS, 1100 * MS)).toBe(true);
  });
  test('where its waits are recorded at all: before it and after', () => {
    expect(byCalls([[0, 1000]], [1000, 1100])).toBe(false);
    expect(byCalls([[1100, 10_000]], [1000, 1100])).toBe(false);
    expect(byCalls([], [1000, 1100])).toBe(false);
  });
  test('only where that is unusual: one window in twenty', () => {
    /** Waits of 50 ms, and between them so many stretches of 100 ms of work, in the rest of the time none. */
    const often = (n: number): readonly Stretch[] => {
      const busy = Array.from({ length: n }, (_, k): Stretch => [1000 + 400 * k, 1100 + 400 * k]);
      return [0, ...busy.map(b => b[1])].map((from, k): Stretch => [from, busy[k]?.[0] ?? 10_000]);
    };
    expect(byCalls(often(1), [1010, 1090])).toBe(true);
    expect(byCalls(often(20), [1010, 1090])).toBe(true);
    // As long as half of them: it is as busy in a tenth of all windows.
    expect(byCalls(often(20), [1025, 1075])).toBe(false);
  });
  test('never for no time', () => {
    expect(byCalls(ONCE, [1050, 1050])).toBe(false);
    expect(byCalls(ONCE, [1080, 1020])).toBe(false);
  });
});

describe('where the scheduler says so, a thread was busy', () => {
  test('while it was on a CPU, though it makes no calls', () => {
    expect(byCpu([[1000, 1100]], [1000, 1100])).toBe(true);
    expect(byCpu([[1000, 1100]], [1000, 1106])).toBe(false);
  });
  test('only where that is unusual', () => expect(byCpu([[1000, 9000]], [1000, 1100])).toBe(false));
});
