import { describe, expect, test } from 'vitest';
import { hostCalls, type ThreadCall } from '#test/lane-sample';
import type { HostCalls, HostThread } from '#trace/events/host-calls';
import { findOutside } from './outside.ts';

const MS = 1e6;
const ENGINE = 1;
const SERVER = 2;
const CLIENT = 3;

/** Threads of processes, each with its calls: times in ms. */
function hostOf(...threads: readonly { readonly process: number; readonly calls: readonly ThreadCall[] }[]): HostCalls {
  const all = threads.flatMap(({ calls }, thread) => calls.map(c => ({ ...c, start: c.start * MS, end: c.end * MS, thread })));
  return { ...hostCalls(all), threads: threads.map(({ process }, tid): HostThread => ({ process, pid: 100 + process, tid })) };
}
const os = (name: string, start: number, end: number): ThreadCall => ({ name, start, end, kind: 'os' });

/** An event loop of 1000 ms: 8 ms of every 10 in its wait, then calls of 0.1 ms each; in [400, 500) what is given instead. */
function loop(calls: readonly string[], instead: readonly ThreadCall[] = [], wait = 'epoll_wait'): readonly ThreadCall[] {
  const turns = Array.from({ length: 100 }, (_, k) => 10 * k).filter(t => instead.length === 0 || t < 400 || t >= 500);
  const usual = turns.flatMap(t => [os(wait, t, t + 8), ...calls.map((name, i) => os(name, t + 8 + 0.2 * i, t + 8.1 + 0.2 * i))]);
  return [...usual, ...instead];
}
/** Some tokens to the client, nothing back. */
const sends = ['send', 'send', 'send'];
/** Tokens from the server, few requests to it. */
const receives = ['recv', 'recv', 'recv', 'send'];
/** What the trace shows of [400, 500). */
function stateOf(host: HostCalls, serving = [ENGINE], fewest = 100) {
  const state = findOutside(host, new Set(serving), fewest)?.(400 * MS, 500 * MS);
  return state && { who: state.who, busy: state.busy && `process ${state.busy.process}: ${state.busy.call || 'its own code'}` };
}

describe('who held requests up outside the engine', () => {
  test('was the front end where its event loop sat in another call', () => {
    const host = hostOf(
      { process: SERVER, calls: loop(sends, [os('pthread_mutex_lock', 400, 500)]) },
      { process: CLIENT, calls: loop(receives) },
    );
    expect(stateOf(host)).toEqual({ who: 'front-end', busy: 'process 102: pthread_mutex_lock' });
  });
  test('is told with the thread, as the operating system numbers it', () => {
    const host = hostOf({ process: CLIENT, calls: loop(receives) }, { process: SERVER, calls: loop(sends, [os('write', 400, 500)]) });
    expect(findOutside(host, new Set([ENGINE]), 100)?.(400 * MS, 500 * MS).busy).toEqual({ process: 102, thread: 1, call: 'write' });
  });
  test('was the front end where its event loop computed', () => {
    const host = hostOf({ process: SERVER, calls: loop(sends, [os('epoll_wait', 499, 500)]) }, { process: CLIENT, calls: loop(receives) });
    expect(stateOf(host)).toEqual({ who: 'front-end', busy: 'process 102: its own code' });
  });
  test('was the client where that was busy and the front end waited', () => {
    const host = hostOf({ process: SERVER, calls: loop(sends) }, { process: CLIENT, calls: loop(receives, [os('nanosleep', 400, 500)]) });
    expect(stateOf(host)).toEqual({ who: 'client', busy: 'process 103: nanosleep' });
  });
  test('was the front end where both were busy: the client has nothing to receive', () => {
    const host = hostOf(
      { process: CLIENT, calls: loop(receives, [os('nanosleep', 400, 500)]) },
      { process: SERVER, calls: loop(sends, [os('write', 400, 500)]) },
    );
    expect(stateOf(host)?.who).toBe('front-end');
  });
  test('is a client beyond the trace where all that it shows waited', () => {
    const host = hostOf({ process: SERVER, calls: loop(sends) }, { process: CLIENT, calls: loop(receives) });
    expect(stateOf(host)).toEqual({ who: 'client', busy: undefined });
  });
  test('is told by what it did most', () => {
    const host = hostOf({ process: SERVER, calls: loop(sends, [os('write', 400, 430), os('pread', 430, 500)]) });
    expect(stateOf(host)?.busy).toBe('process 102: pread');
  });
});

