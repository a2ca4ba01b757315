import { expect, test } from 'vitest';
import { copy, devicesOf, iterationOf } from '#test/pipeline/iteration-sample';
import { handoffsOf, namedCopies } from './handoffs.ts';
import { peakInFlight, phasesOf } from './phases.ts';

const ITERATION = iterationOf(['F0 0-10, F1 10-20, B0 50-60, B1 60-70', 'F0 15-25, F1 25-35, B0 35-45, B1 45-55']);
type Options = { readonly transfers?: Parameters<typeof handoffsOf>[1]; readonly named?: Parameters<typeof namedCopies>[0] };
const found = ({ transfers = [], named = [] }: Options, communication = {}) =>
  handoffsOf(ITERATION, transfers, namedCopies(named), devicesOf(ITERATION, communication)).map(h => [
    `${h.producer.kind}${h.producer.microbatch} of ${h.producer.rank}`,
    h.via,
    h.start,
    h.end,
  ]);

test('copies between two devices belong to their operations in order', () => {
  const transfers = [copy(0, 1, 10, 14), copy(0, 1, 20, 24), copy(1, 0, 45, 49), copy(1, 0, 55, 59)];
  expect(found({ transfers }).sort()).toEqual([
    ['B0 of 1', 'copy', 45, 49],
    ['B1 of 1', 'copy', 55, 59],
    ['F0 of 0', 'copy', 10, 14],
    ['F1 of 0', 'copy', 20, 24],
  ]);
});

test('several copies of one hand-off are one, from the first to the last', () => {
  const transfers = [10, 12, 20, 22].map(t => copy(0, 1, t, t + 1));
  const [first] = handoffsOf(ITERATION, transfers, new Map(), devicesOf(ITERATION)).filter(h => h.producer.kind === 'F');
  expect(first).toMatchObject({ start: 10, end: 13, bytes: 2000, via: 'copy', staged: false });
  expect(first?.transfers).toHaveLength(2);
});

test('where their number does not tell, a copy belongs to the last operation that had begun', () => {
  const transfers = [copy(0, 1, 10, 12), copy(0, 1, 13, 14), copy(0, 1, 20, 24)];
  expect(found({ transfers }).filter(([what]) => String(what).startsWith('F'))).toEqual([
    ['F0 of 0', 'unseen', undefined, undefined],
    ['F1 of 0', 'copy', 10, 24],
  ]);
});

test('a name counts for more than the order', () => {
  const transfers = [copy(0, 1, 20, 24, { id: '0:2' }), copy(0, 1, 30, 34, { id: '0:1' })];
  const named = [0, 1].map(microbatch => ({ source: 0, microbatch, fromStage: 0, toStage: 1, copies: new Set([`0:${microbatch + 1}`]) }));
  expect(found({ transfers, named }).filter(([what]) => String(what).startsWith('F'))).toEqual([
    ['F0 of 0', 'copy', 30, 34],
    ['F1 of 0', 'copy', 20, 24],
  ]);
});

test('without a copy, a kernel of NCCL on the receiving device carries it, from the end of the producer on', () => {
  // It spins from 5 on, but there is nothing to carry before 10.
  expect(found({}, { 1: [[5, 14]] })).toContainEqual(['F0 of 0', 'nccl', 10, 14]);
  expect(found({}, { 1: [[5, 9]] })).toContainEqual(['F0 of 0', 'unseen', undefined, undefined]);
});

test('what one device hands to itself is no hand-off', () => {
  const one = iterationOf(['F0 0-10, F0.1 10-20, B0.1 20-30, B0 30-40']);
  expect(handoffsOf(one, [], new Map(), devicesOf(one))).toEqual([]);
});

test('phases: warm-up before the first alternation, cool-down after the last', () => {
  const of = (line: string, name: Parameters<typeof phasesOf>[1]) =>
    phasesOf(
      iterationOf([
        line
          .split(' ')
          .map((o, i) => `${o} ${i}-${i + 1}`)
          .join(', '),
      ]).operations,
      name,
    )
      .map(p => p[0])
      .join('');
  expect(of('F0 F1 F2 B0 F3 B1 B2 B3', '1f1b')).toBe('wwsssscc');
  expect(of('F0 F1 B0 B1', 'gpipe')).toBe('wwcc');
  expect(of('F0 F1 B0 B1', '1f1b')).toBe('wssc');
  expect(of('F0 F1', 'unknown')).toBe('ww');
});

test('microbatches under way: forwards that are done and whose backward is not, by virtual stage', () => {
  const [first, last] = [0, 1].map(rank => ITERATION.operations.filter(o => o.rank === rank));
  expect([peakInFlight(first!, 1), peakInFlight(last!, 1)]).toEqual([2, 2]);
  const inTurn = iterationOf(['F0 0-1, B0 1-2, F1 2-3, B1 3-4']).operations;
  expect(peakInFlight(inTurn, 1)).toBe(1);
  expect(peakInFlight(first!, 2)).toBe(1);
});
