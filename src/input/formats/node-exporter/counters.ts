import { isDisk } from '#input/formats/shared/disk-rates';
import type { Metric } from '#input/formats/shared/exposition';
import type { HostSampleRow } from '#schema/relation';

type Field = Exclude<keyof HostSampleRow, 't_ms'>;
/** Sums over CPUs and disks, by the fields of a row; disks stay apart until all of them are known. */
export type Totals = Map<Field, Map<string, number>>;

/** USER_HZ: the ticks in a second of /proc/stat. */
const TICKS_PER_S = 100;
const SECTOR_BYTES = 512;
const MS_PER_S = 1000;
const US_PER_S = 1e6;

/** node_cpu_seconds_total by its mode. */
const MODES: Readonly<Record<string, Field>> = {
  user: 'cpu_user_ticks',
  system: 'cpu_system_ticks',
  idle: 'cpu_idle_ticks',
  iowait: 'cpu_iowait_ticks',
};
/** All other metrics, the field of each, and how many of ours one of theirs is. */
const METRICS: Readonly<Record<string, { readonly field: Field; readonly scale: number }>> = {
  node_context_switches_total: { field: 'context_switches', scale: 1 },
  node_procs_running: { field: 'procs_running', scale: 1 },
  node_procs_blocked: { field: 'procs_blocked', scale: 1 },
  node_disk_reads_completed_total: { field: 'disk_reads', scale: 1 },
  node_disk_read_bytes_total: { field: 'disk_read_sectors', scale: 1 / SECTOR_BYTES },
  node_disk_read_time_seconds_total: { field: 'disk_read_ms', scale: MS_PER_S },
  node_disk_writes_completed_total: { field: 'disk_writes', scale: 1 },
  node_disk_written_bytes_total: { field: 'disk_write_sectors', scale: 1 / SECTOR_BYTES },
  node_disk_io_time_seconds_total: { field: 'disk_io_ms', scale: MS_PER_S },
  node_vmstat_pgmajfault: { field: 'major_faults', scale: 1 },
  node_vmstat_pswpin: { field: 'swap_in_pages', scale: 1 },
  node_vmstat_pswpout: { field: 'swap_out_pages', scale: 1 },
  node_memory_MemAvailable_bytes: { field: 'mem_available_kib', scale: 1 / 1024 },
  node_pressure_io_waiting_seconds_total: { field: 'psi_io_some_us', scale: US_PER_S },
  node_pressure_memory_waiting_seconds_total: { field: 'psi_mem_some_us', scale: US_PER_S },
  node_pressure_cpu_waiting_seconds_total: { field: 'psi_cpu_some_us', scale: US_PER_S },
};

export const HOST_FIELDS: readonly Field[] = [...Object.values(MODES), ...Object.values(METRICS).map(({ field }) => field)];

/** Adds a metric to what is known of a scrape. @returns whether it is one that is read */
export const addMetric = (totals: Totals, { name, labels, value }: Metric): boolean => {
  const mode = name === 'node_cpu_seconds_total' ? MODES[labels.get('mode') ?? ''] : undefined;
  const known = mode === undefined ? (Object.hasOwn(METRICS, name) ? METRICS[name] : undefined) : { field: mode, scale: TICKS_PER_S };
  if (known === undefined || !Number.isFinite(value) || value < 0) return false;
  const parts = totals.get(known.field) ?? new Map<string, number>();
  totals.set(known.field, parts.set(labels.get('device') ?? labels.get('cpu') ?? '', value * known.scale));
  return true;
};

/** The row of a scrape: disks are added up, without partitions and what lies over disks. */
export const toRow = (totals: Totals, empty: Readonly<HostSampleRow>): HostSampleRow => {
  const sums = [...totals].map(([field, parts]) => {
    const names = new Set(parts.keys());
    const counted = [...parts].filter(([name]) => !field.startsWith('disk_') || isDisk(name, names));
    return [field, counted.reduce((sum, [, value]) => sum + value, 0)] as const;
  });
  return { ...empty, ...Object.fromEntries(sums) };
};
