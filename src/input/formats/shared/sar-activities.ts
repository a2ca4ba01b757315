import type { Seconds } from '#core/units';
import type { Rates, States } from '#input/series/host-series';
import type { ExactNs } from '#input/time/nanoseconds';
import { cpuRates } from './cpu-rates.ts';
import { diskRates } from './disk-rates.ts';

/** Amounts by the names of sar's columns. */
export type Columns = Readonly<Record<string, number>>;

/** What all activities of sar say of one time. */
export interface Moment {
  readonly line: number;
  readonly ns: ExactNs;
  readonly seconds: Seconds;
  /** Of all CPUs together. */
  cpu: Columns;
  readonly disks: Map<string, Columns>;
  /** Of activities that are of the machine as a whole. */
  others: Columns;
}

/** Columns of the whole machine, the counter each of them is, and how many of ours one of theirs is. */
const COUNTERS: Readonly<Record<string, { readonly counter: keyof Rates; readonly scale: number }>> = {
  'cswch/s': { counter: 'context_switches', scale: 1 },
  'majflt/s': { counter: 'major_faults', scale: 1 },
  'pswpin/s': { counter: 'swap_in_pages', scale: 1 },
  'pswpout/s': { counter: 'swap_out_pages', scale: 1 },
  rtps: { counter: 'disk_reads', scale: 1 },
  wtps: { counter: 'disk_writes', scale: 1 },
  // Percent of the interval in which some task waited: 1 % is 10,000 us a second.
  '%scpu': { counter: 'psi_cpu_some_us', scale: 10_000 },
  '%sio': { counter: 'psi_io_some_us', scale: 10_000 },
  '%smem': { counter: 'psi_mem_some_us', scale: 10_000 },
};
const STATES: Readonly<Record<string, keyof States>> = {
  'runq-sz': 'procs_running',
  blocked: 'procs_blocked',
  kbavail: 'mem_available_kib',
};

export const ratesOf = ({ cpu, disks, others }: Pick<Moment, 'cpu' | 'disks' | 'others'>, cpus: number): Rates => {
  const rates: Rates = { ...cpuRates(cpu, cpus), ...diskRates(disks) };
  for (const [column, value] of Object.entries(others)) {
    const known = Object.hasOwn(COUNTERS, column) ? COUNTERS[column] : undefined;
    if (known !== undefined) rates[known.counter] = value * known.scale;
  }
  return rates;
};

export const statesOf = ({ others }: Pick<Moment, 'others'>): States => {
  const states: States = {};
  for (const [column, value] of Object.entries(others)) {
    const known = Object.hasOwn(STATES, column) ? STATES[column] : undefined;
    if (known !== undefined) states[known] = value;
  }
  return states;
};

/** Whether a column of an activity of the whole machine is read. */
export const isActivity = (column: string): boolean => Object.hasOwn(COUNTERS, column) || Object.hasOwn(STATES, column);
