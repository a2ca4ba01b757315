import { hostSamples, iso, lined, rises, writing } from '#test/valid-rows';

const FIELDS = [
  'cpu_user_ticks',
  'cpu_system_ticks',
  'cpu_iowait_ticks',
  'cpu_idle_ticks',
  'context_switches',
  'disk_read_sectors',
  'disk_write_sectors',
  'disk_io_ms',
] as const;

/** `sadf -d -- -u -w -d`: a table for each activity. Nothing tells how many CPUs there are, so ticks are those of one. */
export default writing(hostSamples(FIELDS), rows => {
  const all = rises(rows);
  const start = (t_ms: number) => `machine;1;${iso(t_ms).slice(0, 19).replace('T', ' ')} UTC`;
  return lined([
    '# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle',
    ...all.map(
      row =>
        `${start(row.t_ms)};-1;${row.cpu_user_ticks}.00;0.00;${row.cpu_system_ticks}.00;${row.cpu_iowait_ticks}.00;0.00;${row.cpu_idle_ticks}.00`,
    ),
    '# hostname;interval;timestamp;proc/s;cswch/s',
    ...all.map(row => `${start(row.t_ms)};1.00;${row.context_switches}.00`),
    '# hostname;interval;timestamp;DEV;tps;rkB/s;wkB/s;dkB/s;areq-sz;aqu-sz;await;%util',
    ...all.map(
      row =>
        `${start(row.t_ms)};vda;13.00;${row.disk_read_sectors / 2};${row.disk_write_sectors / 2};0.00;17.85;0.00;0.31;${row.disk_io_ms / 10}`,
    ),
  ]);
});
