const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;

/** Numbers in the order in which they came, null for a missing one, 8 bytes each: held 32 KiB at a time, so that nothing is copied as it grows and a few cost little. */
export class NumberColumn {
  /** A block of which nothing is known is not there. */
  readonly #blocks: (Float64Array | undefined)[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number | null): void {
    this.#length += 1;
    this.set(this.#length - 1, value);
  }

  set(index: number, value: number | null): void {
    const at = index >>> BLOCK_BITS;
    if (value === null && this.#blocks[at] === undefined) return;
    const block = this.#blocks[at] ?? new Float64Array(BLOCK).fill(Number.NaN);
    this.#blocks[at] = block;
    block[index & (BLOCK - 1)] = value ?? Number.NaN;
  }

  at(index: number): number | null {
    const value = this.#blocks[index >>> BLOCK_BITS]?.[index & (BLOCK - 1)];
    return value === undefined || Number.isNaN(value) ? null : value;
  }
}
