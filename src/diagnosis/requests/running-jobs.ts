import { intAt, realAt } from '#core/columns';
import type { Ns } from '#core/units';

/** Running requests, the first to be done in front: a binary heap in two columns, since thousands may run at once. */
export class Running {
  readonly #job: Int32Array;
  /** The lane's progress at which each is done. */
  readonly #until: Float64Array;
  #size = 0;

  /** @param most that may run at once */
  constructor(most: number) {
    this.#job = new Int32Array(most);
    this.#until = new Float64Array(most);
  }

  get size(): number {
    return this.#size;
  }

  /** The progress at which the first is done. */
  get firstUntil(): Ns {
    return realAt(this.#until, 0);
  }

  add(job: number, until: Ns): void {
    let i = this.#size++;
    this.#put(i, job, until);
    for (let up = (i - 1) >> 1; i > 0 && realAt(this.#until, up) > realAt(this.#until, i); up = (i - 1) >> 1) {
      this.#swap(i, up);
      i = up;
    }
  }

  /** Takes out the first to be done. */
  take(): number {
    const first = intAt(this.#job, 0);
    const size = --this.#size;
    this.#put(0, intAt(this.#job, size), realAt(this.#until, size));
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < size && realAt(this.#until, left) < realAt(this.#until, least)) least = left;
      if (right < size && realAt(this.#until, right) < realAt(this.#until, least)) least = right;
      if (least === i) return first;
      this.#swap(i, least);
      i = least;
    }
  }

  #put(i: number, job: number, until: Ns): void {
    this.#job[i] = job;
    this.#until[i] = until;
  }

  #swap(a: number, b: number): void {
    const [job, until] = [intAt(this.#job, a), realAt(this.#until, a)];
    this.#put(a, intAt(this.#job, b), realAt(this.#until, b));
    this.#put(b, job, until);
  }
}
