import { group } from 'd3-array';
import { gpuSamples, iso, writing } from '#test/valid-rows';

const FIELDS = ['power_w', 'power_limit_w', 'temperature_c', 'utilization_pct', 'memory_used_mib'] as const;

/** A document for each reading. */
export default writing(gpuSamples(FIELDS), rows =>
  [...group(rows, row => row.t_ms)]
    .map(([t_ms, cards]) => {
      const gpus = cards.map(row => ({
        ...{ index: row.gpu, uuid: `GPU-${row.gpu}`, name: 'NVIDIA H100', 'temperature.gpu': row.temperature_c, 'fan.speed': null },
        ...{ 'utilization.gpu': row.utilization_pct, 'power.draw': row.power_w, 'enforced.power.limit': row.power_limit_w },
        ...{ 'memory.used': row.memory_used_mib, 'memory.total': 81559, processes: [] },
      }));
      const query_time = `${iso(t_ms).slice(0, -1)}000`;
      return `${JSON.stringify({ hostname: 'machine', driver_version: '580.65', query_time, gpus }, null, 4)}\n`;
    })
    .join(''),
);
