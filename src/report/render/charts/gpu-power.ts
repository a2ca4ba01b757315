import { z } from 'zod';
import { count, plain } from '#core/format/numbers';
import { type Chart, defineTable, inSeconds, MOST_MARKS, round, thinEach } from './chart.ts';
import { INCIDENT, INCIDENT_BANDS, OWN_COLOURS } from './incidents.ts';
import { SERIES } from './series.ts';
import { SHOWN, shown, TIME_LINE, TIME_MARGIN, timeX, valueAxis } from './time-axis.ts';

const GPU_POWER_SAMPLE = defineTable({
  name: 'gpu_power_sample',
  schema: z.strictObject({ gpu: z.string(), t_s: z.number(), power_w: z.number().nullable() }),
  columns: { gpu: 'GPU', t_s: 'Time (s)', power_w: 'Power (W)' },
  rows: ({ charts }) =>
    thinEach(charts.gpu, MOST_MARKS, s => s.gpu).map(s => ({
      gpu: s.gpu,
      t_s: inSeconds(s.t_ms),
      power_w: s.power_w === null ? null : round(s.power_w, 1),
    })),
});

export const GPU_POWER: Chart = {
  name: 'gpu-power',
  title: 'GPU power',
  reading: 'Board power as sampled.',
  tables: [GPU_POWER_SAMPLE, INCIDENT],
  spec: {
    params: SHOWN,
    resolve: OWN_COLOURS,
    layer: [
      INCIDENT_BANDS,
      {
        data: { name: 'gpu_power_sample' },
        mark: { ...TIME_LINE, type: 'line' },
        encoding: {
          x: timeX('t_s'),
          y: { field: 'power_w', type: 'quantitative', axis: valueAxis('power (W)'), scale: { zero: true } },
          stroke: { field: 'gpu', type: 'nominal', scale: { range: SERIES } },
        },
      },
    ],
  },
  height: () => 76,
  margin: TIME_MARGIN,
  params: shown,
  absent: ({ charts }) => {
    if (charts.gpu.length === 0) return 'No GPU samples were given: power is not known.';
    return charts.gpu.some(s => s.power_w !== null) ? null : 'The GPU samples hold no power readings.';
  },
  describe: ({ charts }) => {
    const watts = charts.gpu.flatMap(s => s.power_w ?? []);
    const [low, high] = [watts.reduce((a, b) => Math.min(a, b), Infinity), watts.reduce((a, b) => Math.max(a, b), -Infinity)];
    return `Power of ${count(new Set(charts.gpu.map(s => s.gpu)).size, 'GPU')} over time, between ${plain(low)} and ${plain(high)} W.`;
  },
};
