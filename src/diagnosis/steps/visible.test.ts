import { describe, expect, test } from 'vitest';
import { BUCKETS, type Bucket } from './buckets.ts';
import type { EngineSteps } from './engine-steps.ts';
import { visibleCauses } from './visible.ts';

const MS = 1e6;
const STEPS = 10;

/** Ten steps of 5 ms; what some of them lost to each cause, ms, and the most that steps lose by chance. */
function steps(
  lost: Partial<Record<Bucket, readonly number[]>>,
  extremeMs = 0,
  usualMs: Partial<Record<Bucket, number>> = {},
): EngineSteps {
  const losses = { buckets: BUCKETS.map(b => (usualMs[b] ?? 0) * MS), beyond: { median: 0, sigma: 0, limit: 0 }, extreme: extremeMs * MS };
  return {
    n: STEPS,
    start: Float64Array.from({ length: STEPS }, (_, i) => 5 * i * MS),
    end: Float64Array.from({ length: STEPS }, (_, i) => 5 * (i + 1) * MS),
    duration: new Float64Array(STEPS).fill(5 * MS),
    inUse: Float64Array.from({ length: STEPS }, (_, i) => 5 * i * MS),
    buckets: BUCKETS.map(b => Float64Array.from({ length: STEPS }, (_, i) => (lost[b]?.[i] ?? 0) * MS)),
    longestStretch: new Map(),
    kind: new Uint8Array(STEPS),
    stampErrorNs: 0,
    normal: {
      duration: { median: 5 * MS, sigma: 0, limit: 5 * MS },
      losses: [losses, losses],
      work: { plain: { median: 0, sigma: 0, limit: 0 }, usual: 0, fence: Number.POSITIVE_INFINITY },
      pause: 0,
    },
  };
}

describe('what could be seen of a cause', () => {
  test('is no finer than the least delay that counts', () => {
    expect(visibleCauses([steps({}, 3)])?.get('storage-io')?.aboveMs).toBe(10);
  });
  test('is no finer than what steps lose by chance', () => {
    expect(visibleCauses([steps({}, 14)])?.get('storage-io')?.aboveMs).toBe(14);
  });
  test('is not hidden by the noise of one step where many steps are slowed a little', () => {
    expect(visibleCauses([steps({}, 14)])?.get('gpu-contention')?.aboveMs).toBe(10);
  });
  test('of several lanes is what the noisiest of them shows', () => {
    expect(visibleCauses([steps({}, 14), steps({}, 30)])?.get('storage-io')?.aboveMs).toBe(30);
  });
  test('is unknown without steps', () => {
    expect(visibleCauses([])).toBeUndefined();
  });
});

test('what a cause took is told in all, as a share of the time, and beyond the usual of one step', () => {
  const seen = visibleCauses([steps({ 'storage-io': [1, 1, 3] }, 0, { 'storage-io': 1 })])?.get('storage-io');
  expect(seen).toMatchObject({ lostMs: 5, share: 0.1, mostMs: 2 });
});
