/** Emptied slots at the beginning are given up so many at a time. */
const TRIM = 1024;

/**
 * What is in flight, in the order of release. Not a Map: at each rehash V8 links the old table to the new one, and once the first has
 * become old, all later ones and what they held survive every minor collection, which then takes milliseconds instead of a tenth of that.
 */
export class InFlight<T> {
  readonly #slots: (T | undefined)[] = [];
  /** Slots that were given up. */
  #gone = 0;
  /** All before this one are empty. */
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns the slot, to leave it by. */
  add(item: T): number {
    this.#size++;
    return this.#gone + this.#slots.push(item) - 1;
  }

  /** Each slot is left once. */
  leave(slot: number): void {
    this.#slots[slot - this.#gone] = undefined;
    this.#size--;
    while (this.#first < this.#slots.length && this.#slots[this.#first] === undefined) this.#first++;
    if (this.#first < TRIM) return;
    this.#slots.splice(0, this.#first);
    this.#gone += this.#first;
    this.#first = 0;
  }

  /** A copy, so that those it names may leave meanwhile; the one that has waited longest first. */
  all(): T[] {
    return this.#slots.slice(this.#first).filter(item => item !== undefined);
  }
}
