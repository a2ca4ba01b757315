import type { HostSampleRow } from '#schema/relation';

export type HostField = Exclude<keyof HostSampleRow, 't_ms'>;

/** The columns of the file, each with the column of our relation that it fills. A field's own name is understood too. */
const COLUMNS: Readonly<Record<string, HostField>> = {
  cpu_user: 'cpu_user_ticks',
  cpu_system: 'cpu_system_ticks',
  cpu_idle: 'cpu_idle_ticks',
  cpu_iowait: 'cpu_iowait_ticks',
  ctxt: 'context_switches',
  procs_running: 'procs_running',
  procs_blocked: 'procs_blocked',
  disk_reads: 'disk_reads',
  disk_read_sectors: 'disk_read_sectors',
  disk_read_ms: 'disk_read_ms',
  disk_writes: 'disk_writes',
  disk_write_sectors: 'disk_write_sectors',
  disk_io_ms: 'disk_io_ms',
  pgmajfault: 'major_faults',
  pswpin: 'swap_in_pages',
  pswpout: 'swap_out_pages',
  mem_available_kb: 'mem_available_kib',
  psi_io_some_us: 'psi_io_some_us',
  psi_mem_some_us: 'psi_mem_some_us',
  psi_cpu_some_us: 'psi_cpu_some_us',
};

export const HOST_FIELDS: readonly HostField[] = Object.values(COLUMNS);

/** Readings of a state; all other fields count up from the start of the machine. */
const GAUGES: ReadonlySet<HostField> = new Set<HostField>(['procs_running', 'procs_blocked', 'mem_available_kib']);
export const COUNTERS: readonly HostField[] = HOST_FIELDS.filter(field => !GAUGES.has(field));

export const TIME = 'time_ns';

/** What our own sampler adds in a container, and no detector asks for: known, so that its presence is no warning. */
export const isSpare = (column: string): boolean => /^cgroup_\w+$/.test(column);

/** The field that a column fills, if any. */
export const fieldOf = (column: string): HostField | undefined =>
  Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : HOST_FIELDS.find(field => field === column);
