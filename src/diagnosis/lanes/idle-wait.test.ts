import { describe, expect, test } from 'vitest';
import { type Spans, spansOf } from '#core/math/spans';
import type { FollowedWait } from '#diagnosis/waits/wait-graph';
import { hostCalls, type ThreadCall } from '#test/lane-sample';
import type { Activity } from '#trace/events/host-categories';
import { inputWaits, markInput } from './idle-wait.ts';
import type { Loss } from './loss.ts';

const MS = 1e6;
const DRIVER = 0;
const OTHER = 1;
type Starved = Extract<Loss, { kind: 'starved' }>;

interface Facts {
  readonly activity?: Activity;
  readonly root?: number;
  readonly via?: readonly FollowedWait[];
}

/** A stretch of a gap, ms: the driver waited in `call`, and nobody is known to have ended that. */
function starved(from: number, to: number, call: string, { activity = 'wait', root = DRIVER, via = [] }: Facts = {}): Starved {
  const [start, end] = [from * MS, to * MS];
  const gap = {
    start,
    end,
    thread: DRIVER,
    byActivity: new Map([[activity, end - start]]),
    firstSeen: false,
    codeFollows: false,
    contended: false,
    afterNeedlessSync: false,
    endedBy: 0,
  };
  return { kind: 'starved', start, end, gap, activity, call, root, via, bound: 'sure' };
}
const waitedIn = (call: string): FollowedWait => ({ thread: DRIVER, call, rule: 'wake' });
const os = (start: number, end: number, name: string, thread = DRIVER): ThreadCall => ({
  start: start * MS,
  end: end * MS,
  name,
  thread,
  kind: 'os',
});

/** Demand in these stretches, ms. */
const demand = (...list: readonly (readonly [number, number])[]): Spans => spansOf(list.map(([a, b]) => [a * MS, b * MS] as const));
/** A window of 1000 ms without any request from 100 to 400. Steps of 10 ms. */
const WITH_IDLE = demand([0, 100], [400, 1000]);
const STEPS = { n: 70, length: 10 * MS };
const NO_CALLS = hostCalls([]);

/** When the lane had been given nothing to do, ms. */
function idle(
  losses: readonly Loss[],
  calls: readonly ThreadCall[] = [],
  inDemand = WITH_IDLE,
  steps = STEPS,
): readonly (readonly number[])[] {
  const spans = inputWaits(markInput(losses, hostCalls(calls), inDemand, [0, 1000 * MS], steps));
  return Array.from({ length: spans.n }, (_, i) => [spans.start[i]! / MS, spans.end[i]! / MS]);
}

describe('an engine that had been given nothing', () => {
  test('sat in the wait that holds the time without any request', () =>
    expect(idle([starved(100, 400, 'epoll_wait')])).toEqual([[100, 400]]));
  test('sat there too when requests were on their way to it', () =>
    expect(idle([starved(100, 400, 'epoll_wait'), starved(500, 560, 'epoll_wait')])).toEqual([
      [100, 400],
      [500, 560],
    ]));
  test('did not where it waited in another call', () =>
    expect(idle([starved(100, 400, 'epoll_wait'), starved(500, 560, 'futex')])).toEqual([[100, 400]]));
  test('did not while it computed or launched', () =>
    expect(idle([starved(100, 400, 'epoll_wait'), starved(500, 560, '', { activity: 'own-code' })])).toEqual([[100, 400]]));
  test('leaves losses of other kinds as they are', () => {
    const unknown: Loss = { kind: 'unknown', start: 500 * MS, end: 510 * MS };
    const told = markInput([starved(100, 400, 'epoll_wait'), unknown], NO_CALLS, WITH_IDLE, [0, 1000 * MS], STEPS);
    expect(told[1]).toBe(unknown);
  });
  test('may read its input from a pipe', () => expect(idle([starved(100, 400, 'read', { activity: 'storage' })])).toEqual([[100, 400]]));
});

describe('the call that an idle engine sits in', () => {
  test('holds half of the time without requests, or nothing tells', () => {
    const split = (at: number) => idle([starved(100, at, 'epoll_wait'), starved(at, 400, '', { activity: 'own-code' })]);
    expect(split(250)).toEqual([[100, 250]]);
    expect(split(249)).toEqual([]);
  });
  test('is the one of two that holds more', () =>
    expect(idle([starved(100, 240, 'epoll_wait'), starved(240, 400, 'poll')])).toEqual([[240, 400]]));
  test('needs 50 ms without requests in which the lane lost time', () => {
    expect(idle([starved(100, 150, 'epoll_wait')])).toEqual([[100, 150]]);
    expect(idle([starved(100, 149.9, 'epoll_wait')])).toEqual([]);
    // Time in which requests were in flight does not count.
    expect(idle([starved(51, 149.9, 'epoll_wait')])).toEqual([]);
  });
  test('is not known where somebody was always being served', () =>
    expect(idle([starved(100, 400, 'epoll_wait')], [], demand([0, 1000]))).toEqual([]));
  test('is not known where nothing was lost, and nothing is marked', () => {
    expect(idle([])).toEqual([]);
    const losses = [starved(500, 560, 'epoll_wait')];
    expect(markInput(losses, NO_CALLS, WITH_IDLE, [0, 1000 * MS], STEPS)).toBe(losses);
  });
  test('is found in a whole capture without any request', () =>
    expect(idle([starved(100, 400, 'epoll_wait')], [], spansOf([]))).toEqual([[100, 400]]));
});