describe('a loop was kept from its usual wait', () => {
  const waited = (ms: number) => stateOf(hostOf({ process: SERVER, calls: loop(sends, [os('epoll_wait', 400, 400 + ms)]) }))?.busy;
  test('where it sat there for no more than half of the time', () => {
    expect(waited(51)).toBeUndefined();
    expect(waited(50)).toBe('process 102: its own code');
  });
  test('which is the call that it spends most of its time in, whatever its name', () => {
    const select = (instead: readonly ThreadCall[]) => stateOf(hostOf({ process: SERVER, calls: loop(sends, instead, 'select') }))?.busy;
    expect(select([os('select', 400, 500)])).toBeUndefined();
    expect(select([os('epoll_wait', 400, 500)])).toBe('process 102: epoll_wait');
  });
});

describe('a process is a client', () => {
  const who = (calls: readonly string[]) => stateOf(hostOf({ process: SERVER, calls: loop(calls, [os('write', 400, 500)]) }))?.who;
  test('where it receives more than twice for each time it sends', () => {
    expect(who(['recv', 'recv', 'send'])).toBe('front-end');
    expect(who(['recv', 'recvfrom', 'recvmsg', 'send'])).toBe('client');
  });
  test('where it receives and never sends by a call that says so', () => expect(who(['recv', 'write'])).toBe('client'));
  test('not where it neither receives nor sends', () => expect(who(['write'])).toBe('front-end'));
});

describe('outside of the engine', () => {
  const busy = loop(sends, [os('write', 400, 500)]);
  test('are only processes that run nothing on a GPU', () => {
    const host = hostOf({ process: ENGINE, calls: busy }, { process: SERVER, calls: loop(sends) });
    expect(stateOf(host)?.busy).toBeUndefined();
    expect(stateOf(host, [ENGINE, SERVER])).toBeUndefined();
  });
  test('are only processes with a thread that makes enough calls to hand out tokens', () => {
    const host = hostOf({ process: SERVER, calls: busy });
    // 90 turns of four calls, and the one that held it up.
    expect(stateOf(host, [ENGINE], 361)?.busy).toBe('process 102: write');
    expect(stateOf(host, [ENGINE], 362)).toBeUndefined();
  });
  test('is the thread of a process that makes most calls, not its helpers', () => {
    const helper = [os('futex', 0, 300), os('write', 300, 1000)];
    expect(stateOf(hostOf({ process: SERVER, calls: helper }, { process: SERVER, calls: loop(sends) }), [ENGINE], 1)?.busy).toBeUndefined();
    expect(stateOf(hostOf({ process: SERVER, calls: helper }, { process: SERVER, calls: busy }), [ENGINE], 1)?.busy).toBe(
      'process 102: write',
    );
  });
  test('is nobody where the trace shows no other process', () => {
    expect(findOutside(hostCalls([]), new Set([1]), 1)).toBeUndefined();
    expect(findOutside(hostOf(), new Set(), 1)).toBeUndefined();
  });
  test('is known though nobody had asked for calls before: threads without CUDA are found with them', () => {
    const host = hostOf({ process: SERVER, calls: busy });
    const threads: HostThread[] = [];
    const late = {
      ...host,
      threads,
      callsOf: (t: number) => {
        if (threads.length === 0) threads.push(...host.threads);
        return host.callsOf(t);
      },
    };
    expect(stateOf(late)?.busy).toBe('process 102: write');
  });
});
