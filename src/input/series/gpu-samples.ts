import { NumberColumn } from '#core/math/number-column';
import { GpuSampleRow, type Rows } from '#schema/relation';

type NumberField = Exclude<keyof GpuSampleRow, 'name'>;
const NUMBERS = GpuSampleRow.omit({ name: true }).keyof().options;

/** Readings of GPUs in columns, 8 bytes for each number that is known: tens of millions fit where as many objects would not. */
export class GpuSamples implements Rows<GpuSampleRow> {
  readonly #names: string[] = [];
  readonly #indexOfName = new Map<string, number>();
  /** What each row is called, as an index of `#names`. */
  readonly #named = new NumberColumn();
  readonly #numbers: Readonly<Record<NumberField, NumberColumn>> = {
    t_ms: new NumberColumn(),
    gpu: new NumberColumn(),
    power_w: new NumberColumn(),
    power_limit_w: new NumberColumn(),
    sm_clock_mhz: new NumberColumn(),
    mem_clock_mhz: new NumberColumn(),
    temperature_c: new NumberColumn(),
    utilization_pct: new NumberColumn(),
    memory_used_mib: new NumberColumn(),
    event_reasons: new NumberColumn(),
  };
  /** Which rows of the columns these are, in their order; undefined for all in the order in which they came. */
  #order: Uint32Array | undefined;

  get length(): number {
    return this.#order?.length ?? this.#numbers.gpu.length;
  }

  /** Adds a row at the end; to be called before `arrange` only. */
  add(row: Readonly<GpuSampleRow>): void {
    for (const field of NUMBERS) this.#numbers[field].push(row[field]);
    if (row.name !== null && !this.#indexOfName.has(row.name)) this.#indexOfName.set(row.name, this.#names.push(row.name) - 1);
    this.#named.push(row.name === null ? null : (this.#indexOfName.get(row.name) ?? null));
  }

  /** A text that two rows share when they hold the same values; counted in the order in which they came. */
  fingerprint(index: number): string {
    return [this.#named, ...Object.values(this.#numbers)].map(column => column.at(index)).join();
  }

  /** Sets when a row was read and of which GPU, where that is known only once all rows are there. */
  place(index: number, t_ms: number, gpu: number): void {
    this.#numbers.t_ms.set(index, t_ms);
    this.#numbers.gpu.set(index, gpu);
  }

  /** From now on these rows alone are there, in this order. */
  arrange(order: Uint32Array): void {
    this.#order = order;
  }

  at(index: number): GpuSampleRow | undefined {
    const i = index < 0 ? this.length + index : index;
    if (i < 0 || i >= this.length) return undefined;
    const n = this.#order?.[i] ?? i;
    const { t_ms, gpu, power_w, power_limit_w, sm_clock_mhz, mem_clock_mhz, temperature_c, utilization_pct } = this.#numbers;
    const { memory_used_mib, event_reasons } = this.#numbers;
    return {
      t_ms: t_ms.at(n) ?? 0,
      gpu: gpu.at(n) ?? 0,
      name: this.#names[this.#named.at(n) ?? -1] ?? null,
      power_w: power_w.at(n),
      power_limit_w: power_limit_w.at(n),
      sm_clock_mhz: sm_clock_mhz.at(n),
      mem_clock_mhz: mem_clock_mhz.at(n),
      temperature_c: temperature_c.at(n),
      utilization_pct: utilization_pct.at(n),
      memory_used_mib: memory_used_mib.at(n),
      event_reasons: event_reasons.at(n),
    };
  }

  *[Symbol.iterator](): Generator<GpuSampleRow, void> {
    for (let i = 0; i < this.length; i++) {
      const row = this.at(i);
      if (row !== undefined) yield row;
    }
  }
}
