import { z } from 'zod';
import { count, ms, plain } from '#core/format/numbers';
import { CauseOrRest } from '#schema/causes';
import type { Report } from '#schema/report';
import { causeTitle, NO_REQUESTS } from '../wording.ts';
import { type Chart, defineTable, inSeconds, MOST_MARKS, round, thin } from './chart.ts';
import { causeScale, INCIDENT, INCIDENT_BANDS, INCIDENT_LABELS } from './incidents.ts';
import { CAUSE_LOOK, DRAWN_CAUSES } from './palette.ts';
import { isSteep, STEEP_SAID } from './steep.ts';
import { between, SHOWN, shown, TIME_MARGIN, timeX, valueAxis } from './time-axis.ts';

const quiet = (cause: string) => cause === 'as expected' || cause === 'outside the trace';

const REQUEST = defineTable({
  name: 'request',
  schema: z.strictObject({
    request: z.string(),
    t_s: z.number(),
    latency_ms: z.number(),
    expected_ms: z.number().nullable(),
    excess_ms: z.number().nullable(),
    cause: z.union([CauseOrRest, z.literal('as expected'), z.literal('outside the trace')]),
    cause_title: z.string(),
    slow: z.boolean(),
  }),
  columns: {
    request: 'Request',
    t_s: 'Time (s)',
    latency_ms: 'Latency (ms)',
    expected_ms: 'Expected (ms)',
    excess_ms: 'Delay (ms)',
    cause_title: 'Cause',
  },
  rows: report => {
    const slow = report.charts.requests.filter(r => !quiet(r.cause));
    const rest = report.charts.requests.filter(r => quiet(r.cause));
    // The slow ones come last, so that they are drawn on top, and are thinned last.
    const kept = [...thin(rest, Math.max(500, MOST_MARKS - 2 * slow.length)), ...thin(slow, MOST_MARKS / 2)];
    return kept.map(r => ({
      request: r.id,
      t_s: inSeconds(r.t_ms),
      latency_ms: round(r.latency_ms, 2),
      // Nothing was judged there.
      expected_ms: r.cause === 'outside the trace' ? null : round(r.expected_ms, 2),
      excess_ms: r.cause === 'outside the trace' ? null : round(r.excess_ms, 2),
      cause: r.cause,
      cause_title: causeTitle(r.cause),
      slow: !quiet(r.cause),
    }));
  },
});

/** One legend for fill, stroke and shape of the dots; stems and bands share its colours. */
const legend = { title: 'cause' };
const colour = { field: 'cause', type: 'nominal', scale: causeScale } as const;
const shape = {
  field: 'cause',
  type: 'nominal',
  scale: { domain: [...DRAWN_CAUSES], range: DRAWN_CAUSES.map(c => CAUSE_LOOK[c].shape) },
  legend,
} as const;

const drawn = (type: 'linear' | 'log', title: string) => {
  const y = {
    type: 'quantitative',
    axis: valueAxis(title),
    // Rounded to whole decades a logarithmic axis would be half empty.
    scale: { type, domain: between('lowest', 'highest'), nice: type === 'linear' },
  } as const;
  return {
    resolve: { legend: { fill: 'independent', stroke: 'independent', shape: 'independent' } },
    params: [...SHOWN, { name: 'lowest', value: 0 }, { name: 'highest', value: 1 }],
    layer: [
      INCIDENT_BANDS,
      INCIDENT_LABELS,
      {
        // From what the request's work explains up to what it took: its delay, drawn.
        data: { name: 'request' },
        transform: [{ filter: 'datum.slow && datum.expected_ms > 0' }],
        mark: { type: 'rule', clip: true, aria: false, strokeWidth: 1, opacity: 0.45 },
        encoding: { x: timeX('t_s'), y: { ...y, field: 'expected_ms' }, y2: { field: 'latency_ms' }, stroke: { ...colour, legend: null } },
      },
      {
        data: { name: 'request' },
        transform: [{ filter: 'datum.latency_ms > 0' }],
        mark: { type: 'point', clip: true, aria: false, strokeWidth: 1, opacity: 0.9 },
        encoding: {
          x: timeX('t_s'),
          y: { ...y, field: 'latency_ms' },
          fill: { ...colour, legend },
          fillOpacity: { condition: { test: "datum.cause === 'outside the trace'", value: 0 }, value: 1 },
          stroke: { ...colour, legend },
          shape,
          size: { field: 'slow', type: 'ordinal', scale: { domain: [false, true], range: [14, 52] }, legend: null },
          tooltip: [
            { field: 'request', type: 'nominal', title: 'request' },
            { field: 't_s', type: 'quantitative', title: 'time (s)', format: '.3f' },
            { field: 'latency_ms', type: 'quantitative', title: 'latency (ms)', format: ',.1f' },
            { field: 'expected_ms', type: 'quantitative', title: 'expected (ms)', format: ',.1f' },
            { field: 'excess_ms', type: 'quantitative', title: 'delay (ms)', format: ',.1f' },
            { field: 'cause_title', type: 'nominal', title: 'cause' },
          ],
        },
      },
    ],
  } satisfies Chart['spec'];
};

/** A linear axis begins at zero, a logarithmic one at the least latency. */
function heights(report: Report) {
  // Of the expected times, those that a stem is drawn from.
  const all = report.charts.requests.flatMap(r => (quiet(r.cause) ? [r.latency_ms] : [r.latency_ms, r.expected_ms])).filter(v => v > 0);
  // A little above the longest, or its mark would be cut in half.
  const highest = (isSteep(report) ? 1.25 : 1.05) * all.reduce((a, b) => Math.max(a, b), 1);
  return { lowest: isSteep(report) ? 0.8 * all.reduce((a, b) => Math.min(a, b), highest) : 0, highest };
}

export const REQUEST_LATENCY: Chart = {
  name: 'request-latency',
  title: 'Request latency',
  reading:
    'A dot is a request, at its arrival; its stem is the delay: from the expected time up to the time that it took. Bands are incidents.',
  said: report => (isSteep(report) ? STEEP_SAID : ''),
  tables: [REQUEST, INCIDENT],
  // Who was slow stands first, the dearest first.
  listed: (a, b) =>
    Number(b['slow']) - Number(a['slow']) || Number(b['excess_ms']) - Number(a['excess_ms']) || Number(a['t_s']) - Number(b['t_s']),
  listedWhole: row => row['slow'] === true,
  spec: drawn('linear', 'latency (ms)'),
  other: { spec: drawn('log', 'latency (ms, log)'), when: isSteep },
  height: () => 210,
  margin: TIME_MARGIN,
  params: report => ({ ...shown(report), ...heights(report) }),
  absent: report => (report.charts.requests.length > 0 ? null : NO_REQUESTS),
  describe: ({ charts, incidents }) => {
    const slow = charts.requests.filter(r => !quiet(r.cause));
    const longest = Math.max(0, ...charts.requests.map(r => r.latency_ms));
    return `Latency of ${count(charts.requests.length, 'request')} over time, coloured by cause: ${plain(slow.length)} slow, the longest ${ms(longest)}, ${count(incidents.length, 'incident')} as bands.`;
  },
};
