import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES, cudaActivity, osActivity } from '#trace/events/host-categories';
import { threadCalls } from '#trace/events/thread-activity';
import { onCpuOf, type Scheduler } from './scheduler.ts';

export const US = 1_000;
export const MS = 1_000_000;

/** One call of a made-up thread; times in ns. */
export interface MadeUpCall {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** A made-up thread; process 1 where it names none. */
export interface MadeUpThread {
  readonly process?: number;
  readonly calls: readonly MadeUpCall[];
}

export const call = (name: string, start: number, end: number): MadeUpCall => ({ name, start, end });

/** Calls of made-up threads, numbered as they are given. */
export function madeUp(threads: readonly MadeUpThread[]): HostCalls {
  const names = [...new Set(threads.flatMap(t => t.calls.map(c => c.name)))];
  const activity = (name: string) => ACTIVITIES.indexOf(name.startsWith('cu') ? cudaActivity(name) : osActivity(name));
  const calls = threads.map(t =>
    threadCalls(
      Int32Array.from(t.calls.keys()),
      Float64Array.from(t.calls, c => c.start),
      Float64Array.from(t.calls, c => c.end),
      Uint8Array.from(t.calls, c => activity(c.name)),
      Int32Array.from(t.calls, c => names.indexOf(c.name)),
    ),
  );
  const none = threadCalls(new Int32Array(0), new Float64Array(0), new Float64Array(0), new Uint8Array(0), new Int32Array(0));
  return {
    api: {
      n: 0,
      start: new Float64Array(0),
      end: new Float64Array(0),
      thread: new Int32Array(0),
      nameId: new Int32Array(0),
      find: () => -1,
    },
    threads: threads.map((t, tid) => ({ process: t.process ?? 1, pid: t.process ?? 1, tid })),
    callsOf: t => calls[t] ?? none,
    nameOf: id => names[id] ?? '(unnamed)',
    hasOsCalls: true,
  };
}

/** Numbers between 0 and 1 that look random and are the same each time (Park & Miller's generator). */
export function rng(seed = 7): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A scheduler that knows the stretches which the given threads were on a CPU. */
export const scheduled = (spans: ReadonlyMap<number, readonly (readonly [number, number])[]>): Scheduler => ({
  onCpu: ({ tid }) => {
    const of = spans.get(tid);
    return of === undefined
      ? undefined
      : onCpuOf(
          of.flatMap(s => [s[0], s[1]]),
          of.flatMap(() => [1, 0]),
        );
  },
});

/** Where one turn of an engine and its worker begins and ends, ns. */
export interface Turn {
  /** The engine has the last result, and begins to work. */
  readonly from: number;
  /** It hands over: the worker wakes `WOKEN` later. */
  readonly handed: number;
  /** The worker is done. */
  readonly done: number;
}

/** How long it takes to wake up. */
export const WOKEN = 20 * US;

/** Turns of about 4 ms: the engine works for 300 to 500 µs, the worker 2 to 5 ms. @param late which turns the engine is late in, and by how much */
export function turns(n: number, late: ReadonlyMap<number, number> = new Map(), seed = 7): readonly Turn[] {
  const next = rng(seed);
  const out: Turn[] = [];
  for (let k = 0, at = MS; k < n; k++) {
    const handed = at + (300 + 200 * next()) * US + (late.get(k) ?? 0);
    const done = handed + WOKEN + (2 + 3 * next()) * MS;
    out.push({ from: at, handed, done });
    at = done + WOKEN;
  }
  return out;
}

/** The worker's waits: from when it is done until it is woken. */
export const workerWaits = (name: string, list: readonly Turn[]): MadeUpCall[] =>
  list.slice(1).map((t, k) => call(name, list[k]?.done ?? 0, t.handed + WOKEN));

/** The engine's waits: from when it handed over (and some µs of its own) until it has the result. */
export const engineWaits = (name: string, list: readonly Turn[], own = 0): MadeUpCall[] =>
  list.map(t => call(name, t.handed + own, t.done + WOKEN));
