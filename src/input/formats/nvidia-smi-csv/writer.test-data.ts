import { GPU_FIELDS, gpuSamples, iso, lined, writing } from '#test/valid-rows';

const HEADER =
  'timestamp, index, name, power.draw.instant [W], enforced.power.limit [W], clocks.current.sm [MHz], clocks.current.memory [MHz], temperature.gpu, utilization.gpu [%], memory.used [MiB], clocks_event_reasons.active';
/** A local time without a zone. */
const time = (ms: number) => iso(ms).slice(0, -1).replace('T', ' ').replaceAll('-', '/');

export default writing(gpuSamples(GPU_FIELDS, { step_ms: 125 }), rows =>
  lined([
    HEADER,
    ...rows.map(
      row =>
        `${time(row.t_ms)}, ${row.gpu}, NVIDIA H200, ${row.power_w}.00 W, ${row.power_limit_w}.00 W, ${row.sm_clock_mhz} MHz, ${row.mem_clock_mhz} MHz, ${row.temperature_c}, ${row.utilization_pct} %, ${row.memory_used_mib} MiB, 0x0000000000000001`,
    ),
  ]),
);
