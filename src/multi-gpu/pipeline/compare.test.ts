import { expect, test } from 'vitest';
import { comparePipelines } from './compare.ts';

const schedule = (...iteration_ms: readonly number[]) => ({
  ...{ name: '1f1b' as const, label: null, p: 2, m: 4, iterations: iteration_ms.length, iteration_ms: [...iteration_ms] },
  ...{ bubble: [], excess: [], handoffs: { bytes: null, gbps: null, staged: 0 } },
});
const speedup = (before: readonly number[], after: readonly number[]) =>
  comparePipelines({ schedules: [schedule(...before)] }, { schedules: [schedule(...after)] }).map(c => c.speedup);

test('twice as long is half as fast', () => expect(speedup([10, 10], [20, 20])).toEqual([0.5]));
test('work that took no time is not compared', () => {
  expect(speedup([0, 0], [0, 0])).toEqual([]);
  expect(speedup([10, 10], [0, 10])).toEqual([]);
  expect(comparePipelines(null, { schedules: [schedule(0, 0), schedule(0, 0)] })).toEqual([]);
});

test('where launches are late on both sides for longer than theory has to gain, hosts are compared and not schedules', () => {
  const side = (late_ms: number, theory_share: number) => ({
    ...schedule(10, 10),
    bubble: [
      {
        ...{ stage: 0, device: 'GPU 0', measured_share: 0.3, measured_share_range: [0.3, 0.3] as [number, number], measured_overhead: 0.4 },
        ...{ theory_share, simulated_share: 0.1, idle_ms: 2, exposed_communication_ms: 0, peak_microbatches: 1, compute_ms: 8 },
      },
    ],
    excess: [{ why: 'launch-starvation' as const, ms: late_ms }],
  });
  const hostBound = (before: [number, number], after: [number, number]) =>
    comparePipelines({ schedules: [side(...before)] }, { schedules: [side(...after)] })[0]?.differences.filter(
      d => d.what === 'host-bound',
    );
  // Of 20 ms of device time 2 and 1.2 ms: a tenth and 6 %, where theory has 5 points to gain.
  expect(hostBound([2, 0.11], [1.2, 0.06])).toEqual([{ what: 'host-bound', shares: [0.1, 0.06] }]);
  expect(hostBound([2, 0.11], [0.8, 0.06])).toEqual([]);
  expect(hostBound([0, 0.11], [2, 0.11])).toEqual([]);
  expect(hostBound([0.1, 0.11], [0.1, 0.11])).toEqual([]);
});
