import { describe, expect, test } from 'vitest';
import { BUCKETS, type Bucket } from '#diagnosis/steps/buckets';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { endToEnd, judgedCause } from './facts.test-data.ts';
import { findingsOf, hostBoundOf } from './findings.ts';

const MS = 1e6;

const boundOf = (...lanes: readonly (EngineSteps | undefined)[]) =>
  hostBoundOf(
    lanes.map(l => ({ steps: l, attributed: [] })),
    true,
  );

/** Two steps of 10 ms that spend so many ms each in some buckets. */
function steps(each: Readonly<Partial<Record<Bucket, number>>>): EngineSteps {
  const values = new Float64Array(2);
  const usual = { median: 10 * MS, sigma: 0, limit: 10 * MS };
  const losses = { buckets: [], beyond: usual, extreme: 0 };
  return {
    ...{ n: 2, start: values, end: values, inUse: values, longestStretch: new Map(), duration: Float64Array.of(10 * MS, 10 * MS) },
    buckets: BUCKETS.map(b => Float64Array.of((each[b] ?? 0) * MS, (each[b] ?? 0) * MS)),
    kind: new Uint8Array(2),
    stampErrorNs: 0,
    normal: { duration: usual, losses: [losses, losses], work: { plain: usual, usual: 10 * MS, fence: 100 * MS }, pause: 0 },
  };
}

describe('a lane is host-bound', () => {
  test('from half of its time on that it waited for the host, and the cause with most of it is named', () => {
    const found = boundOf(steps({ 'host-compute': 4, 'host-blocked': 1, work: 5 }));
    expect(found).toMatchObject({ share: 0.5, cause: 'host-compute' });
    expect(found?.sentence).toContain(
      '50 % of the time with requests in flight the GPU waited for the host: for 40 % of the time, host computing',
    );
    expect(found?.sentence).toContain('a normal step takes 10 ms');
  });
  test('not below, not by waits of the GPU itself, and not without steps', () => {
    expect(boundOf(steps({ 'host-compute': 4.9, work: 5.1 }))).toBeUndefined();
    expect(boundOf(steps({ 'gpu-contention': 9, work: 1 }))).toBeUndefined();
    expect(boundOf(undefined)).toBeUndefined();
    expect(boundOf()).toBeUndefined();
  });
  test('of several the one that waited the most is told', () => {
    const lanes = [steps({ 'host-compute': 5, work: 5 }), undefined, steps({ 'host-blocked': 8, work: 2 }), steps({ work: 10 })];
    expect(boundOf(...lanes)).toMatchObject({ share: 0.8, cause: 'host-blocked' });
  });
});

describe('a finding', () => {
  const severityOf = (upper: number, share: number, all: number) =>
    findingsOf([judgedCause('storage-io', { share, p99_without_ms: { lower: 0, upper } })], endToEnd(100), { upper: all }, undefined)[0]
      ?.severity;
  test.each([
    [80, 0, 100, 'high'],
    [80.1, 0, 100, 'medium'],
    [95, 0, 100, 'medium'],
    [95.1, 0, 100, 'low'],
  ])('p99 of 100 ms would have been %s ms without the cause: %s, %s, %s', (upper, share, all, severity) =>
    expect(severityOf(upper, share, all)).toBe(severity),
  );
  test('of equal causes that hide one another has its share of what all would gain', () => {
    expect(severityOf(100, 0.5, 60)).toBe('high');
    expect(severityOf(100, 0.5, 61)).toBe('medium');
  });
  test('says what it accounts for, and what to do', () =>
    expect(findingsOf([judgedCause('storage-io', { share: 0.004, excess_ms: 0.04 })], endToEnd(100), undefined, undefined)).toMatchObject([
      {
        title: 'Storage on the launch path: about storage-io',
        advice: 'Mend it.',
        detail: expect.stringMatching(
          /It accounts for 0\.4 % of the time lost \(0\.040 ms\); p99 without it would have been 80 to 90 ms\.$/,
        ),
      },
    ]));
  test('about the host stands first', () => {
    const bound = { share: 0.6, cause: 'host-compute' as const, sentence: 'Host-bound.' };
    expect(findingsOf([judgedCause('storage-io')], endToEnd(100), undefined, bound).map(f => [f.id, f.severity])).toEqual([
      ['host-bound', 'high'],
      ['storage-io', 'medium'],
    ]);
  });
});
