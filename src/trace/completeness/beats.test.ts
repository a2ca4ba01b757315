import { describe, expect, test } from 'vitest';
import { hostCalls, type ThreadCall } from '#test/lane-sample';
import { lostBeats } from './beats.ts';

const MS = 1e6;
const BEATS = 30;
const isCuda = () => false;

/** A thread that polls with a limit of 100 ms, 0.1 ms apart, beside launches until 3 s. @param gone which polls have no record */
function trace(gone: (beat: number) => boolean, { name = 'poll', limit = 100, until = BEATS } = {}) {
  const polls = Array.from({ length: BEATS }, (_, i): ThreadCall => {
    const start = i * (limit + 0.1) * MS;
    return { start, end: start + limit * MS, name, kind: 'os', thread: 1 };
  }).filter((_, i) => i < until && !gone(i));
  const launches = Array.from(
    { length: BEATS },
    (_, i): ThreadCall => ({ start: i * limit * MS, end: i * limit * MS + 1, name: 'cudaLaunchKernel', id: i }),
  );
  return lostBeats(hostCalls([...launches, ...polls]), isCuda);
}
const none = () => false;

describe('a train of waits with a time limit', () => {
  test('that is whole is nothing to doubt', () => expect(trace(none)).toBeUndefined());
  test('with room for one more between two, again and again, has lost some', () =>
    expect(trace(i => i % 3 === 1)).toEqual({ why: 'gaps', n: 19, gaps: 10, limit: 100 * MS }));
  test('with room for several has, too', () => expect(trace(i => i % 6 > 2)).toMatchObject({ why: 'gaps', gaps: 4 }));
  test('that stops while CUDA calls go on has lost its end', () =>
    expect(trace(none, { until: BEATS / 2 })).toMatchObject({ why: 'stop', limit: 100 * MS }));
  test('that is in its next wait when the trace ends has not', () => expect(trace(none, { until: BEATS - 2 })).toBeUndefined());
});

describe('nothing is told', () => {
  test('by a gap or two, which are in any trace', () => expect(trace(i => i === 9 || i === 15)).toBeUndefined());
  test('by gaps that fit no wait: the thread worked', () => {
    const polls = Array.from({ length: BEATS }, (_, i): ThreadCall => {
      const start = i * 150 * MS;
      return { start, end: start + 100 * MS, name: 'poll', kind: 'os' };
    });
    expect(lostBeats(hostCalls(polls), isCuda)).toBeUndefined();
  });
  test('by calls that have no time limit, or a short one', () => {
    expect(trace(i => i % 2 === 1, { name: 'read' })).toBeUndefined();
    expect(trace(i => i % 2 === 1, { limit: 49 })).toBeUndefined();
  });
  test('by fewer than five waits', () => expect(trace(i => i > 3)).toBeUndefined());
  test('by waits that somebody ended: they have no common length', () => {
    const polls = Array.from(
      { length: BEATS },
      (_, i): ThreadCall => ({ start: i * 200 * MS, end: i * 200 * MS + (60 + 3 * i) * MS, name: 'poll', kind: 'os' }),
    );
    expect(lostBeats(hostCalls(polls), isCuda)).toBeUndefined();
  });
});
