import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEEPEST } from './limits.ts';
import { OFF_CPU } from './off-the-cpu.ts';
import type { Scheduler } from './scheduler.ts';
import {
  call,
  engineWaits,
  type MadeUpCall,
  type MadeUpThread,
  MS,
  madeUp,
  rng,
  scheduled,
  turns,
  US,
  WOKEN,
  workerWaits,
} from './threads.test-data.ts';
import { type WaitGraph, waitGraph } from './wait-graph.ts';

const WORKER = 0;
const ENGINE = 1;
const graphOf = (threads: readonly MadeUpThread[], scheduler?: Scheduler) => waitGraph(madeUp(threads), scheduler);
/** Who did what for how long in a call of a thread, in µs: "thread activity call", and by which waits. */
const told = (graph: WaitGraph, thread: number, { start, end }: MadeUpCall) =>
  graph
    .follow(thread, start, end)
    .map(s => [s.thread, s.activity, Math.round((s.end - s.start) / US), s.via.map(v => `${v.thread} ${v.call} ${v.rule}`).join(', ')]);
const at = <T>(list: readonly T[], index: number): T => list[index]!;
const roots = (graph: WaitGraph, thread: number, c: MadeUpCall) => [...new Set(graph.follow(thread, c.start, c.end).map(s => s.thread))];

describe('a wait that another thread’s call ends', () => {
  const list = turns(40, new Map([[20, 120 * MS]]));
  const waits = workerWaits('poll', list);
  const engine = list.flatMap(t => [call('write', t.handed, t.handed + 2 * US)]);
  const graph = graphOf([
    { calls: waits, process: 1 },
    { calls: engine, process: 2 },
  ]);
  test('is what that thread did, up to its call, and then a wait again: the time to wake up', () => {
    const [first, ...rest] = told(graph, WORKER, at(waits, 19));
    expect(first?.[0]).toBe(ENGINE);
    expect(first?.[1]).toBe('own-code');
    expect(first?.[2]).toBeGreaterThan(120_000);
    expect(first?.[3]).toBe('0 poll wake');
    expect(rest).toEqual([[WORKER, 'wait', 20, '']]);
  });
  test('has its evidence', () => {
    const [partner] = graph.partnersOf(WORKER, 'poll');
    expect(partner).toMatchObject({ thread: ENGINE, rule: 'wake', waits: 39, hits: 1 });
    expect(partner?.lag).toBeCloseTo(WOKEN, -1);
    expect(partner?.chance).toBeLessThan(0.05);
  });
  test('is followed in any part of it that is asked about', () => {
    const { start } = at(waits, 19);
    expect(graph.follow(WORKER, start + 10 * MS, start + 20 * MS)).toEqual([
      {
        start: start + 10 * MS,
        end: start + 20 * MS,
        activity: 'own-code',
        call: '',
        thread: ENGINE,
        via: [{ thread: WORKER, call: 'poll', rule: 'wake' }],
      },
    ]);
  });
  test('takes the kind of call that can end it: a semaphore is not posted by a write', () =>
    expect(graphOf([{ calls: workerWaits('sem_wait', list) }, { calls: engine }]).partnersOf(WORKER, 'sem_wait')).toEqual([]));
  test('of a lock is ended inside the process alone', () => {
    const unlock = list.map(t => call('pthread_mutex_unlock', t.handed, t.handed + 2 * US));
    const lock = (process: number) =>
      graphOf([{ calls: workerWaits('pthread_mutex_lock', list) }, { calls: unlock, process }]).partnersOf(WORKER, 'pthread_mutex_lock')
        .length;
    expect([lock(1), lock(2)]).toEqual([1, 0]);
  });
});

