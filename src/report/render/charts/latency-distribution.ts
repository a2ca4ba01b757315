import { z } from 'zod';
import { count, ms, plain } from '#core/format/numbers';
import type { ChartData } from '#schema/report';
import { NO_REQUESTS } from '../wording.ts';
import { type Chart, defineTable, round, thin } from './chart.ts';
import { paint } from './palette.ts';

type Request = ChartData['requests'][number];
export const GROUPS = ['ran during an incident', 'outside incidents'] as const;

/** A request that the trace does not hold was not judged: to count it as undisturbed would be a guess. */
const judged = (r: Request) => r.cause !== 'outside the trace' && r.latency_ms > 0;

function steps(group: (typeof GROUPS)[number], requests: readonly Request[]) {
  const sorted = requests
    .filter(judged)
    .map(r => r.latency_ms)
    .sort((a, b) => a - b);
  const all = sorted.map((latency, i) => ({ group, latency_ms: round(latency, 2), percent: round((100 * (i + 1)) / sorted.length, 3) }));
  return thin(all, 1_500);
}

const LATENCY_STEP = defineTable({
  name: 'latency_step',
  schema: z.strictObject({ group: z.enum(GROUPS), latency_ms: z.number(), percent: z.number() }),
  columns: { group: 'Requests that', latency_ms: 'Latency (ms)', percent: 'Finished by then (%)' },
  rows: ({ charts }) => [
    ...steps(
      'ran during an incident',
      charts.requests.filter(r => r.in_incident),
    ),
    ...steps(
      'outside incidents',
      charts.requests.filter(r => !r.in_incident),
    ),
  ],
});

export const LATENCY_DISTRIBUTION: Chart = {
  name: 'latency-distribution',
  title: 'Latency inside and outside incidents',
  reading: 'The share of requests that finish within a time (logarithmic axis). Further right is slower.',
  tables: [LATENCY_STEP],
  spec: {
    layer: [
      {
        data: { name: 'latency_step' },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2, aria: false },
        encoding: {
          x: {
            field: 'latency_ms',
            type: 'quantitative',
            scale: { type: 'log', nice: false },
            axis: { title: 'latency (ms, log)', tickCount: 6, format: ',' },
          },
          y: {
            field: 'percent',
            type: 'quantitative',
            scale: { domain: [0, 100] },
            axis: { title: 'finished within (%)', tickCount: 5, minExtent: 40, maxExtent: 40 },
          },
          stroke: { field: 'group', type: 'nominal', scale: { domain: [...GROUPS], range: [paint('inside'), paint('outside')] } },
          strokeDash: {
            field: 'group',
            type: 'nominal',
            scale: {
              domain: [...GROUPS],
              range: [
                [1, 0],
                [6, 3],
              ],
            },
          },
        },
      },
    ],
  },
  height: () => 230,
  margin: { left: 66, bottom: 40 },
  absent: ({ charts }) => (charts.requests.some(judged) ? null : NO_REQUESTS),
  describe: ({ charts, latency_inside, latency_outside }) => {
    const inside = charts.requests.filter(r => judged(r) && r.in_incident).length;
    const p99 = (of: typeof latency_inside) => of.map(l => `p99 ${ms(l.p99_ms)}`)[0] ?? 'p99 not known';
    return `Cumulative distribution of latency: ${count(inside, 'request')} that ran during an incident (${p99(latency_inside)}), ${plain(charts.requests.filter(judged).length - inside)} that did not (${p99(latency_outside)}).`;
  },
};
