import { itemAt, realAt, valueAt } from '#core/columns';
import { ascendingOrder } from '#core/math/spans';
import type { Ns } from '#core/units';
import { Running } from './running-jobs.ts';

/** A request as a lane sees it. All times are those of the lane's clock. */
export interface Job {
  /** When it may be admitted, if there is room. */
  readonly ready: Ns;
  /** For how long its admission holds up everyone, itself included: its prefill. */
  readonly holdsUp: Ns;
  /** What it needs beside that, on a lane that it has to itself. */
  readonly work: Ns;
}

/** How many requests a lane takes, and how its pace falls with them. */
export interface LaneRules {
  readonly most: number;
  /** Time of a step with so many requests running, in times of one with a single request. */
  readonly slowdown: (running: number) => number;
}

/** When a request was admitted and when it was done, on the lane's clock. */
export interface Served {
  readonly admitted: Ns;
  readonly done: Ns;
}

/**
 * What each request worked, in the `work` of a job, from when it was admitted and when it was done: the time of its life without
 * the prefills in it, each stretch divided by the slowdown of that moment. `replay` of the same admissions gives the same ends.
 */
export function workOf(served: readonly Served[], holdsUp: ArrayLike<Ns>, slowdown: LaneRules['slowdown']): Float64Array {
  const n = served.length;
  const times = new Float64Array(2 * n);
  for (const [i, { admitted, done }] of served.entries()) {
    times[i] = admitted;
    times[n + i] = done;
  }
  const progress = new Float64Array(2 * n);
  const order = ascendingOrder(times);
  const lane = new Lane(n === 0 ? 0 : realAt(times, valueAt(order, 0)), slowdown);
  for (const e of order) {
    lane.goOn(realAt(times, e));
    progress[e] = lane.progress;
    if (e < n) lane.admit(valueAt(holdsUp, e));
    else lane.running--;
  }
  return Float64Array.from({ length: n }, (_, i) => Math.max(0, realAt(progress, n + i) - realAt(progress, i)));
}

/** A lane at a moment. One that is led on from event to event: with a copy for each, the copies would take most of the time. */
class Lane {
  now: Ns;
  /** Prefill that is still to be done. */
  held: Ns = 0;
  /** Work that a request that ran since the beginning would have done. */
  progress: Ns = 0;
  running = 0;
  readonly #slowdown: LaneRules['slowdown'];

  constructor(now: Ns, slowdown: LaneRules['slowdown']) {
    this.now = now;
    this.#slowdown = slowdown;
  }

  goOn(to: Ns): void {
    const held = Math.min(this.held, to - this.now);
    const free = to - this.now - held;
    this.now = to;
    this.held -= held;
    // Dividing by the slowdown of nobody has no meaning, and no request that could mind.
    this.progress += free / this.#slowdown(Math.max(1, this.running));
  }

  admit(holdsUp: Ns): void {
    this.held += holdsUp;
    this.running++;
  }

  /** When a request is done that ends at so much progress, if nobody comes before. */
  reaches(progress: Ns): Ns {
    return this.now + this.held + Math.max(0, progress - this.progress) * this.#slowdown(this.running);
  }

  /** Goes on to where one is done. Its progress is set, not added up: rounding must not leave it a hair short of its end. */
  finish(at: Ns, progress: Ns): void {
    this.now = at;
    this.held = 0;
    this.progress = Math.max(progress, this.progress);
    this.running--;
  }
}

/**
 * Lets requests through a lane: whoever is ready is admitted in that order while there is room, its prefill holds everyone up, and
 * all that run share the lane's pace. With room for one and no slowdown it is the first-in-first-out queue of one server.
 */
export function replay(jobs: readonly Job[], { most, slowdown }: LaneRules): readonly Served[] {
  const order = ascendingOrder(jobs.map(j => j.ready));
  const admitted = new Float64Array(jobs.length);
  const done = new Float64Array(jobs.length);
  const running = new Running(jobs.length);
  const lane = new Lane(order.length === 0 ? 0 : itemAt(jobs, valueAt(order, 0)).ready, slowdown);
  let next = 0;
  while (next < order.length || running.size > 0) {
    const entering = next < order.length && running.size < most ? itemAt(jobs, valueAt(order, next)) : undefined;
    const enters = entering === undefined ? Number.POSITIVE_INFINITY : Math.max(lane.now, entering.ready);
    const leaves = running.size === 0 ? Number.POSITIVE_INFINITY : lane.reaches(running.firstUntil);
    if (leaves <= enters) {
      const until = running.firstUntil;
      done[running.take()] = leaves;
      lane.finish(leaves, until);
    } else if (entering !== undefined) {
      const job = valueAt(order, next);
      lane.goOn(enters);
      admitted[job] = enters;
      running.add(job, lane.progress + entering.work);
      lane.admit(entering.holdsUp);
      next++;
    }
  }
  return jobs.map((_, i) => ({ admitted: realAt(admitted, i), done: realAt(done, i) }));
}
