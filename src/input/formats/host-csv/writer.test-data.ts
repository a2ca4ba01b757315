import { epochNs, type HostField, hostSamples, lined, writing } from '#test/valid-rows';

const COLUMNS = {
  ...{ cpu_user: 'cpu_user_ticks', cpu_system: 'cpu_system_ticks', cpu_idle: 'cpu_idle_ticks', cpu_iowait: 'cpu_iowait_ticks' },
  ...{ ctxt: 'context_switches', procs_running: 'procs_running', procs_blocked: 'procs_blocked' },
  ...{ disk_reads: 'disk_reads', disk_read_sectors: 'disk_read_sectors', disk_read_ms: 'disk_read_ms', disk_writes: 'disk_writes' },
  ...{ disk_write_sectors: 'disk_write_sectors', disk_io_ms: 'disk_io_ms', pgmajfault: 'major_faults', pswpin: 'swap_in_pages' },
  ...{ pswpout: 'swap_out_pages', mem_available_kb: 'mem_available_kib' },
  ...{ psi_io_some_us: 'psi_io_some_us', psi_mem_some_us: 'psi_mem_some_us', psi_cpu_some_us: 'psi_cpu_some_us' },
} as const satisfies Readonly<Record<string, HostField>>;
const FIELDS = Object.values(COLUMNS);

export default writing(hostSamples(FIELDS, { step_ms: 100, states: true }), rows =>
  lined([`time_ns,${Object.keys(COLUMNS)}`, ...rows.map(row => `${epochNs(row.t_ms)},${FIELDS.map(field => row[field])}`)]),
);
