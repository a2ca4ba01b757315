import { monotonicNs, NS_PER_MS } from './monotonic.ts';

/** A timer of Node may come so late: it counts whole milliseconds, and wakes up after rounding. What is nearer is polled for. */
const TIMER_SLACK_NS = 2.5 * NS_PER_MS;
/**
 * While it polls it sleeps in naps of this length. Turning without a pause would take a whole core, and a thread that never sleeps is
 * stopped by the kernel for whole time slices (milliseconds) as soon as anything else wants to run; a read of a socket waits no longer than a nap.
 */
const NAP_NS = 0.1 * NS_PER_MS;
/** At most so many calls in a row, so that sockets are read in between even when we are behind. */
const CALLS_A_TURN = 4;

interface Entry {
  readonly due: number;
  readonly call: () => void;
}

/**
 * Calls at absolute times of the monotonic clock, never early. Timers of Node are good to a millisecond and drift when each is set from
 * the last; so a timer brings us close, and from there the event loop is turned in naps of a tenth of a millisecond, which reads sockets at
 * every turn and hits the moment to less than that.
 */
export class PreciseQueue {
  /** A binary heap by due time. */
  readonly #heap: Entry[] = [];
  /** Nobody ever wakes it: the time limit of the wait does. */
  readonly #bed = new Int32Array(new SharedArrayBuffer(4));
  #timer: NodeJS.Timeout | undefined;
  #polling = false;
  #closed = false;

  /** @param due monotonic ns */
  at(due: number, call: () => void): void {
    if (this.#closed) return;
    this.#push({ due, call });
    if (this.#heap[0]?.due === due) this.#arm();
  }

  close(): void {
    this.#closed = true;
    this.#heap.length = 0;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const next = this.#heap[0];
    if (next === undefined || this.#polling || this.#closed) return;
    clearTimeout(this.#timer);
    const wait = next.due - monotonicNs();
    if (wait > TIMER_SLACK_NS) this.#timer = setTimeout(this.#wake, Math.floor((wait - TIMER_SLACK_NS) / NS_PER_MS) + 1);
    else {
      this.#polling = true;
      setImmediate(this.#poll);
    }
  }

  readonly #wake = (): void => this.#arm();

  readonly #poll = (): void => {
    this.#polling = false;
    for (let calls = 0; calls < CALLS_A_TURN; calls++) {
      const next = this.#heap[0];
      if (next === undefined || next.due > monotonicNs()) break;
      this.#pop();
      next.call();
    }
    const wait = (this.#heap[0]?.due ?? 0) - monotonicNs();
    if (wait > 0) Atomics.wait(this.#bed, 0, 0, Math.min(NAP_NS, wait) / NS_PER_MS);
    this.#arm();
  };

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      // Of equal times the first to come is the first to go: only what is strictly earlier rises.
      if (parent === undefined || parent.due <= entry.due) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right !== undefined && left !== undefined && right.due < left.due ? right : left;
      if (child === undefined || child.due >= last.due) break;
      heap[at] = child;
      at = child === left ? 2 * at + 1 : 2 * at + 2;
    }
    heap[at] = last;
  }
}
