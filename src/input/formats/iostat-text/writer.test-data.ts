import { hostSamples, IOSTAT_FIELDS, IOSTAT_START, iso, lined, rises, writing } from '#test/valid-rows';

const two = (values: readonly number[]) => values.map(value => value.toFixed(2)).join('   ');

/** One CPU, and a second from one report to the next; the first is since the boot. */
export default writing(hostSamples(IOSTAT_FIELDS), rows =>
  lined([
    'Linux 6.18.0 (machine) \t11/22/26 \t_x86_64_\t(1 CPU)',
    '',
    ...[IOSTAT_START, ...rises(rows)].flatMap(row => {
      const cpu = [row.cpu_user_ticks, 0, row.cpu_system_ticks, row.cpu_iowait_ticks, 0, row.cpu_idle_ticks];
      const disk = [
        row.disk_reads,
        row.disk_read_sectors / 2,
        0,
        row.disk_writes,
        row.disk_write_sectors / 2,
        1.5,
        0.1,
        row.disk_io_ms / 10,
      ];
      return [
        `11/22/26 ${iso(row.t_ms).slice(11, 19)}`,
        'avg-cpu:  %user   %nice %system %iowait  %steal   %idle',
        `          ${two(cpu)}`,
        '',
        'Device            r/s     rkB/s   rrqm/s   w/s     wkB/s   w_await  aqu-sz  %util',
        `sda        ${two(disk)}`,
        '',
      ];
    }),
  ]),
);
