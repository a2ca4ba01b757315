import type { GpuSampleRow, HostSampleRow } from '#schema/relation';

/** A reading of a GPU of which nothing is known yet. */
export const EMPTY_GPU: Readonly<GpuSampleRow> = {
  t_ms: 0,
  gpu: 0,
  name: null,
  power_w: null,
  power_limit_w: null,
  sm_clock_mhz: null,
  mem_clock_mhz: null,
  temperature_c: null,
  utilization_pct: null,
  memory_used_mib: null,
  event_reasons: null,
};

/** A reading of a host of which nothing is known yet. */
export const EMPTY_HOST: Readonly<HostSampleRow> = {
  t_ms: 0,
  cpu_user_ticks: null,
  cpu_system_ticks: null,
  cpu_idle_ticks: null,
  cpu_iowait_ticks: null,
  context_switches: null,
  procs_running: null,
  procs_blocked: null,
  disk_reads: null,
  disk_read_sectors: null,
  disk_read_ms: null,
  disk_writes: null,
  disk_write_sectors: null,
  disk_io_ms: null,
  major_faults: null,
  swap_in_pages: null,
  swap_out_pages: null,
  mem_available_kib: null,
  psi_io_some_us: null,
  psi_mem_some_us: null,
  psi_cpu_some_us: null,
};