describe('a wait whose end is not recorded as a call', () => {
  const list = turns(40, new Map([[20, 120 * MS]]));
  const waits = workerWaits('sem_wait', list);
  const late = at(waits, 19);
  test('is known by when the other goes to wait itself', () => {
    const graph = graphOf([
      { calls: waits, process: 1 },
      { calls: engineWaits('epoll_wait', list, 5 * US), process: 2 },
    ]);
    const [first, second] = told(graph, WORKER, late);
    // The engine has to get the result first: who is waited for then waits for this one, which ends there.
    expect(first).toEqual([ENGINE, 'wait', 20, '0 sem_wait rhythm']);
    expect(second?.slice(0, 2)).toEqual([ENGINE, 'own-code']);
    expect(second?.[2]).toBeGreaterThan(120_000);
  });
  test('is known by the other’s way from its own wait, though that was longer once', () => {
    // The engine goes on working after it handed over, and never waits where the worker could be woken by it.
    const steady = list.map(t => ({ ...t, from: t.handed - (t.handed - t.from > 100 * MS ? t.handed - t.from : 400 * US) }));
    const engine = steady.map(t => call('epoll_wait', t.from - 200 * US, t.from));
    const graph = graphOf([
      { calls: waits, process: 1 },
      { calls: engine, process: 2 },
    ]);
    const last = told(graph, WORKER, late).at(-1);
    expect(last?.[0]).toBe(ENGINE);
    expect(last?.[1]).toBe('own-code');
    expect(last?.[2]).toBeGreaterThan(120_000);
    expect(last?.[3]).toBe('0 sem_wait late');
  });
  test('is followed on to whoever the other waits for', () => {
    const STORAGE = 2;
    // The engine gets its input from a third one, which reads files.
    const engine = list.flatMap(t => [
      call('poll', t.from + 10 * US, t.handed - 100 * US),
      call('epoll_wait', t.handed + 5 * US, t.done + WOKEN),
    ]);
    const third = list.flatMap(t => [call('pread', t.from, t.handed - 150 * US), call('write', t.handed - 120 * US, t.handed - 118 * US)]);
    const graph = graphOf([{ calls: waits }, { calls: engine, process: 2 }, { calls: third, process: 3 }]);
    expect(told(graph, WORKER, late)).toContainEqual([STORAGE, 'storage', expect.any(Number), '0 sem_wait rhythm, 1 poll wake']);
  });
});

describe('a read', () => {
  const list = turns(40);
  const engine = { calls: engineWaits('epoll_wait', list, 5 * US), process: 2 };
  test('of a pipe is a wait', () => {
    const waits = workerWaits('read', list);
    const graph = graphOf([{ calls: waits }, engine]);
    expect(roots(graph, WORKER, at(waits, 9))).toContain(ENGINE);
    // The time to wake up is no storage either.
    expect(told(graph, WORKER, at(waits, 9)).at(-1)).toEqual([WORKER, 'wait', 15, '']);
  });
  test('of a file that each hand-over begins is work', () => {
    const reads = list.map(t => call('read', t.handed + WOKEN - 300 * US, t.handed + WOKEN));
    expect(graphOf([{ calls: reads }, engine]).partnersOf(WORKER, 'read')).toEqual([]);
  });
  test('with an offset is of a file', () => {
    const reads = workerWaits('pread', list);
    expect(roots(graphOf([{ calls: reads }, engine]), WORKER, at(reads, 9))).toEqual([WORKER]);
  });
});

describe('nobody is made a partner', () => {
  const list = turns(60);
  const waits = workerWaits('sem_wait', list);
  const stays = (threads: readonly MadeUpThread[], c = at(waits, 9)) => expect(roots(graphOf(threads), WORKER, c)).toEqual([WORKER]);
  test('where there is no other thread', () => stays([{ calls: waits }]));
  test('by coincidence: posts at random, as many as there are waits', () => {
    const next = rng(3);
    const span = at(list, 59).done;
    const posts = waits.map(() => next() * span).sort((a, b) => a - b);
    stays([{ calls: waits }, { calls: posts.map(t => call('sem_post', t, t + 2 * US)) }]);
  });
  test('by being there always: posts every 30 µs', () => {
    const posts = Array.from({ length: Math.floor(at(list, 59).done / (30 * US)) }, (_, k) =>
      call('sem_post', k * 30 * US, k * 30 * US + 2 * US),
    );
    stays([{ calls: waits }, { calls: posts }]);
  });
  test('by nine times alone, though each fits', () => {
    const few = turns(10);
    const nine = workerWaits('sem_wait', few);
    stays([{ calls: nine }, { calls: few.map(t => call('sem_post', t.handed, t.handed + 2 * US)) }], at(nine, 4));
  });
  test('of a sleep: time ends it', () => {
    const sleeps = workerWaits('clock_nanosleep', list);
    stays([{ calls: sleeps }, { calls: engineWaits('epoll_wait', list) }], at(sleeps, 9));
  });
  test('by being woken together', () => {
    const next = rng(5);
    const siblings = workerWaits('sem_wait', list).map(c => ({ ...c, end: c.end + 3 * US * next() }));
    stays([{ calls: waits }, { calls: siblings }]);
  });
  test('who stood in a wait of its own at that time', () => {
    // Its own wait ends 1 ms before, regularly, but it waits for something else when this one is woken.
    const other = list.flatMap(t => [call('poll', t.handed - 1.5 * MS, t.handed - MS), call('futex', t.handed - 0.8 * MS, t.handed + MS)]);
    stays([{ calls: waits }, { calls: other, process: 2 }]);
  });
});

