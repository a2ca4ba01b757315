import { describe, expect, test } from 'vitest';
import type { Loss } from '#diagnosis/lanes/loss';
import { contextOf, MS, queued, slow, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const KEPT = { name: 'pt_data_pin', call: 'poll' };
const workerBehind = () => undefined;
const NAMED = { isUnnamed: () => false, mayHaveKept: () => false };
const empty = contextOf({}, { loader: { ...NAMED, nameOf: () => undefined, keptWaiting: () => KEPT, workerBehind } });
const named = contextOf(
  {},
  { loader: { ...NAMED, nameOf: t => (t === 9 ? 'pt_data_worker' : undefined), keptWaiting: () => undefined, workerBehind } },
);
const attribution = (loss: Loss, context = empty) => detector.attributeLoss?.(loss, context);
const led = (root: number, activity: 'own-code' | 'storage', call = ''): Loss => ({
  ...starved(activity, call),
  root,
  via: [{ thread: 1, call: 'poll', rule: 'late' }],
});

describe('clear', () => {
  test('a wait beside which the loader had data, or there is none', () =>
    expect(attribution(starved('wait', 'sem_clockwait'), contextOf())).toBeUndefined());
  test('a thread that computes, or copies, does not wait for data', () =>
    expect([attribution(starved('own-code')), attribution(starved('copy'))]).toEqual([undefined, undefined]));
  test('the GPU’s own losses', () => expect([attribution(slow()), attribution(queued(MS, false))]).toEqual([undefined, undefined]));
  test('a wait that leads to a thread that is no loader’s', () => expect(attribution(led(8, 'own-code'), named)).toBeUndefined());
});

describe('found', () => {
  test('a wait that ended when the loader had data again', () =>
    expect(attribution(starved('wait', 'sem_clockwait'))).toEqual({
      subject: 'sem_clockwait, while pt_data_pin sat in poll',
      confidence: 'medium',
    }));
  test('a wait that leads to a worker: what it did is said', () => {
    expect(attribution(led(9, 'storage', 'read'), named)).toEqual({ subject: 'pt_data_worker: read', confidence: 'high' });
    expect(attribution(led(9, 'own-code'), named)).toEqual({ subject: 'pt_data_worker: its own code', confidence: 'high' });
  });
});

test('the worker process behind the loader is named with what it did, which makes it sure', () => {
  const loader = { ...empty.loader, workerBehind: () => ({ pid: 42, activity: 'storage' as const, call: 'read' }) };
  expect(attribution(starved('wait', 'sem_clockwait'), contextOf({}, { loader }))).toEqual({
    subject: 'sem_clockwait, while pt_data_pin sat in poll; worker process 42 was in read (storage)',
    confidence: 'high',
  });
  const pin = contextOf({}, { loader: { ...loader, nameOf: () => 'pt_data_pin' } });
  const led: Loss = { ...starved('wait', 'poll'), root: 9, via: [{ thread: 1, call: 'sem_clockwait', rule: 'late' }] };
  expect(attribution(led, pin)?.subject).toBe('pt_data_pin: poll; worker process 42 was in read (storage)');
});

describe('a loss that may be its own all the same', () => {
  const mayBe = (loss: Loss, loader: Partial<typeof NAMED>) =>
    detector.mayBe?.(loss, contextOf({}, { loader: { ...named.loader, ...NAMED, ...loader } }));
  const isUnnamed = () => true;
  const mayHaveKept = () => true;
  test('leads to a thread without a name', () => {
    expect(mayBe(led(8, 'own-code'), { isUnnamed })).toBe(true);
    expect(mayBe(led(8, 'own-code'), {})).toBe(false);
  });
  test('is a wait beside a thread without a name that had nothing to give', () => {
    expect(mayBe(starved('wait', 'sem_wait'), { mayHaveKept })).toBe(true);
    expect(mayBe(starved('wait', 'sem_wait'), {})).toBe(false);
  });
  test('is not the launching thread’s own doing, nor one of the GPU', () => {
    const all = { isUnnamed, mayHaveKept };
    expect([mayBe(starved('own-code'), all), mayBe(slow(), all)]).toEqual([false, false]);
  });
});
