/** Emptied places at the beginning are given up so many at a time. */
const TRIM = 1024;

/**
 * What is in flight, in the order of release. Not a Map: at each rehash V8 links the old table to the new one, and once the first has
 * become old, all later ones and what they held survive every minor collection, which then takes milliseconds instead of a tenth of that.
 */
export class InFlight<T> {
  readonly #places: (T | undefined)[] = [];
  /** Places that were given up. */
  #gone = 0;
  /** All before this one are empty. */
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns the place, to leave it by. */
  add(flight: T): number {
    this.#size++;
    return this.#gone + this.#places.push(flight) - 1;
  }

  /** Each place is left once. */
  leave(place: number): void {
    this.#places[place - this.#gone] = undefined;
    this.#size--;
    while (this.#first < this.#places.length && this.#places[this.#first] === undefined) this.#first++;
    if (this.#first < TRIM) return;
    this.#places.splice(0, this.#first);
    this.#gone += this.#first;
    this.#first = 0;
  }

  /** A copy, so that those it names may leave meanwhile; the one that has waited longest first. */
  all(): T[] {
    return this.#places.slice(this.#first).filter(flight => flight !== undefined);
  }
}
