import { describe, expect, test } from 'vitest';
import { type Ender, knownPartners } from './known-partners.ts';
import { ALL_THE_TIME, WAKE_NS } from './limits.ts';
import type { Scheduler } from './scheduler.ts';
import {
  call,
  engineWaits,
  type MadeUpCall,
  type MadeUpThread,
  MS,
  madeUp,
  scheduled,
  turns,
  US,
  workerWaits,
} from './threads.test-data.ts';

const WORKER = 0;
const ENGINE = 1;
/** The worker and the engine hand over sixty times, the worker waiting in sem_wait; what is told of begins at IDLE. */
const list = turns(60);
const IDLE = list[59]!.done + 200 * US;
const usual = workerWaits('sem_wait', list);
const engine = engineWaits('epoll_wait', list, 5 * US);
/** Somebody else's calls, so long after that one long stretch of work is an exception. */
const later: MadeUpThread = { process: 9, calls: [call('poll', IDLE + 3000 * MS, IDLE + 3001 * MS)] };

/** Who ended a wait of the worker's from IDLE on for so long, after which the engine went on with these calls. */
function ender(
  length: number,
  after: readonly MadeUpCall[],
  others: readonly MadeUpThread[] = [later],
  scheduler?: Scheduler,
): Ender | undefined {
  const threads = [{ calls: [...usual, call('sem_wait', IDLE, IDLE + length)] }, { calls: [...engine, ...after], process: 2 }, ...others];
  return knownPartners(madeUp(threads), scheduler).enderOf(WORKER, usual.length);
}
/** The engine works until it waits again, for 10 ms. */
const worksUntil = (at: number) => [call('epoll_wait', IDLE + at, IDLE + at + 10 * MS)];
const LATE = { thread: ENGINE, rule: 'late', acted: IDLE + 50 * MS };

describe('a wait at whose end the usual partner did nothing', () => {
  test('was for that partner where it had been at work ever since the wait began', () =>
    expect(ender(50 * MS, worksUntil(120 * MS))).toEqual(LATE));
  test('was for it though others worked as well', () => {
    const second = { calls: [...workerWaits('read', list), call('epoll_wait', IDLE + 120 * MS, IDLE + 130 * MS)], process: 2 };
    expect(ender(50 * MS, worksUntil(120 * MS), [later, second])).toEqual(LATE);
  });
  test('was not where the partner stood in a wait of its own for a twentieth of the time', () => {
    const stood = (share: number) => [call('epoll_wait', IDLE + 20 * MS, IDLE + 20 * MS + share * 50 * MS), ...worksUntil(120 * MS)];
    expect(ender(50 * MS, stood(1 - ALL_THE_TIME))?.rule).toBe('late');
    expect(ender(50 * MS, stood(1 - ALL_THE_TIME + 0.001))).toBeUndefined();
  });
  test('was not where the partner slept', () =>
    expect(ender(50 * MS, [call('epoll_wait', IDLE - 10 * US, IDLE + 130 * MS)])).toBeUndefined());
  test('was not where the partner had stopped before the end', () => expect(ender(50 * MS, worksUntil(40 * MS))).toBeUndefined());
  test('was not where the partner is seldom seen for less: in most of its time it works as long', () => {
    // Nothing else in the trace: from IDLE on the engine works for most of it.
    expect(ender(50 * MS, worksUntil(2000 * MS), [])).toBeUndefined();
  });
  test('was not where it cannot be told whether the partner worked: its calls end before', () =>
    expect(ender(50 * MS, [])).toBeUndefined());
  test('lasted longer than it takes to wake up, else anybody may have been busy', () => {
    // The engine works for 20 ms from just before on: no longer than the wait is what counts.
    expect(ender(WAKE_NS, worksUntil(20 * MS))).toMatchObject({ thread: ENGINE, rule: 'late' });
    expect(ender(WAKE_NS - 1, worksUntil(20 * MS))).toBeUndefined();
  });
  test('is told by the scheduler where that was recorded: in no call, but off the CPU', () => {
    const at = (from: number, to: number) =>
      scheduled(new Map([[ENGINE, [...list.map(t => [t.from, t.handed] as const), [IDLE + from, IDLE + to] as const]]]));
    expect(ender(50 * MS, worksUntil(120 * MS), [later], at(-10 * US, 100 * MS))).toEqual(LATE);
    expect(ender(50 * MS, worksUntil(120 * MS), [later], at(-10 * US, 20 * MS))).toBeUndefined();
  });
});

describe('a wait that the usual partner ended as usual', () => {
  test('is known by that, whatever the partner did before', () => {
    const known = knownPartners(madeUp([{ calls: usual }, { calls: engine, process: 2 }, later]), undefined);
    for (const row of [0, 10, usual.length - 1]) expect(known.enderOf(WORKER, row)).toMatchObject({ thread: ENGINE, rule: 'rhythm' });
  });
  test('is known by that though the partner worked all the time', () => {
    // 50 ms of work, then it goes to wait: as always 15 µs before the worker wakes.
    expect(ender(50 * MS, worksUntil(50 * MS - 15 * US))).toMatchObject({ thread: ENGINE, rule: 'rhythm' });
  });
});

describe('a call that has no usual partner', () => {
  const alone = (name: string) => {
    const threads = [
      { calls: [...usual, call(name, IDLE, IDLE + 50 * MS)] },
      { calls: [...engine, ...worksUntil(120 * MS)], process: 2 },
      later,
    ];
    return knownPartners(madeUp(threads), undefined).enderOf(WORKER, usual.length);
  };
  test('is judged by who was busy alone', () => expect(alone('poll')).toEqual({ ...LATE, rule: 'busy' }));
  test('is not judged at all where time ends it', () => expect(alone('clock_nanosleep')).toBeUndefined());
});

test('nobody ends the wait of a single thread', () => {
  const known = knownPartners(madeUp([{ calls: [call('sem_wait', 0, 50 * MS)] }]), undefined);
  expect(known.enderOf(0, 0)).toBeUndefined();
  expect(known.ofCall(0, 'sem_wait')).toEqual([]);
});
