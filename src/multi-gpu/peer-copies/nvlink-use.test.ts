import { expect, test } from 'vitest';
import { nvlinkShares } from './nvlink-use.ts';

const counter = (name: string, mean: number, facts: { gpu?: number; least?: number; most?: number } = {}) => ({
  gpu: 0,
  name: `NVLink ${name} User Data [Throughput %]`,
  samples: 10,
  percent_sum: mean * 10,
  least: 0,
  most: mean,
  ...facts,
});

test('writes and reads of a direction add up; the busier direction counts', () => {
  const use = nvlinkShares([
    counter('TX Requests', 10),
    counter('TX Responses', 20),
    counter('RX Requests', 5),
    counter('RX Responses', 0),
  ]);
  expect(use.gpus).toEqual([{ gpu: 'GPU 0', share: 0.3, peak: 0.3 }]);
});
test('GPUs are averaged', () =>
  expect(nvlinkShares([counter('TX Requests', 10), counter('TX Requests', 30, { gpu: 1 })]).share).toBeCloseTo(0.2));
test('a counter that never leaves 100 % is that of a link that is not active', () => {
  const use = nvlinkShares([counter('TX Requests', 100, { least: 100 })]);
  expect(use.share).toBeNull();
});
test('no counters, no share', () => expect(nvlinkShares([])).toMatchObject({ share: null, gpus: [] }));
