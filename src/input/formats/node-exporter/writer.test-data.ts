import { hostSamples, iso, lined, writing } from '#test/valid-rows';

const FIELDS = [
  ...([
    'cpu_user_ticks',
    'cpu_system_ticks',
    'cpu_idle_ticks',
    'cpu_iowait_ticks',
    'context_switches',
    'procs_running',
    'procs_blocked',
  ] as const),
  ...(['disk_reads', 'disk_read_sectors', 'disk_read_ms', 'disk_writes', 'disk_write_sectors', 'disk_io_ms', 'major_faults'] as const),
  ...(['swap_in_pages', 'swap_out_pages', 'mem_available_kib', 'psi_io_some_us', 'psi_mem_some_us', 'psi_cpu_some_us'] as const),
] as const;

/** A line of the time before each scrape; what the exporter says of itself follows. */
export default writing(hostSamples(FIELDS, { states: true }), rows =>
  lined(
    rows.flatMap(row => [
      `# ${iso(row.t_ms)}`,
      ...(['user', 'system', 'idle', 'iowait'] as const).map(
        mode => `node_cpu_seconds_total{cpu="0",mode="${mode}"} ${(row[`cpu_${mode}_ticks`] ?? 0) / 100}`,
      ),
      `node_context_switches_total ${row.context_switches}`,
      `node_disk_reads_completed_total{device="sda"} ${row.disk_reads}`,
      `node_disk_read_bytes_total{device="sda"} ${(row.disk_read_sectors ?? 0) * 512}`,
      `node_disk_read_bytes_total{device="sda1"} ${(row.disk_read_sectors ?? 0) * 512}`,
      `node_disk_read_time_seconds_total{device="sda"} ${(row.disk_read_ms ?? 0) / 1000}`,
      `node_disk_writes_completed_total{device="sda"} ${row.disk_writes}`,
      `node_disk_written_bytes_total{device="sda"} ${(row.disk_write_sectors ?? 0) * 512}`,
      `node_disk_io_time_seconds_total{device="sda"} ${(row.disk_io_ms ?? 0) / 1000}`,
      `node_memory_MemAvailable_bytes ${(row.mem_available_kib ?? 0) * 1024}`,
      `node_pressure_io_waiting_seconds_total ${(row.psi_io_some_us ?? 0) / 1e6}`,
      `node_pressure_memory_waiting_seconds_total ${(row.psi_mem_some_us ?? 0) / 1e6}`,
      `node_pressure_cpu_waiting_seconds_total ${(row.psi_cpu_some_us ?? 0) / 1e6}`,
      `node_procs_blocked ${row.procs_blocked}`,
      `node_procs_running ${row.procs_running}`,
      `node_vmstat_pgmajfault ${row.major_faults}`,
      `node_vmstat_pswpin ${row.swap_in_pages}`,
      `node_vmstat_pswpout ${row.swap_out_pages}`,
      'process_cpu_seconds_total 1.5',
    ]),
  ),
);
