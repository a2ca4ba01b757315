import type { Ns, Seconds } from '#core/units';
import type { Target } from './target.ts';

/** Requests that are due at given times. Plain data: it travels to other processes. */
export interface OpenPlan {
  readonly loop: 'open';
  /** Goes into the ids of its requests. */
  readonly stage: string;
  /** The schedule's zero on the monotonic clock. */
  readonly start: Ns;
  /** Numbers of the requests in the whole stage, ascending; the next three fields go with them. */
  readonly index: Uint32Array;
  /** Seconds from `start`, ascending. */
  readonly due: Float64Array;
  readonly promptTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  /** Requests due before this many seconds are warm-up. */
  readonly warmUp: Seconds;
  readonly limits: Limits;
}

/** So many requests in flight, each followed by the next, until the time is up. */
export interface ClosedPlan {
  readonly loop: 'closed';
  readonly stage: string;
  readonly start: Ns;
  readonly concurrency: number;
  /** The numbers first, first + step, … */
  readonly first: number;
  readonly step: number;
  /** Lengths of request i, used again from the beginning. */
  readonly promptTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  /** Seconds from `start`: requests sent before the first are warm-up, and none are sent after the second. */
  readonly warmUp: Seconds;
  readonly end: Seconds;
  /** No more than so many. */
  readonly requests: number;
  readonly limits: Limits;
}
export type Plan = OpenPlan | ClosedPlan;

export interface Limits {
  /** Seconds that a request may take from when it was released. */
  readonly timeout: Seconds;
  /** Seconds that are waited after the last request was sent for those in flight. */
  readonly drain: Seconds;
}

/** What a generator needs that holds for all stages. */
export interface Equipment {
  readonly target: Target;
  readonly seed: number;
}

/** Splits a plan among generators, so that each has every n-th request, and together they do what the plan says. */
export function shares(plan: Plan, generators: number): Plan[] {
  const all = Array.from({ length: generators }, (_, g) => g);
  if (plan.loop === 'closed')
    return all.map(g => ({
      ...plan,
      concurrency: Math.floor(plan.concurrency / generators) + (g < plan.concurrency % generators ? 1 : 0),
      first: g,
      step: generators,
    }));
  return all.map(g => {
    const mine = (_: number, i: number) => i % generators === g;
    return {
      ...plan,
      index: plan.index.filter(mine),
      due: plan.due.filter(mine),
      promptTokens: plan.promptTokens.filter(mine),
      outputTokens: plan.outputTokens.filter(mine),
    };
  });
}
