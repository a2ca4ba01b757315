import { describe, expect, test } from 'vitest';
import { type Call, eventsOf, hostOf, type Op, opsOf } from '#test/timeline-sample';
import { resolveDependencies } from './dependencies.ts';

const A = 7;
const B = 14;
const C = 18;
const launch = (id: number, start: number): Call => ({ id, start, end: start + 1 });
const resolve = (
  list: readonly Op[],
  calls: readonly Call[],
  records: Parameters<typeof eventsOf>[0],
  waits: Parameters<typeof eventsOf>[0],
) => resolveDependencies(opsOf(list), hostOf(calls), eventsOf(records), eventsOf(waits)).producerOf;

test('without events an operation waits for the one before it on its stream', () => {
  const producerOf = resolve(
    [
      { start: 0, end: 10, stream: A },
      { start: 5, end: 30, stream: B },
      { start: 40, end: 50, stream: A },
    ],
    [],
    [],
    [],
  );
  expect([0, 1, 2].map(producerOf)).toEqual([-1, -1, 0]);
});

describe('a wait for an event', () => {
  const list: Op[] = [
    { start: 100, end: 200, stream: A, id: 1, device: 0 },
    { start: 300, end: 400, stream: A, id: 2, device: 0 },
    { start: 500, end: 600, stream: B, id: 3, device: 1 },
  ];
  const calls = [launch(1, 10), launch(2, 20), launch(3, 50)];
  test('leads to the last work launched on the recording stream before the record', () => {
    expect(resolve(list, calls, [{ time: 30, stream: A, event: 1 }], [{ time: 40, stream: B, event: 1 }])(2)).toBe(1);
    expect(resolve(list, calls, [{ time: 15, stream: A, event: 1 }], [{ time: 40, stream: B, event: 1 }])(2)).toBe(0);
  });
  test('does not hold back what was launched before it', () =>
    expect(resolve(list, calls, [{ time: 30, stream: A, event: 1 }], [{ time: 60, stream: B, event: 1 }])(2)).toBe(-1));
  test('on an event that was not recorded in the trace explains nothing', () =>
    expect(resolve(list, calls, [{ time: 30, stream: A, event: 1 }], [{ time: 40, stream: B, event: 9 }])(2)).toBe(-1));
  test('on an event recorded only later does not wait', () =>
    expect(resolve(list, calls, [{ time: 45, stream: A, event: 1 }], [{ time: 40, stream: B, event: 1 }])(2)).toBe(-1));
  test('on a stream that ran nothing yet explains nothing', () =>
    expect(resolve(list, calls, [{ time: 5, stream: A, event: 1 }], [{ time: 40, stream: B, event: 1 }])(2)).toBe(-1));
  test('is followed through a stream that only passes it on', () =>
    expect(
      resolve(
        list,
        calls,
        [
          { time: 30, stream: A, event: 1 },
          { time: 34, stream: C, event: 2 },
        ],
        [
          { time: 32, stream: C, event: 1 },
          { time: 40, stream: B, event: 2 },
        ],
      )(2),
    ).toBe(1));
  test('resolves to nothing where one stream id stands for streams of two devices', () =>
    expect(
      resolve(
        [...list, { start: 700, end: 800, stream: A, id: 4, device: 1 }],
        calls,
        [{ time: 30, stream: A, event: 1 }],
        [{ time: 40, stream: B, event: 1 }],
      )(2),
    ).toBe(-1));
});

test('of several producers the one that finished last counts', () => {
  const list: Op[] = [
    { start: 0, end: 90, stream: B, id: 1, device: 1 },
    { start: 10, end: 80, stream: A, id: 2 },
    { start: 20, end: 85, stream: C, id: 3 },
    { start: 100, end: 110, stream: B, id: 4, device: 1 },
  ];
  const calls = [launch(1, 0), launch(2, 2), launch(3, 4), launch(4, 12)];
  const records = [
    { time: 6, stream: A, event: 1 },
    { time: 7, stream: C, event: 2 },
  ];
  const waits = [
    { time: 8, stream: B, event: 1 },
    { time: 9, stream: B, event: 2 },
  ];
  expect(resolve(list, calls, records, waits)(3)).toBe(0);
  expect(resolve(list.with(2, { start: 20, end: 95, stream: C, id: 3 }), calls, records, waits)(3)).toBe(2);
});
