import { hostSamples, iso, lined, rises, writing } from '#test/valid-rows';

const FIELDS = [
  ...(['procs_running', 'procs_blocked', 'swap_in_pages', 'swap_out_pages', 'disk_read_sectors', 'disk_write_sectors'] as const),
  ...(['context_switches', 'cpu_user_ticks', 'cpu_system_ticks', 'cpu_idle_ticks', 'cpu_iowait_ticks'] as const),
] as const;

/** A second apart, in UTC; swapping in KiB, pages of 4. */
export default writing(hostSamples(FIELDS, { states: true }), rows => {
  const start = { ...rises(rows)[0], ...Object.fromEntries(FIELDS.map(field => [field, rows[0]?.[field] ?? 0])), t_ms: 0 } as ReturnType<
    typeof rises<(typeof FIELDS)[number]>
  >[number];
  return lined([
    'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----',
    ' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC',
    ...[start, ...rises(rows)].map(
      row =>
        ` ${row.procs_running}  ${row.procs_blocked}      0 20972132  49472 3498652    ${row.swap_in_pages * 4}    ${row.swap_out_pages * 4}  ${row.disk_read_sectors / 2}  ${row.disk_write_sectors / 2}  413  ${row.context_switches} ${row.cpu_user_ticks}  ${row.cpu_system_ticks} ${row.cpu_idle_ticks}  ${row.cpu_iowait_ticks}  0 ${iso(row.t_ms).slice(0, 19).replace('T', ' ')}`,
    ),
  ]);
});
