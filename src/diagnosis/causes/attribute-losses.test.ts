import { expect, test } from 'vitest';
import { attributeWork } from '#diagnosis/steps/long-work';
import type { Cause } from '#schema/causes';
import { attributeLosses } from './attribute-losses.ts';
import type { Detector } from './define.ts';
import { contextOf, MS, queued, starved } from './losses.test-data.ts';

const detectorOf = (cause: Cause, precedence: number, subject = 'it'): Detector => ({
  cause,
  why: '',
  needs: [],
  precedence,
  attributeLoss: loss => (loss.kind === 'starved' ? { subject, confidence: 'high' } : undefined),
  attributeWork: work => (work.excess > MS ? { subject, confidence: 'low' } : undefined),
});
const both = [detectorOf('host-compute', 90, 'general'), detectorOf('storage-io', 50, 'specific')];

test('the most specific attribution wins, whatever the order of detectors', () => {
  for (const detectors of [both, both.toReversed()])
    expect(attributeLosses([starved('own-code')], detectors, contextOf())[0]).toMatchObject({
      cause: 'storage-io',
      attribution: { subject: 'specific' },
    });
});

test('what a more specific cause cannot tell makes the general one unsure', () => {
  const [general] = both;
  const open = (isOpen: boolean): Detector => ({
    cause: 'input-wait',
    why: '',
    needs: [],
    precedence: 55,
    attributeLoss: () => undefined,
    mayBe: () => isOpen,
  });
  const confidence = (isOpen: boolean) =>
    attributeLosses([starved('own-code')], [general as Detector, open(isOpen)], contextOf())[0]?.attribution?.confidence;
  expect([confidence(true), confidence(false)]).toEqual(['low', 'high']);
  expect(
    attributeLosses([starved('own-code')], [...both, { ...open(true), precedence: 99 }], contextOf())[0]?.attribution?.confidence,
  ).toBe('high');
});

test('a loss that nobody attributes keeps its time and has no cause', () => {
  expect(attributeLosses([queued(MS, false)], both, contextOf())).toMatchObject([
    { start: 0, end: MS, cause: undefined, attribution: undefined },
  ]);
});

test('every loss is answered, in order', () => {
  expect(attributeLosses([queued(1, false), starved('own-code'), queued(2, true)], both, contextOf()).map(c => c.loss.kind)).toEqual([
    'queued',
    'starved',
    'queued',
  ]);
});

test('a detector that attributes no losses is not asked', () => {
  expect(
    attributeLosses([starved('own-code')], [{ cause: 'queueing', why: '', needs: [], precedence: 1 }], contextOf())[0]?.cause,
  ).toBeUndefined();
});

test('extra work goes to the most specific attribution too, or is unexplained', () => {
  const work = {
    start: 0,
    end: 9,
    excess: 2 * MS,
    slowLimit: 1,
    computing: 9,
    usual: 1,
    lockstepShare: 0,
    communicationShare: 0,
    longestKernel: 'k',
  };
  expect(attributeWork(work, both, contextOf())).toEqual({ cause: 'storage-io', attribution: { subject: 'specific', confidence: 'low' } });
  expect(attributeWork({ ...work, excess: MS }, both, contextOf())).toEqual({ cause: 'unexplained', attribution: undefined });
});
