import { expect, test } from 'vitest';
import { copy, devicesOf, type Iteration, iterationOf } from '#test/pipeline/iteration-sample';
import { schedulesOf } from './schedule.ts';

const MS = 1_000_000;
type Context = Parameters<typeof schedulesOf>[1];

/** Iterations one after the other on the same two GPUs. */
function schedules(iterations: readonly Iteration[], transfers: Context['transfers'] = []) {
  const all = { ...iterations[0]!, operations: iterations.flatMap(i => i.operations) };
  const context = { devices: devicesOf(all), transfers, messages: [], named: new Map(), origin: 0, links: undefined, delayModel: {} };
  return schedulesOf(iterations, context);
}
const EVEN = ['F0 0-10, F1 10-20, B0 50-70, B1 70-90', 'F0 10-20, F1 20-30, B0 30-50, B1 50-70'];
/** With copies of 5 ms that nothing hides, 1000 ms later. */
const COPIED = ['F0 1000-1010, F1 1010-1020, B0 1060-1080, B1 1080-1100', 'F0 1015-1025, F1 1025-1035, B0 1035-1055, B1 1055-1075'];
const COPIES = [copy(0, 1, 1010, 1015), copy(0, 1, 1020, 1025), copy(1, 0, 1055, 1060), copy(1, 0, 1075, 1080)].map(c =>
  copy(Number(c.from.slice(2)), Number(c.to.slice(2)), c.start * MS, c.end * MS, { bytes: 1e6 }),
);

test('iterations of one schedule make one entry, in milliseconds, with means over them', () => {
  const [s, ...others] = schedules([iterationOf(EVEN, MS), iterationOf(COPIED, MS)], COPIES);
  expect(others).toEqual([]);
  expect(s).toMatchObject({ name: 'gpipe', label: null, p: 2, m: 2, v: 1, iterations: 2, departures: [] });
  expect(s?.iteration_ms).toEqual([90, 100]);
  expect(s?.ideal_ms).toBeCloseTo(60, 9);
  // Without what hand-offs cost both take 90 ms.
  expect(s?.simulated_ms).toBeCloseTo(90, 9);
  // 2 x 100 - 1.5 x 120 = 20 ms in one of two iterations.
  expect(s?.excess_ms).toBeCloseTo(10, 9);
  expect(s?.excess.filter(e => Math.abs(e.ms) > 1e-9)).toEqual([{ why: 'exposed-copy', ms: expect.closeTo(10, 9) }]);
});

test('its hand-offs are those that were seen, beside as many as theory has', () => {
  const [s] = schedules([iterationOf(COPIED, MS)], COPIES);
  // 2 m (p - 1) = 4, each of 1 MB in 5 ms.
  expect(s?.handoffs).toMatchObject({ count: 4, expected: 4, bytes: 1e6, median_us: 5000, staged: 0, gbps: expect.closeTo(0.2, 9) });
  expect(s?.gantt.handoffs.map(h => [h.from_rank, h.to_rank, h.microbatch, h.kind, h.start_ms, h.end_ms])).toContainEqual([
    0,
    1,
    0,
    'F',
    1010,
    1015,
  ]);
  expect(s?.gantt.operations).toHaveLength(8);
});

test('an order of its own, a label of its own: another entry', () => {
  const other = iterationOf(
    ['F0 2000-2010, B0 2020-2030, F1 2030-2040, B1 2050-2060', 'F0 2010-2015, B0 2015-2020, F1 2040-2045, B1 2045-2050'],
    MS,
  );
  const named = {
    ...iterationOf(
      EVEN.map(line => line.replaceAll(/(\d+)-(\d+)/g, (_, a, b) => `${Number(a) + 3000}-${Number(b) + 3000}`)),
      MS,
    ),
    label: 'again',
  };
  const found = schedules([iterationOf(EVEN, MS), other, named]);
  expect(found.map(s => [s.label, s.iterations])).toEqual([
    [null, 1],
    [null, 1],
    ['again', 1],
  ]);
  expect(found[0]?.name).toBe('gpipe');
  expect(found[1]?.name).not.toBe('gpipe');
});

test('phases are those of the middle iteration, stage by stage', () => {
  const [s] = schedules([iterationOf(EVEN, MS)]);
  expect(s?.phases).toEqual([
    { stage: 0, phase: 'warmup', start_ms: 0, end_ms: 20, forwards: 2, backwards: 0 },
    { stage: 0, phase: 'cooldown', start_ms: 50, end_ms: 90, forwards: 0, backwards: 2 },
    { stage: 1, phase: 'warmup', start_ms: 10, end_ms: 30, forwards: 2, backwards: 0 },
    { stage: 1, phase: 'cooldown', start_ms: 30, end_ms: 70, forwards: 0, backwards: 2 },
  ]);
});
