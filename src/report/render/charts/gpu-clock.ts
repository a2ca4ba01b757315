import { z } from 'zod';
import { count, percent, plain } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { type Chart, defineTable, inSeconds, MOST_MARKS, thin, thinEach } from './chart.ts';
import { INCIDENT, INCIDENT_BANDS, OWN_COLOURS } from './incidents.ts';
import { causeToken, paint } from './palette.ts';
import { SERIES } from './series.ts';
import { between, SHOWN, shown, TIME_LINE, TIME_MARGIN, timeX, valueAxis } from './time-axis.ts';

const schema = z.strictObject({ gpu: z.string(), t_s: z.number(), sm_clock_mhz: z.number().nullable(), throttled: z.string().nullable() });

const sampled = ({ charts }: Report) =>
  charts.gpu.map(s => ({ gpu: s.gpu, t_s: inSeconds(s.t_ms), sm_clock_mhz: s.sm_clock_mhz, throttled: s.throttled }));

const GPU_CLOCK_SAMPLE = defineTable({
  name: 'gpu_clock_sample',
  schema,
  columns: { gpu: 'GPU', t_s: 'Time (s)', sm_clock_mhz: 'SM clock (MHz)', throttled: 'Lowered because' },
  rows: report => thinEach(sampled(report), MOST_MARKS, s => s.gpu),
});

const LOWERED = defineTable({
  name: 'gpu_lowered',
  schema,
  columns: {},
  rows: report =>
    thin(
      sampled(report).filter(s => s.throttled !== null && s.sm_clock_mhz !== null),
      MOST_MARKS / 4,
    ),
});

/** So that the highest clock is no line along the edge. */
const HEADROOM = 1.08;

const y = {
  field: 'sm_clock_mhz',
  type: 'quantitative',
  axis: valueAxis('SM (MHz)'),
  scale: { domain: between('0', 'highest'), nice: false, zero: true },
} as const;

/** Lowest and highest clock, MHz. The axis begins at zero: a dip of 2 % is to look like one. */
function span({ charts }: Report): readonly [number, number] {
  const mhz = charts.gpu.flatMap(s => s.sm_clock_mhz ?? []);
  return [mhz.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY), mhz.reduce((a, b) => Math.max(a, b), 0)];
}

/** How deep the deepest dip is. */
function depth(report: Report): string {
  const [lowest, highest] = span(report);
  if (!(highest > 0)) return '';
  const range = `The clock lay between ${plain(lowest)} and ${plain(highest)} MHz`;
  return lowest === highest
    ? `The clock stayed at ${plain(highest)} MHz.`
    : `${range}: at its lowest ${percent((highest - lowest) / highest)} down.`;
}

export const GPU_CLOCK: Chart = {
  name: 'gpu-clock',
  title: 'SM clock',
  reading: 'A diamond is a sample in which the driver gave a reason for lowering the clock.',
  said: depth,
  tables: [GPU_CLOCK_SAMPLE, LOWERED, INCIDENT],
  spec: {
    params: [...SHOWN, { name: 'highest', value: 1 }],
    resolve: OWN_COLOURS,
    layer: [
      INCIDENT_BANDS,
      {
        data: { name: 'gpu_clock_sample' },
        mark: { ...TIME_LINE, type: 'line', interpolate: 'step-after' },
        encoding: { x: timeX('t_s'), y, stroke: { field: 'gpu', type: 'nominal', scale: { range: SERIES } } },
      },
      {
        data: { name: 'gpu_lowered' },
        mark: {
          type: 'point',
          shape: 'diamond',
          filled: true,
          size: 34,
          clip: true,
          aria: false,
          color: paint(causeToken('clock-throttle')),
        },
        encoding: {
          x: timeX('t_s'),
          y,
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
  params: report => ({ ...shown(report), highest: Math.max(1, span(report)[1]) * HEADROOM }),
  absent: ({ charts }) => {
    if (charts.gpu.length === 0) return 'No GPU samples were given: clocks are not known.';
    return charts.gpu.some(s => s.sm_clock_mhz !== null) ? null : 'The GPU samples hold no clock readings.';
  },
  describe: report => {
    const { gpu } = report.charts;
    const lowered = gpu.filter(s => s.throttled !== null).length;
    return `SM clock over time. ${depth(report)} Lowered in ${count(lowered, 'sample')} of ${plain(gpu.length)}.`;
  },
};
