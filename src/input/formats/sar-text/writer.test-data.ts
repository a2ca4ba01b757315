import { hostSamples, iso, lined, rises, writing } from '#test/valid-rows';

const FIELDS = [
  ...(['cpu_user_ticks', 'cpu_system_ticks', 'cpu_iowait_ticks', 'cpu_idle_ticks', 'context_switches', 'mem_available_kib'] as const),
  ...(['disk_read_sectors', 'disk_write_sectors', 'disk_io_ms'] as const),
] as const;

/** sysstat 12, -u -w -r -d, one CPU: each activity from the start of its day. */
export default writing(hostSamples(FIELDS), rows => {
  const all = rises(rows);
  const time = (t_ms: number) => iso(t_ms).slice(11, 19);
  return lined([
    'Linux 6.18.0 (machine) \t2026-11-22 \t_x86_64_\t(1 CPU)',
    '',
    `${time(0)}     CPU     %user     %nice   %system   %iowait    %steal     %idle`,
    ...all.map(
      row =>
        `${time(row.t_ms)}     all     ${row.cpu_user_ticks}.00      0.00      ${row.cpu_system_ticks}.00      ${row.cpu_iowait_ticks}.00      0.00     ${row.cpu_idle_ticks}.00`,
    ),
    '',
    `${time(0)}    proc/s   cswch/s`,
    ...all.map(row => `${time(row.t_ms)}      1.00    ${row.context_switches}.00`),
    '',
    `${time(0)} kbmemfree   kbavail kbmemused  %memused`,
    ...all.map(row => `${time(row.t_ms)}   1000000   ${row.mem_available_kib}    500000     33.33`),
    '',
    `${time(0)}       DEV       tps     rkB/s     wkB/s     dkB/s   areq-sz    aqu-sz     await     %util`,
    ...all.map(
      row =>
        `${time(row.t_ms)}       vda     10.00    ${row.disk_read_sectors / 2}    ${row.disk_write_sectors / 2}      0.00     60.00      0.10      1.00      ${row.disk_io_ms / 10}`,
    ),
  ]);
});
