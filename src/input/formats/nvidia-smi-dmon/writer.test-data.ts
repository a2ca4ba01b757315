import { gpuSamples, iso, lined, writing } from '#test/valid-rows';

const HEADER = [
  '#Date       Time        gpu    pwr  gtemp  mtemp     sm    mem    enc    dec   mclk   pclk     fb',
  '#YYYYMMDD   HH:MM:SS    Idx      W      C      C      %      %      %      %    MHz    MHz     MB',
];
const FIELDS = ['power_w', 'temperature_c', 'utilization_pct', 'mem_clock_mhz', 'sm_clock_mhz', 'memory_used_mib'] as const;

/** With -o DT -s pucm: whole seconds. */
export default writing(gpuSamples(FIELDS), rows =>
  lined([
    ...HEADER,
    ...rows.map(row => {
      const [date = '', time = ''] = iso(row.t_ms).slice(0, 19).split('T');
      return ` ${date.replaceAll('-', '')}   ${time}   ${row.gpu}   ${row.power_w}   ${row.temperature_c}   -   ${row.utilization_pct}   45   0   0   ${row.mem_clock_mhz}   ${row.sm_clock_mhz}   ${row.memory_used_mib}`;
    }),
  ]),
);
