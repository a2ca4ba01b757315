import { z } from 'zod';
import { count, plain } from '../numbers.ts';
import { type Chart, defineTable, inSeconds, MOST_MARKS, thin } from './chart.ts';
import { INCIDENT, INCIDENT_BANDS, OWN_COLOURS } from './incidents.ts';
import { causeToken, paint } from './palette.ts';
import { SERIES } from './series.ts';
import { SHOWN, shown, TIME_LINE, TIME_MARGIN, timeX, valueAxis } from './time-axis.ts';

export const GPU_CLOCK_SAMPLE = defineTable({
  name: 'gpu_clock_sample',
  schema: z.strictObject({ gpu: z.string(), t_s: z.number(), sm_clock_mhz: z.number().nullable(), throttled: z.string().nullable() }),
  columns: { gpu: 'GPU', t_s: 'Time (s)', sm_clock_mhz: 'SM clock (MHz)', throttled: 'Lowered because' },
  rows: ({ charts }) =>
    thin(charts.gpu, MOST_MARKS / 2).map(s => ({
      gpu: s.gpu,
      t_s: inSeconds(s.t_ms),
      sm_clock_mhz: s.sm_clock_mhz,
      throttled: s.throttled,
    })),
});

const y = {
  field: 'sm_clock_mhz',
  type: 'quantitative',
  axis: valueAxis('SM (MHz)'),
  scale: { zero: false, nice: false, padding: 7 },
} as const;

export const GPU_CLOCK: Chart = {
  name: 'gpu-clock',
  title: 'SM clock',
  reading: 'A diamond is a sample in which the driver gave a reason for lowering the clock.',
  tables: [GPU_CLOCK_SAMPLE, INCIDENT],
  spec: {
    params: SHOWN,
    resolve: OWN_COLOURS,
    layer: [
      INCIDENT_BANDS,
      {
        data: { name: 'gpu_clock_sample' },
        mark: { ...TIME_LINE, type: 'line', interpolate: 'step-after' },
        encoding: { x: timeX('t_s'), y, stroke: { field: 'gpu', type: 'nominal', scale: { range: SERIES } } },
      },
      {
        data: { name: 'gpu_clock_sample' },
        mark: {
          type: 'point',
          shape: 'diamond',
          filled: true,
          clip: true,
          aria: false,
          color: paint(causeToken('clock-throttle')),
        },
        encoding: {
          x: timeX('t_s'),
          y,
          size: { condition: { test: 'datum.throttled !== null', value: 34 }, value: 0 },
          tooltip: [
            { field: 'gpu', type: 'nominal', title: 'GPU' },
            { field: 't_s', type: 'quantitative', title: 'time (s)', format: '.3f' },
            { field: 'sm_clock_mhz', type: 'quantitative', title: 'SM clock (MHz)', format: ',.0f' },
            { field: 'throttled', type: 'nominal', title: 'lowered because' },
          ],
        },
      },
    ],
  },
  height: () => 76,
  margin: TIME_MARGIN,
  params: shown,
  absent: ({ charts }) => {
    if (charts.gpu.length === 0) return 'No GPU samples were given: clocks are not known.';
    return charts.gpu.some(s => s.sm_clock_mhz !== null) ? null : 'The GPU samples hold no clock readings.';
  },
  describe: ({ charts }) => {
    const mhz = charts.gpu.flatMap(s => s.sm_clock_mhz ?? []);
    const [low, high] = [mhz.reduce((a, b) => Math.min(a, b), Infinity), mhz.reduce((a, b) => Math.max(a, b), -Infinity)];
    return `SM clock over time, between ${plain(low)} and ${plain(high)} MHz; lowered in ${count(charts.gpu.filter(s => s.throttled !== null).length, 'sample')} of ${plain(charts.gpu.length)}.`;
  },
};
