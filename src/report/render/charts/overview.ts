import { z } from 'zod';
import { valueAt } from '#core/columns';
import type { Report } from '#schema/report';
import { extentMs } from '../wording.ts';
import { type Chart, defineTable, inSeconds, round } from './chart.ts';
import { causeScale, INCIDENT } from './incidents.ts';
import { paint } from './palette.ts';
import { isSteep } from './steep.ts';
import { between, TIME_MARGIN } from './time-axis.ts';

const BINS = 160;

/** What the small chart shows: the longest latency of each moment, or how busy the devices were where no request is known. */
const samples = ({ charts }: Report) =>
  charts.requests.length > 0
    ? charts.requests.map(r => ({ t_ms: r.t_ms, value: r.latency_ms }))
    : charts.device_bins.filter(b => b.state !== 'idle').map(b => ({ t_ms: b.t_ms, value: b.share }));

/** The lowest bar of a logarithmic axis, a share of the highest: a bar of no height would look like no request. */
const FOOT = 0.1;

/** The height of a bar, a share of the highest; by logarithm where the latencies below are drawn so. */
function heights(report: Report, values: readonly number[]): (value: number) => number {
  const top = Math.max(...values) || 1;
  if (!isSteep(report)) return value => value / top;
  const least = values.filter(v => v > 0).reduce((a, b) => Math.min(a, b), top);
  return value => (value <= 0 ? 0 : FOOT + ((1 - FOOT) * Math.log(value / least)) / Math.max(1e-9, Math.log(top / least)));
}

const OVERVIEW_BIN = defineTable({
  name: 'overview_bin',
  schema: z.strictObject({ from_s: z.number(), to_s: z.number(), height: z.number() }),
  columns: {},
  rows: report => {
    const [from, to] = extentMs(report);
    const width = (to - from) / BINS;
    const highest = new Array<number>(BINS).fill(0);
    for (const { t_ms, value } of samples(report)) {
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor((t_ms - from) / width)));
      highest[bin] = Math.max(valueAt(highest, bin), value);
    }
    const heightOf = heights(report, highest);
    return highest.map((value, i) => ({
      from_s: inSeconds(from + i * width),
      to_s: inSeconds(from + (i + 1) * width),
      height: round(heightOf(value), 3),
    }));
  },
});

const x = {
  type: 'quantitative',
  scale: { domain: between('first', 'last'), nice: false, zero: false },
  axis: { title: null, labelExpr: "datum.label + ' s'", tickCount: { expr: 'max(2, floor(width / 90))' }, grid: false },
} as const;

export const OVERVIEW: Chart = {
  name: 'overview',
  title: 'Whole run',
  reading: 'Drag across it to choose the time that all panels show; double-click to go back.',
  tables: [OVERVIEW_BIN, INCIDENT],
  spec: {
    params: [
      { name: 'first', value: 0 },
      { name: 'last', value: 1 },
    ],
    layer: [
      {
        data: { name: 'overview_bin' },
        params: [
          {
            name: 'brush',
            select: {
              type: 'interval',
              encodings: ['x'],
              mark: { fill: paint('accent'), fillOpacity: 0.16, stroke: paint('accent'), strokeOpacity: 0.9 },
            },
          },
        ],
        mark: { type: 'rect', clip: true, aria: false, color: paint('compute') },
        encoding: {
          x: { ...x, field: 'from_s' },
          x2: { field: 'to_s' },
          y: { field: 'height', type: 'quantitative', axis: null, scale: { domain: [0, 1] } },
          y2: { datum: 0 },
        },
      },
      {
        data: { name: 'incident' },
        mark: { type: 'rect', clip: true, aria: false, fillOpacity: 0.2, strokeWidth: 1 },
        encoding: {
          x: { ...x, field: 'start_s' },
          x2: { field: 'end_s' },
          fill: { field: 'cause', type: 'nominal', scale: causeScale, legend: null },
          stroke: { field: 'cause', type: 'nominal', scale: causeScale, legend: null },
          strokeOpacity: { field: 'edge', type: 'quantitative', scale: null },
        },
      },
    ],
  },
  height: () => 40,
  margin: TIME_MARGIN,
  params: report => {
    const [first, last] = extentMs(report);
    return { first: inSeconds(first), last: inSeconds(last) };
  },
  absent: ({ charts }) => (charts.requests.length + charts.device_bins.length > 0 ? null : 'There is nothing to show over time.'),
  describe: () => 'The whole run at a glance. A stretch of it can be chosen here or with the fields From and To above.',
};