describe('a wait that belongs to every step', () => {
  /** The driver waits in `call` for 2 ms in so many steps of 10 ms. */
  const often = (n: number, call: string, ms = 2, thread = DRIVER) =>
    Array.from({ length: n }, (_, k) => os(400 + 8 * k, 400 + 8 * k + ms, call, thread));
  const long = [starved(100, 400, 'epoll_wait')];
  test('is no sign of an idle engine: it is entered in half of the steps', () => {
    expect(idle(long, often(34, 'epoll_wait'))).toEqual([[100, 400]]);
    expect(idle(long, often(35, 'epoll_wait'))).toEqual([]);
  });
  test('lasts for a twentieth of a step: a look into a queue that returns at once is none', () => {
    expect(idle(long, often(60, 'epoll_wait', 0.49))).toEqual([[100, 400]]);
    expect(idle(long, often(60, 'epoll_wait', 0.5))).toEqual([]);
  });
  test('of which that part fell into time with requests in flight', () => {
    // Requests come as a wait of 20 ms is nearly over: the thread had waited for them.
    const waits = Array.from({ length: 30 }, (_, k) => os(400 + 20 * k, 419 + 20 * k, 'epoll_wait'));
    const arriving = (ms: number) => demand([0, 100], ...Array.from({ length: 30 }, (_, k) => [419 + 20 * k - ms, 420 + 20 * k] as const));
    const steps = { n: 30, length: 10 * MS };
    expect(idle(long, waits, arriving(0.49), steps)).toEqual([[100, 400]]);
    expect(idle(long, waits, arriving(0.51), steps)).toEqual([]);
  });
  test('is one that was entered while requests were in flight', () => {
    const before = Array.from({ length: 60 }, (_, k) => os(100 + 4 * k, 100 + 4 * k + 2, 'epoll_wait'));
    expect(idle(long, before)).toEqual([[100, 400]]);
  });
  test('is the same thread’s', () => expect(idle(long, often(60, 'epoll_wait', 2, OTHER))).toEqual([[100, 400]]));
  test('leads on to the scheduler that it was for, and where that sat', () => {
    const waits = often(60, 'sem_wait');
    const followed = (from: number, to: number, call: string, activity: Activity = 'wait') =>
      starved(from, to, call, { activity, root: OTHER, via: [waitedIn('sem_wait')] });
    expect(idle([followed(100, 400, 'epoll_wait'), followed(500, 560, 'epoll_wait')], waits)).toEqual([
      [100, 400],
      [500, 560],
    ]);
    // Not where the scheduler worked, nor where it sits there in every step as well.
    expect(idle([followed(100, 400, 'epoll_wait'), followed(500, 560, '', 'own-code')], waits)).toEqual([[100, 400]]);
    expect(idle([followed(100, 400, 'epoll_wait')], [...waits, ...often(60, 'epoll_wait', 2, OTHER)])).toEqual([]);
  });
  test('is not followed where it is none of every step: the thread’s own wait tells, whoever ended it', () => {
    const losses = [starved(100, 400, '', { activity: 'own-code', root: OTHER, via: [waitedIn('epoll_wait')] })];
    expect(idle(losses, often(10, 'epoll_wait'))).toEqual([[100, 400]]);
    expect(idle(losses, often(40, 'epoll_wait'))).toEqual([]);
  });
  test('is every wait of a lane without steps', () => expect(idle(long, [], WITH_IDLE, { n: 0, length: Number.NaN })).toEqual([]));
  test('is none of a lane with one step, whose length is not known', () =>
    expect(idle(long, often(60, 'epoll_wait'), WITH_IDLE, { n: 1, length: Number.NaN })).toEqual([[100, 400]]));
});

describe('when a lane had been given nothing', () => {
  test('is never where nothing was marked', () => {
    expect(inputWaits([]).n).toBe(0);
    expect(inputWaits([starved(1, 2, 'poll'), { ...starved(2, 3, 'poll'), isInput: false }]).n).toBe(0);
  });
  test('is one stretch where its waits touch', () => {
    const spans = inputWaits([
      { ...starved(1, 2, 'poll'), isInput: true },
      { ...starved(2, 3, 'poll'), isInput: true },
    ]);
    expect([...spans.start, ...spans.end]).toEqual([1 * MS, 3 * MS]);
  });
});
