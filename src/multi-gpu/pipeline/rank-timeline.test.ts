import { expect, test } from 'vitest';
import { spansOf } from '#core/math/spans';
import type { Iteration, Operation } from './operation.ts';
import { rankTimelines } from './rank-timeline.ts';
import { usualTimes } from './usual-times.ts';

const operation = (kind: 'F' | 'B' | 'W', microbatch: number, start: number, end: number): Operation => ({
  ...{ kind, microbatch, stage: 0, rank: 0, start, end, launched: start, source: 0, op: 0 },
  ...{ work: spansOf([[start, end]]), late: [], streams: new Set<number>(), phase: undefined },
});
const device = { source: 0, device: 0, label: 'GPU 0', communication: spansOf([]) };

test('operations that overlap are cut: the later one begins where the earlier ends, and no moment counts twice', () => {
  const operations = [operation('F', 0, 0, 100), operation('F', 1, 60, 150), operation('F', 2, 70, 120)];
  const iteration: Iteration = { label: undefined, p: 1, m: 3, v: 1, devices: ['0:0'], operations };
  const [timeline] = rankTimelines(iteration, [], new Map([['0:0', { ...device, compute: spansOf([[0, 150]]) }]]));
  expect(operations.map(o => [timeline?.beginOf(o), timeline?.endOf(o)])).toEqual([
    [0, 100],
    [100, 150],
    [150, 150],
  ]);
  expect(timeline?.compute(50, 200)).toBe(100);
  expect([timeline?.copies(0, 200), timeline?.staged(0, 200), timeline?.serialCopies(0, 200)]).toEqual([0, 0, 0]);
});

test('what is usual is the median of the kind; a backward whose weights come apart is a kind of its own', () => {
  const list = [
    { o: operation('F', 0, 0, 1), busy: 10 },
    { o: operation('F', 1, 0, 1), busy: 20 },
    { o: operation('F', 2, 0, 1), busy: 90 },
    { o: operation('B', 0, 0, 1), busy: 40 },
    { o: operation('B', 1, 0, 1), busy: 25 },
    { o: operation('W', 1, 0, 1), busy: 15 },
  ];
  const usual = usualTimes(list);
  expect(list.map(({ o }) => usual(o))).toEqual([20, 20, 20, 40, 25, 15]);
});
