import { describe, expect, test } from 'vitest';
import { dualpipe } from './schedules/dualpipe.ts';
import { TEXTBOOKS } from './schedules/index.ts';
import { range, type Shape, slot, slotKey } from './schedules/textbook.ts';
import { simulation } from './simulate.ts';

test('an operation waits for its device, for its inputs, and for them to arrive', () => {
  const tasks = [
    [
      { ...slot('F', 0, 0), duration: 10, after: 3 },
      { ...slot('F', 1, 0), duration: 10 },
    ],
    [
      { ...slot('F', 0, 1), duration: 4, transfer: 2, delay: 1 },
      { ...slot('F', 1, 1), duration: 4, transfer: 2 },
    ],
  ];
  const done = simulation(tasks)!(tasks);
  expect(done.start.map(s => [...s])).toEqual([
    [0, 13],
    [13, 25],
  ]);
  expect(done.length).toBe(29);
});

test('operations that wait for each other in a circle cannot be run', () => {
  expect(simulation([[slot('B', 0, 0), slot('F', 0, 0)]])).toBeUndefined();
});

const SHAPES: Shape[] = [2, 4, 8].flatMap(p => [1, 2, 3].flatMap(v => [2 * p, 2 * p + 2, 4 * p].map(m => ({ p, m, v }))));
describe.each(TEXTBOOKS.map(t => [t.name, t] as const))('%s', (_, textbook) => {
  test.each(SHAPES.filter(textbook.fits))('runs every operation once, and none in a circle: %o', shape => {
    const orders = range(shape.p).map(rank => textbook.order(rank, shape));
    const keys = orders.flat().map(slotKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(orders.flat().filter(o => o.kind === 'F')).toHaveLength(orders.flat().filter(o => o.kind === 'B').length);
    const stages = textbook.name === 'dualpipe' ? shape.p : shape.p * shape.v;
    expect(orders.flat().filter(o => o.kind === 'F')).toHaveLength(shape.m * stages);
    // With one ns an operation, none overlap on a device, and none begins before the one before it has ended.
    const { start, length } = simulation(orders)!(orders.map(list => list.map(o => ({ ...o, duration: 1 }))));
    expect(length).toBeGreaterThanOrEqual(Math.max(...orders.map(list => list.length)));
    for (const rank of start) for (let i = 1; i < rank.length; i++) expect(rank[i]! - rank[i - 1]!).toBeGreaterThanOrEqual(1);
  });
});

test('DualPipe keeps each rank busier than 1F1B would, with both directions on every rank', () => {
  const shape = { p: 8, m: 20, v: 2 };
  const orders = range(8).map(rank => dualpipe.order(rank, shape));
  const time = { F: 1, B: 2, W: 1 };
  const split = new Set(
    orders
      .flat()
      .filter(o => o.kind === 'W')
      .map(o => `${o.microbatch}.${o.stage}`),
  );
  const tasks = orders.map(list =>
    list.map(o => ({ ...o, duration: o.kind === 'B' && split.has(`${o.microbatch}.${o.stage}`) ? 1 : time[o.kind] })),
  );
  const { length } = simulation(orders)!(tasks);
  const compute = 20 * 3;
  expect(length).toBeGreaterThanOrEqual(compute);
  expect((length - compute) / compute).toBeLessThan(7 / 20);
  expect(new Set(orders[0]!.map(o => o.stage))).toEqual(new Set([0, 7]));
});
