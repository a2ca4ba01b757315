import { itemAt, realAt, valueAt } from '#core/columns';
import { ascendingOrder } from '#core/math/spans';
import type { Ns } from '#core/units';

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
  const times = Float64Array.from({ length: 2 * n }, (_, e) => (e < n ? itemAt(served, e).admitted : itemAt(served, e - n).done));
  const progress = new Float64Array(2 * n);
  let lane: Lane = { now: 0, held: 0, progress: 0, running: 0 };
  let begun = false;
  for (const e of ascendingOrder(times)) {
    if (!begun) lane = { ...lane, now: realAt(times, e) };
    begun = true;
    lane = goOn(lane, realAt(times, e), slowdown);
    progress[e] = lane.progress;
    lane = e < n ? { ...lane, held: lane.held + valueAt(holdsUp, e), running: lane.running + 1 } : { ...lane, running: lane.running - 1 };
  }
  return Float64Array.from({ length: n }, (_, i) => Math.max(0, realAt(progress, n + i) - realAt(progress, i)));
}

interface Lane {
  readonly now: Ns;
  /** Prefill that is still to be done. */
  readonly held: Ns;
  /** Work that a request that ran since the beginning would have done. */
  readonly progress: Ns;
  readonly running: number;
}

function goOn(lane: Lane, to: Ns, slowdown: LaneRules['slowdown']): Lane {
  const held = Math.min(lane.held, to - lane.now);
  const free = to - lane.now - held;
  // Dividing by the slowdown of nobody has no meaning, and no request that could mind.
  return { ...lane, now: to, held: lane.held - held, progress: lane.progress + free / slowdown(Math.max(1, lane.running)) };
}

/**
 * Lets requests through a lane: whoever is ready is admitted in that order while there is room, its prefill holds everyone up, and
 * all that run share the lane's pace. With room for one and no slowdown it is the first-in-first-out queue of one server.
 */
export function replay(jobs: readonly Job[], { most, slowdown }: LaneRules): readonly Served[] {
  const order = ascendingOrder(Float64Array.from(jobs, j => j.ready));
  const admitted = new Float64Array(jobs.length);
  const done = new Float64Array(jobs.length);
  const running = new Running();
  let lane: Lane = { now: order.length === 0 ? 0 : itemAt(jobs, valueAt(order, 0)).ready, held: 0, progress: 0, running: 0 };
  let next = 0;
  while (next < order.length || running.size > 0) {
    const entering = next < order.length && running.size < most ? valueAt(order, next) : undefined;
    const enters = entering === undefined ? Number.POSITIVE_INFINITY : Math.max(lane.now, itemAt(jobs, entering).ready);
    const leaves =
      running.size === 0
        ? Number.POSITIVE_INFINITY
        : lane.now + lane.held + Math.max(0, running.first.until - lane.progress) * slowdown(running.size);
    if (leaves <= enters) {
      // Its progress is set, not added up: rounding must not leave it a hair short of its end.
      const { job, until } = running.take();
      lane = { now: leaves, held: 0, progress: Math.max(until, lane.progress), running: running.size };
      done[job] = leaves;
    } else if (entering !== undefined) {
      lane = goOn(lane, enters, slowdown);
      admitted[entering] = enters;
      running.add(entering, lane.progress + itemAt(jobs, entering).work);
      lane = { ...lane, held: lane.held + itemAt(jobs, entering).holdsUp, running: running.size };
      next++;
    }
  }
  return jobs.map((_, i) => ({ admitted: realAt(admitted, i), done: realAt(done, i) }));
}

interface Ending {
  readonly job: number;
  /** The lane's progress at which it is done. */
  readonly until: Ns;
}

/** Running requests, the first to be done in front (a binary heap; thousands may run at once). */
class Running {
  readonly #heap: Ending[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get first(): Ending {
    return itemAt(this.#heap, 0);
  }

  add(job: number, until: Ns): void {
    const heap = this.#heap;
    let i = heap.push({ job, until }) - 1;
    for (let up = (i - 1) >> 1; i > 0 && itemAt(heap, up).until > itemAt(heap, i).until; up = (i - 1) >> 1) {
      this.#swap(i, up);
      i = up;
    }
  }

  take(): Ending {
    const heap = this.#heap;
    const { first } = this;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) heap[0] = last;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && itemAt(heap, left).until < itemAt(heap, least).until) least = left;
      if (right < heap.length && itemAt(heap, right).until < itemAt(heap, least).until) least = right;
      if (least === i) return first;
      this.#swap(i, least);
      i = least;
    }
  }

  #swap(a: number, b: number): void {
    const kept = itemAt(this.#heap, a);
    this.#heap[a] = itemAt(this.#heap, b);
    this.#heap[b] = kept;
  }
}
