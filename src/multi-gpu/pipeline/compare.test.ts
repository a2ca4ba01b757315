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
