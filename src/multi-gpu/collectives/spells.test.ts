import { expect, test } from 'vitest';
import { MS, options, recordingsOf, US } from '#test/collectives-sample';
import { analyzeCollectives } from './analyze-collectives.ts';
import { findSpells } from './spells.ts';
import type { Waits } from './waits.ts';

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

/** Collectives of two ranks, each with its start, transfer, who was last and by how much: ns. */
function waitsOfTwo(
  list: readonly { readonly at: number; readonly transfer: number; readonly who: number; readonly late: number }[],
): Waits {
  const start = (p: number, i: number) => (list[i]?.at ?? 0) + (list[i]?.who === p ? (list[i]?.late ?? 0) : 0);
  return {
    group: { streams: [0, 1], index: [], n: list.length, unmatched: 0 } as unknown as Waits['group'],
    ranks: [0, 1],
    n: list.length,
    kind: new Int32Array(list.length),
    transfer: Float64Array.from(list, c => c.transfer),
    last: Int32Array.from(list, c => c.who),
    lateness: Float64Array.from(list, c => c.late),
    lengthOf: (_, i) => list[i]?.transfer ?? 0,
    startOf: start,
  };
}

test('collectives of another size in between, a prompt among steps, end no spell', () => {
  const small = (at: number, who: number, late: number) => ({ at, transfer: 10 * US, who, late });
  const large = (at: number) => ({ at, transfer: 100 * US, who: 0, late: 0 });
  const alike = Array.from({ length: 600 }, (_, k) => small(k * MS, (k >> 3) % 2, k % 8 === 0 ? 0.1 * MS : US));
  const before = Array.from({ length: 12 }, (_, k) => small(1000 * MS + k * 4 * MS, 1, 2 * MS));
  const prompt = Array.from({ length: 20 }, (_, k) => large(1050 * MS + k * 5 * MS));
  const after = Array.from({ length: 12 }, (_, k) => small(1151 * MS + k * 4 * MS, 1, 2 * MS));
  const spells = findSpells(waitsOfTwo([...alike, ...before, ...prompt, ...after]), 10 * MS, 0);
  expect(spells.map(s => [s.rank, s.count])).toEqual([[1, 24]]);
});
