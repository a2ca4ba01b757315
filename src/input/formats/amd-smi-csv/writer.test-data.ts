import { gpuSamples, lined, ORIGIN_MS, writing } from '#test/valid-rows';

const HEADER = 'timestamp,gpu,power_usage,hotspot_temperature,memory_temperature,gfx_clk,gfx,mem,mem_clock,vram_used,vram_total';
const FIELDS = ['power_w', 'temperature_c', 'sm_clock_mhz', 'utilization_pct', 'mem_clock_mhz', 'memory_used_mib'] as const;

export default writing(gpuSamples(FIELDS), rows =>
  lined([
    HEADER,
    ...rows.map(row =>
      [
        ...[(ORIGIN_MS + row.t_ms) / 1000, row.gpu, row.power_w, row.temperature_c, 58, row.sm_clock_mhz, row.utilization_pct, 40],
        ...[row.mem_clock_mhz, row.memory_used_mib, 196592],
      ].join(),
    ),
  ]),
);
