import { hostSamples, iso, lined, rises, writing } from '#test/valid-rows';

const FIELDS = ['cpu_user_ticks', 'cpu_system_ticks', 'cpu_iowait_ticks', 'cpu_idle_ticks'] as const;

/** sysstat 12, one CPU, a second apart; the header says when the first interval began. */
export default writing(hostSamples(FIELDS), rows => {
  const time = (t_ms: number) => iso(t_ms).slice(11, 19);
  return lined([
    'Linux 6.18.0 (machine) \t2026-11-22 \t_x86_64_\t(1 CPU)',
    '',
    `${time(0)}     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle`,
    ...rises(rows).map(
      row =>
        `${time(row.t_ms)}     all   ${row.cpu_user_ticks}.00    0.00    ${row.cpu_system_ticks}.00    ${row.cpu_iowait_ticks}.00    0.00    0.00    0.00    0.00    0.00   ${row.cpu_idle_ticks}.00`,
    ),
  ]);
});
