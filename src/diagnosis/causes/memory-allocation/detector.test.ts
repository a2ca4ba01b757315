import { describe, expect, test } from 'vitest';
import { contextOf, gapOf, queued, starved } from '../losses.test-data.ts';
import detector from './detector.ts';

const attribution = (loss: Parameters<NonNullable<typeof detector.attributeLoss>>[0]) => detector.attributeLoss?.(loss, contextOf());
const between = (memory: number) => starved('own-code', '', gapOf({ memory, 'own-code': 300 - memory }));

describe('clear', () => {
  test('a thread in its own code', () => expect(attribution(starved('own-code'))).toBeUndefined());
  test('a thread in a synchronisation', () => expect(attribution(starved('sync', 'cudaDeviceSynchronize'))).toBeUndefined());
  test('queued work', () => expect(attribution(queued(1, true))).toBeUndefined());
});

test('found: a starved thread in an allocating call, by that call', () => {
  expect(attribution(starved('memory', 'cudaHostRegister'))).toEqual({ subject: 'cudaHostRegister', confidence: 'high' });
});

test('code between allocations counts when they fill a third of the time awake: it touches the new pages', () => {
  expect(attribution(between(100))).toEqual({ subject: 'between allocations', confidence: 'high' });
  expect(attribution(between(99))).toBeUndefined();
});
