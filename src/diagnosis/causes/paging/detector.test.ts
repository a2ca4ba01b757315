import { describe, expect, test } from 'vitest';
import { contextOf, queued, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const faulting = contextOf({ paging: () => '23750 major page faults a second' });
const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0], context = faulting) =>
  detector.attributeLoss?.(loss, context);

describe('clear', () => {
  test('own code on a host that does not page', () => expect(attribution(starved('own-code'), contextOf())).toBeUndefined());
  test('a wait while the host pages: the thread is not the one that faults', () => {
    expect(attribution(starved('wait', 'sem_wait'))).toBeUndefined();
  });
  test('a read while the host pages', () => expect(attribution(starved('storage', 'read'))).toBeUndefined());
  test('queued work', () => expect(attribution(queued(1, false))).toBeUndefined());
});

test('found: own code while the host pages, by what was counted', () => {
  expect(attribution(starved('own-code'))).toEqual({ subject: '23750 major page faults a second', confidence: 'medium' });
});

test('it asks about the stretch in question, not about the whole gap', () => {
  const asked: number[] = [];
  const context = contextOf({
    paging: (from, to) => {
      asked.push(from, to);
      return undefined;
    },
  });
  attribution({ ...starved('own-code'), start: 3, end: 7 }, context);
  expect(asked).toEqual([3, 7]);
});

test('without host samples it cannot tell', () => expect(detector.needs).toContain('host samples'));