test('a wait that ends out of the usual rhythm stays: a lock behind the same call', () => {
  const list = turns(40);
  const usual = workerWaits('sem_wait', list);
  // Inside the work of one turn, while the engine waits for the worker.
  const lock = call('sem_wait', at(list, 20).handed + 200 * US, at(list, 20).handed + 1.5 * MS);
  const calls = [...usual, lock].sort((a, b) => a.start - b.start);
  const graph = graphOf([{ calls }, { calls: engineWaits('epoll_wait', list, 5 * US), process: 2 }]);
  expect(roots(graph, WORKER, at(usual, 5))).toContain(ENGINE);
  expect(roots(graph, WORKER, lock)).toEqual([WORKER]);
});

test('two waits a turn in one call are told apart by what was called before', () => {
  const list = turns(60);
  const STORE = 2;
  // The next task comes from the engine; inside it, after a launch, the worker waits for a store of its own, which hands over by writing.
  const tasks = workerWaits('read', list);
  const inside = list.flatMap(t => [
    call('cudaLaunchKernel', t.handed + 50 * US, t.handed + 55 * US),
    call('read', t.handed + 60 * US, t.handed + 60 * US + (t.done - t.handed) / 3),
  ]);
  const store = list.map(t => call('write', t.handed + 45 * US + (t.done - t.handed) / 3, t.handed + 47 * US + (t.done - t.handed) / 3));
  const calls = [...tasks, ...inside].sort((a, b) => a.start - b.start);
  const graph = graphOf([{ calls }, { calls: engineWaits('epoll_wait', list, 5 * US), process: 2 }, { calls: store, process: 3 }]);
  expect(roots(graph, WORKER, at(tasks, 9))).toContain(ENGINE);
  expect(roots(graph, WORKER, at(inside, 21))).toContain(STORE);
});

test('of two that wait for each other the second keeps its wait', () => {
  const list = turns(40);
  const graph = graphOf([
    { calls: workerWaits('poll', list), process: 1 },
    { calls: engineWaits('poll', list, 5 * US), process: 2 },
  ]);
  // The engine's wait ends when the worker goes to wait.
  expect(graph.partnersOf(ENGINE, 'poll')[0]?.thread).toBe(WORKER);
  for (const s of graph.follow(WORKER, at(list, 3).done, at(list, 20).done)) {
    const threads = [...s.via.map(v => v.thread), s.thread];
    if (s.activity !== 'wait') expect(new Set(threads).size).toBe(threads.length);
    expect(s.via.length).toBeLessThanOrEqual(1);
  }
});

test('hand-overs in a row are followed so far and no further', () => {
  const list = turns(40);
  // Each waits for the next one, and all are woken one after the other.
  const chain = Array.from({ length: DEEPEST + 3 }, (_, k) => ({
    process: k,
    calls: list.slice(1).flatMap((t, i) => {
      const woken = t.handed + WOKEN - k * 30 * US;
      return [call('read', at(list, i).done - k * 10 * US, woken), call('write', woken + 10 * US, woken + 12 * US)];
    }),
  }));
  const wait = at(at(chain, 0).calls, 10);
  const depths = graphOf(chain)
    .follow(0, wait.start, wait.end)
    .map(s => s.via.length);
  expect(Math.max(...depths)).toBe(DEEPEST);
});

