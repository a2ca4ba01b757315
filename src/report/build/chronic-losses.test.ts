import { expect, test } from 'vitest';
import { BUCKETS, type Bucket } from '#diagnosis/steps/buckets';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { chronicLosses } from './chronic-losses.ts';

const MS = 1e6;

/** Four plain steps of 11 ms that usually lose so many ms each to some buckets. */
function steps(usual: Readonly<Partial<Record<Bucket, number>>>): EngineSteps {
  const values = new Float64Array(4);
  const normal = { median: 11 * MS, sigma: 0, limit: 11 * MS };
  const losses = { buckets: BUCKETS.map(b => (usual[b] ?? 0) * MS), beyond: normal, extreme: 0 };
  return {
    ...{ n: 4, start: values, end: values, inUse: values, longestStretch: new Map(), duration: new Float64Array(4).fill(11 * MS) },
    ...{ buckets: BUCKETS.map(() => values), kind: new Uint8Array(4), stampErrorNs: 0 },
    normal: { duration: normal, losses: [losses, losses], work: { plain: normal, usual: 10 * MS, fence: 100 * MS }, pause: 0 },
  };
}
const found = (usual: Readonly<Partial<Record<Bucket, number>>>) => chronicLosses([{ steps: steps(usual) }]).map(f => f.id);

test('a cause that makes every step a tenth longer than it would be without is a finding, and less is not', () => {
  expect(found({ 'clock-throttle': 1 })).toEqual(['chronic-clock-throttle']);
  expect(found({ 'clock-throttle': 0.9 })).toEqual([]);
  expect(found({ 'gpu-contention': 4, 'clock-throttle': 2 })).toEqual(
    expect.arrayContaining(['chronic-gpu-contention', 'chronic-clock-throttle']),
  );
});
test('idle time is told elsewhere, and without steps nothing is', () => {
  expect(found({ 'host-compute': 5 })).toEqual([]);
  expect(chronicLosses([{ steps: undefined }])).toEqual([]);
});
test('it says what a step would take without it', () =>
  expect(chronicLosses([{ steps: steps({ 'gpu-contention': 1 }) }])[0]?.detail).toContain(
    'without it, it would take 10 ms, and is 10 % longer',
  ));
