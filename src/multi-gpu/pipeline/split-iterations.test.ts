import { expect, test } from 'vitest';
import { type Found, foundOf } from '#test/pipeline/iteration-sample';
import { splitIterations } from './split-iterations.ts';

const inWords = (o: Found) => `${o.kind}${o.microbatch} of ${o.device}`;
const split = (...operations: Found[]) => splitIterations(operations).map(list => list.map(inWords));

test('an operation that comes again begins the next iteration, on every device', () => {
  const pass = (at: number) => [foundOf('F', 0, 0, at), foundOf('F', 0, 1, at + 2), foundOf('B', 0, 1, at + 4), foundOf('B', 0, 0, at + 6)];
  const one = ['F0 of 0', 'F0 of 1', 'B0 of 1', 'B0 of 0'];
  expect(split(...pass(0), ...pass(100))).toEqual([one, one]);
});

test('a device of which a piece is missing is put where its time overlaps', () => {
  const first = [foundOf('F', 0, 0, 0), foundOf('B', 0, 0, 9)];
  const second = [foundOf('F', 0, 0, 100), foundOf('F', 0, 1, 102), foundOf('B', 0, 1, 104), foundOf('B', 0, 0, 106)];
  expect(split(...first, ...second)).toEqual([
    ['F0 of 0', 'B0 of 0'],
    ['F0 of 0', 'F0 of 1', 'B0 of 1', 'B0 of 0'],
  ]);
});

test('names of iterations count for more than repetition', () => {
  const named = (number: number) => ({ iteration: { label: 'train', number } });
  expect(
    split(
      foundOf('F', 0, 0, 0, named(1)),
      foundOf('F', 1, 0, 10, named(2)),
      foundOf('B', 0, 0, 20, named(1)),
      foundOf('B', 1, 0, 30, named(2)),
    ),
  ).toEqual([
    ['F0 of 0', 'B0 of 0'],
    ['F1 of 0', 'B1 of 0'],
  ]);
});

test('chunks and stages of one microbatch do not repeat each other', () => {
  const chunk = (n: number) => ({ chunk: n });
  expect(split(foundOf('F', 0, 0, 0, chunk(0)), foundOf('F', 0, 0, 5, chunk(1)), foundOf('F', 0, 0, 9, chunk(0)))).toEqual([
    ['F0 of 0', 'F0 of 0'],
    ['F0 of 0'],
  ]);
});

test('nothing makes no iteration', () => expect(splitIterations([])).toEqual([]));
