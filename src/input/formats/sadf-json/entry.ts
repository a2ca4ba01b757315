import { z } from 'zod';
import { cpuRates } from '#input/formats/shared/cpu-rates';
import { diskRates } from '#input/formats/shared/disk-rates';
import { Amount } from '#input/formats/shared/sysstat-json';
import type { Rates, States } from '#input/series/host-series';

const Pressure = z.object({ some_avg: Amount.optional() }).optional();

/** One time of `sadf -j`: an object for each activity that was asked for. */
export const Entry = z.object({
  timestamp: z
    .object({
      date: z.string(),
      time: z.string(),
      utc: z.union([z.number(), z.boolean()]).optional(),
      interval: z.number().min(0).max(1e7),
    })
    .optional(),
  'cpu-load': z.array(z.object({ cpu: z.string() }).catchall(Amount)).optional(),
  'process-and-context-switch': z.object({ cswch: Amount.optional() }).optional(),
  paging: z.object({ majflt: Amount.optional() }).optional(),
  'swap-pages': z.object({ pswpin: Amount.optional(), pswpout: Amount.optional() }).optional(),
  io: z
    .object({ 'io-reads': z.object({ rtps: Amount.optional() }).optional(), 'io-writes': z.object({ wtps: Amount.optional() }).optional() })
    .optional(),
  memory: z.object({ avail: Amount.optional() }).optional(),
  queue: z.object({ 'runq-sz': Amount.optional(), blocked: Amount.optional() }).optional(),
  disk: z.array(z.object({ 'disk-device': z.string() }).catchall(Amount)).optional(),
  psi: z.object({ 'psi-cpu': Pressure, 'psi-io': Pressure, 'psi-mem': Pressure }).optional(),
});
type Entry = z.infer<typeof Entry>;

/** Of an interval, in which `some_avg` percent were lost to waiting: 1 % is 10,000 us a second. */
const PSI_US = 10_000;

export const ratesOf = (entry: Entry, cpus: number): Rates => {
  const { cpu: _, ...shares } = entry['cpu-load']?.find(load => load.cpu === 'all') ?? { cpu: 'all' };
  const disks = new Map((entry.disk ?? []).map(({ 'disk-device': name, ...columns }) => [name, columns]));
  const pressure = (value: number | undefined) => (value === undefined ? undefined : value * PSI_US);
  return known({
    ...cpuRates(shares, cpus),
    ...diskRates(disks),
    context_switches: entry['process-and-context-switch']?.cswch,
    major_faults: entry.paging?.majflt,
    swap_in_pages: entry['swap-pages']?.pswpin,
    swap_out_pages: entry['swap-pages']?.pswpout,
    disk_reads: entry.io?.['io-reads']?.rtps,
    disk_writes: entry.io?.['io-writes']?.wtps,
    psi_cpu_some_us: pressure(entry.psi?.['psi-cpu']?.some_avg),
    psi_io_some_us: pressure(entry.psi?.['psi-io']?.some_avg),
    psi_mem_some_us: pressure(entry.psi?.['psi-mem']?.some_avg),
  });
};

export const statesOf = ({ queue, memory }: Entry): States =>
  known({ procs_running: queue?.['runq-sz'], procs_blocked: queue?.blocked, mem_available_kib: memory?.avail });

/** Without what is not there: an undefined would stand for a column that the file has. */
const known = <K extends string>(all: Partial<Record<K, number | undefined>>): Partial<Record<K, number>> => {
  const found: Partial<Record<K, number>> = {};
  for (const key of Object.keys(all) as K[]) {
    const value = all[key];
    if (value !== undefined) found[key] = value;
  }
  return found;
};
