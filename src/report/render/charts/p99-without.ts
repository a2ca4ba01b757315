import { z } from 'zod';
import { ms, range } from '#core/format/numbers';
import { Cause } from '#schema/causes';
import { causeTitle, METRIC_TEXT, mainLatency, whatIf } from '../wording.ts';
import { type Chart, defineTable, round } from './chart.ts';
import { causeScale } from './incidents.ts';
import { paint } from './palette.ts';

const WHAT_IF = defineTable({
  name: 'what_if',
  schema: z.strictObject({
    line: z.number(),
    cause: Cause,
    title: z.string(),
    lower_ms: z.number(),
    upper_ms: z.number(),
    label: z.string(),
  }),
  columns: { title: 'Without', lower_ms: 'p99, lower (ms)', upper_ms: 'p99, upper (ms)' },
  rows: ({ causes }) =>
    causes.flatMap(({ cause, p99_without_ms }, line) => {
      if (p99_without_ms === null) return [];
      const { lower, upper } = p99_without_ms;
      return [
        {
          line,
          cause,
          title: causeTitle(cause),
          lower_ms: round(lower, 2),
          upper_ms: round(upper, 2),
          label: `Without ${causeTitle(cause)}: ${range(lower, upper)}`,
        },
      ];
    }),
});

const ACTUAL = defineTable({
  name: 'actual_p99',
  schema: z.strictObject({ p99_ms: z.number(), lower_ms: z.number(), upper_ms: z.number() }),
  columns: {},
  rows: report => {
    const actual = mainLatency(report);
    if (actual === undefined) return [];
    const [lower, upper] = actual.p99_ci_ms;
    return [{ p99_ms: round(actual.p99_ms, 2), lower_ms: round(lower, 2), upper_ms: round(upper ?? actual.max_ms, 2) }];
  },
});

// One line an entry: a cause may be there twice, in incidents and in every step.
const y = { field: 'line', type: 'ordinal', axis: null } as const;
const scale = { zero: true, nice: true } as const;
const axis = { title: 'p99 latency (ms)', tickCount: 5 } as const;
const colour = { field: 'cause', type: 'nominal', scale: causeScale, legend: null } as const;

export const P99_WITHOUT: Chart = {
  name: 'p99-without',
  title: 'p99 with and without each cause',
  reading:
    'A bar is where p99 would lie without that cause, from lower to upper bound. The line is p99 as it was; the shade, its 95 % interval.',
  tables: [WHAT_IF, ACTUAL],
  spec: {
    layer: [
      {
        data: { name: 'actual_p99' },
        mark: { type: 'rect', aria: false, color: paint('shade') },
        encoding: { x: { field: 'lower_ms', type: 'quantitative', scale, axis }, x2: { field: 'upper_ms' } },
      },
      {
        data: { name: 'actual_p99' },
        mark: { type: 'rule', aria: false, strokeWidth: 2, color: paint('ink') },
        encoding: { x: { field: 'p99_ms', type: 'quantitative', scale, axis } },
      },
      {
        // The outline keeps a range visible whose bounds agree.
        data: { name: 'what_if' },
        mark: { type: 'bar', height: 12, yOffset: 8, strokeWidth: 2 },
        encoding: {
          y,
          x: { field: 'lower_ms', type: 'quantitative', scale, axis },
          x2: { field: 'upper_ms' },
          fill: colour,
          stroke: colour,
          description: { field: 'label', type: 'nominal' },
        },
      },
      {
        data: { name: 'what_if' },
        mark: { type: 'text', align: 'left', baseline: 'middle', dy: -7, fontSize: 12, aria: false, color: paint('ink') },
        encoding: { y, x: { value: 0 }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  height: ({ causes }) => 38 * causes.filter(c => c.p99_without_ms !== null).length,
  margin: { left: 8, bottom: 40 },
  absent: report =>
    report.causes.some(c => c.p99_without_ms !== null) && mainLatency(report) !== undefined
      ? null
      : 'No cause was found, so there is nothing to leave out.',
  describe: report => {
    const actual = mainLatency(report);
    const now = actual === undefined ? '' : `p99 (${METRIC_TEXT[actual.metric].toLowerCase()}) was ${ms(actual.p99_ms)}. `;
    return now + report.causes.map(c => `Without ${causeTitle(c.cause)}: ${whatIf(c.p99_without_ms)}.`).join(' ');
  },
};
