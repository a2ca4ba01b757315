import { hostSamples, iso, rises, writing } from '#test/valid-rows';

const FIELDS = [
  ...([
    'cpu_user_ticks',
    'cpu_system_ticks',
    'cpu_iowait_ticks',
    'cpu_idle_ticks',
    'context_switches',
    'procs_running',
    'procs_blocked',
  ] as const),
  ...(['mem_available_kib', 'major_faults', 'swap_in_pages', 'swap_out_pages', 'disk_reads', 'disk_writes'] as const),
  ...(['disk_read_sectors', 'disk_write_sectors', 'disk_io_ms', 'psi_cpu_some_us', 'psi_io_some_us', 'psi_mem_some_us'] as const),
] as const;
/** Microseconds a second as percent. */
const some_avg = (us: number) => ({ some_avg10: 1, some_avg: us / 10_000 });

/** One CPU, intervals of a second. */
export default writing(hostSamples(FIELDS), rows => {
  const statistics = rises(rows).map(row => {
    const [date, time] = iso(row.t_ms).slice(0, 19).split('T');
    return {
      timestamp: { date, time, utc: 1, interval: 1 },
      'cpu-load': [
        {
          cpu: 'all',
          user: row.cpu_user_ticks,
          nice: 0,
          system: row.cpu_system_ticks,
          iowait: row.cpu_iowait_ticks,
          steal: 0,
          idle: row.cpu_idle_ticks,
        },
      ],
      'process-and-context-switch': { proc: 1, cswch: row.context_switches },
      paging: { majflt: row.major_faults },
      'swap-pages': { pswpin: row.swap_in_pages, pswpout: row.swap_out_pages },
      io: { tps: 1, 'io-reads': { rtps: row.disk_reads }, 'io-writes': { wtps: row.disk_writes } },
      memory: { memfree: 20971128, avail: row.mem_available_kib, memused: 132260 },
      queue: { 'runq-sz': row.procs_running, 'plist-sz': 97, blocked: row.procs_blocked },
      disk: [
        {
          'disk-device': 'vda',
          tps: 13,
          rkB: row.disk_read_sectors / 2,
          wkB: row.disk_write_sectors / 2,
          await: 0.31,
          'util-percent': row.disk_io_ms / 10,
        },
      ],
      psi: { 'psi-cpu': some_avg(row.psi_cpu_some_us), 'psi-io': some_avg(row.psi_io_some_us), 'psi-mem': some_avg(row.psi_mem_some_us) },
    };
  });
  const host = { nodename: 'machine', sysname: 'Linux', 'number-of-cpus': 1, 'file-date': '2026-11-22', timezone: 'UTC', statistics };
  return JSON.stringify({ sysstat: { hosts: [host] } }, null, 1);
});
