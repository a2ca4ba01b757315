import { gpuSamples, iso, lined, writing } from '#test/valid-rows';

const FIELDS = ['utilization_pct', 'power_w', 'sm_clock_mhz', 'temperature_c', 'memory_used_mib'] as const;
const time = (ms: number) => iso(ms).replace('Z', '000+0000');

/** As `ts` put times before its lines. */
export default writing(gpuSamples(FIELDS), rows =>
  lined([
    `${time(0)} #Entity   GPUTL     POWER          SMCLK     TMPTR     FBUSD     TOTEC`,
    `${time(0)} ID        %         W              MHz       C         MiB       mJ`,
    ...rows.map(
      row =>
        `${time(row.t_ms)} GPU ${row.gpu}     ${row.utilization_pct}     ${row.power_w}.000     ${row.sm_clock_mhz}     ${row.temperature_c}     ${row.memory_used_mib}     2.07e+11`,
    ),
  ]),
);
