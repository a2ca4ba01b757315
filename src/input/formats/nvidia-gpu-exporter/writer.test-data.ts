import { GPU_FIELDS, gpuSamples, iso, lined, writing } from '#test/valid-rows';

/** A line of the time before each scrape; base units throughout. */
export default writing(gpuSamples(GPU_FIELDS), rows =>
  lined(
    rows.flatMap(row => [
      ...(row.gpu === 0 ? [`# ${iso(row.t_ms)}`] : []),
      ...Object.entries({
        power_draw_watts: row.power_w,
        enforced_power_limit_watts: row.power_limit_w,
        index: row.gpu,
        clocks_current_sm_clock_hz: row.sm_clock_mhz * 1e6,
        clocks_current_memory_clock_hz: row.mem_clock_mhz * 1e6,
        temperature_gpu: row.temperature_c,
        utilization_gpu_ratio: row.utilization_pct / 100,
        memory_used_bytes: row.memory_used_mib * 2 ** 20,
      }).map(([name, value]) => `nvidia_smi_${name}{uuid="a${row.gpu}"} ${value}`),
    ]),
  ),
);
