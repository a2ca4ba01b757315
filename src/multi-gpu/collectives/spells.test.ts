import { expect, test } from 'vitest';
import { MS, options, recordingsOf, US } from '#test/collectives-sample';
import { analyzeCollectives } from './analyze-collectives.ts';

/** Two ranks, 2,000 collectives, in every tenth of which one or the other is 0.2 ms late; from the 1,000th on rank 1 is late by so much in each of 60. */
function analyzed(ns: number, count = 60) {
  const late = Array.from({ length: count }, (_, k) => ({ rank: 1, step: 1000 + k, ns, fault: 'neighbour' as const }));
  const hiccups = Array.from({ length: 200 }, (_, k) => ({ rank: k % 2, step: 5 + 10 * k, ns: 0.2 * MS }));
  const found = analyzeCollectives(recordingsOf({ ranks: 2, steps: 2000, jitter: 10 * US, late: [...late, ...hiccups] }), options);
  if (found === undefined) throw new Error('no collectives');
  return found;
}

test('a rank that is late again and again is found, though none of its waits would count alone', () => {
  const { spells, late } = analyzed(0.6 * MS);
  expect(late).toEqual([]);
  expect(spells).toHaveLength(1);
  expect(spells[0]?.rank).toBe('rank 1');
  expect(spells[0]?.count).toBeGreaterThan(55);
  expect(spells[0]!.late / MS).toBeCloseTo(36, -1);
});

test('scatter alone makes no spell', () => {
  expect(analyzed(0, 0).spells).toEqual([]);
});