describe('a long wait without a usual end', () => {
  // The API process and the engine hand over often; once the engine has nothing to do, and waits in steps of 50 ms for a request.
  const list = turns(60);
  const IDLE = at(list, 59).done + 200 * US;
  const API = 1;
  const engine = [...workerWaits('sem_wait', list), call('poll', IDLE, IDLE + 50 * MS)];
  const wait = at(engine, engine.length - 1);
  const api = [...engineWaits('epoll_wait', list, 5 * US), call('epoll_wait', IDLE + 120 * MS, IDLE + 130 * MS)];
  // Long enough after for the one long stretch of work to be an exception.
  const later = { process: 9, calls: [call('poll', IDLE + 3000 * MS, IDLE + 3001 * MS)] };
  const asleep = [call('epoll_wait', 0, IDLE + 2900 * MS)];
  test('is what the one thread of the other process did that worked all the time', () => {
    const graph = graphOf([{ calls: engine }, { calls: api, process: 2 }, later]);
    expect(told(graph, 0, wait)).toEqual([[API, 'own-code', 50_000, '0 poll busy']]);
  });
  test('stays where two worked', () => {
    const second = workerWaits('read', list);
    const threads = [
      { calls: engine },
      { calls: api, process: 2 },
      later,
      { calls: [...second, call('epoll_wait', IDLE + 120 * MS, IDLE + 130 * MS)], process: 2 },
    ];
    expect(roots(graphOf(threads), 0, wait)).toEqual([0]);
  });
  test('stays where the other process slept', () =>
    expect(
      roots(
        graphOf([
          { calls: engine },
          { calls: [...engineWaits('epoll_wait', list, 5 * US), call('epoll_wait', IDLE - 10 * US, IDLE + 130 * MS)], process: 2 },
          later,
        ]),
        0,
        wait,
      ),
    ).toEqual([0]));
  test('stays where the busy one has nothing to do with the waiting one', () => {
    const stranger = [call('poll', MS, 2 * MS), call('poll', IDLE + 120 * MS, IDLE + 130 * MS)];
    const threads = [
      { calls: engine },
      { calls: [...engineWaits('epoll_wait', list, 5 * US), ...asleep.slice(1)], process: 2 },
      later,
      { calls: stranger, process: 3 },
    ];
    expect(roots(graphOf(threads), 0, wait)).toEqual([0]);
  });
  test('is not followed inside the process unless the scheduler saw the other at work', () => {
    const threads = [{ calls: engine }, { calls: api }, later];
    expect(roots(graphOf(threads), 0, wait)).toEqual([0]);
    const busy = list.map(t => [t.from, t.handed] as const);
    const seen = scheduled(new Map([[API, [...busy, [IDLE - 10 * US, IDLE + 100 * MS] as const]]]));
    expect(roots(graphOf(threads, seen), 0, wait)).toEqual([API]);
  });
});

describe('own code', () => {
  const list = turns(60, new Map([[30, 100 * MS]]));
  const syncs = list.map(t => call('cudaStreamSynchronize', t.handed + WOKEN, t.done));
  test('off the CPU is no computing', () => {
    const c = call('', at(list, 29).done, at(list, 30).handed + WOKEN);
    const scheduler = scheduled(
      new Map([
        [
          WORKER,
          [
            [0, c.start + MS],
            [c.end - MS, at(list, 59).done],
          ] as const,
        ],
      ]),
    );
    expect(
      graphOf([{ calls: syncs }], scheduler)
        .follow(WORKER, c.start, c.end)
        .map(s => [s.activity, s.call, s.end - s.start]),
    ).toEqual([
      ['own-code', '', MS],
      ['wait', OFF_CPU, c.end - c.start - 2 * MS],
      ['own-code', '', MS],
    ]);
  });
});

test('whatever the threads did, the time asked for is covered once', () => {
  const made = fc.record({
    start: fc.integer({ min: 0, max: 400 }),
    length: fc.integer({ min: 0, max: 90 }),
    name: fc.constantFrom('poll', 'write', 'read', 'sem_wait', 'futex', 'cudaLaunchKernel', 'cudaStreamSynchronize'),
  });
  const thread = fc.array(made, { maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(thread, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 200 }),
      (threads, from, length) => {
        const host = threads.map((calls, process) => ({
          process,
          calls: calls.map(c => call(c.name, c.start * 10 * US, (c.start + c.length) * 10 * US)),
        }));
        const found = graphOf(host).follow(0, from * 10 * US, (from + length) * 10 * US);
        let until = from * 10 * US;
        for (const s of found) {
          expect(s.start).toBe(until);
          expect(s.end).toBeGreaterThan(s.start);
          until = s.end;
        }
        expect(until).toBe((from + length) * 10 * US);
      },
    ),
  );
});
