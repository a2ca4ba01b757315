import { z } from 'zod';
import { ms, percent } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { excessParts, scheduleName, shareOf, WHY_TEXT } from '../parallel/wording.ts';
import { type Chart, defineTable, round } from './chart.ts';
import { headLayer, headTable, laid, laneY, leaving, nameLayer } from './lanes.ts';
import { paint } from './palette.ts';
import { between } from './time-axis.ts';

const LEFT = 122;
/** More schedules than this are for the table. */
const MOST_SCHEDULES = 16;

const layout = ({ pipeline }: Report) =>
  laid(
    (pipeline?.schedules ?? []).slice(0, MOST_SCHEDULES).map(schedule => ({
      title: `${scheduleName(schedule)}: ${ms(schedule.excess_ms)}`,
      items: excessParts(schedule).map(part => ({ schedule, ...part })),
    })),
    20,
  );

const PART = defineTable({
  name: 'excess_part',
  schema: z.strictObject({
    schedule: z.string(),
    name: z.string(),
    rest: z.boolean(),
    excess_ms: z.number(),
    share: z.number().nullable(),
    zero: z.number(),
    reach: z.number(),
    label: z.string(),
    bar_top: z.number(),
    bar_bottom: z.number(),
    middle: z.number(),
  }),
  columns: { schedule: 'Schedule', name: 'Why', excess_ms: 'Beyond theory (ms)', share: 'Share (of one)' },
  rows: report =>
    layout(report).lanes.map(({ item, top, bottom }) => {
      const share = shareOf(item.ms, item.schedule.excess_ms);
      return {
        schedule: scheduleName(item.schedule),
        name: WHY_TEXT[item.why],
        rest: item.why === 'unexplained',
        excess_ms: round(item.ms, 4),
        share: share === null ? null : round(share, 4),
        zero: 0,
        reach: round(Math.max(0, item.ms), 4),
        label: share === null ? ms(item.ms) : `${ms(item.ms)}, ${percent(share)}`,
        bar_top: top + 4,
        bar_bottom: bottom - 4,
        middle: (top + bottom) / 2,
      };
    }),
});

const x = <const Field extends string>(field: Field) =>
  ({
    field,
    type: 'quantitative',
    scale: { domain: between('least', leaving(110, 'least')), nice: false },
    axis: { title: 'device time beyond theory, an iteration (ms)', tickCount: 4 },
  }) as const;

const data = { name: 'excess_part' } as const;
const amounts = (report: Report) => PART.rows(report).map(row => Number(row['excess_ms']));

export const PIPELINE_EXCESS: Chart = {
  name: 'pipeline-excess',
  title: 'Where the time beyond theory goes',
  reading: 'Time that the devices of one iteration stand still beyond theory. The rest is unexplained, and always shown.',
  tables: [PART, headTable('excess_schedule', report => layout(report).heads)],
  spec: {
    params: [
      { name: 'least', value: 0 },
      { name: 'most', value: 1 },
    ],
    layer: [
      headLayer('excess_schedule'),
      nameLayer('excess_part', LEFT),
      {
        data,
        mark: { type: 'rect', clip: true },
        encoding: {
          x: x('zero'),
          x2: { field: 'excess_ms' },
          y: laneY('bar_top'),
          y2: { field: 'bar_bottom' },
          fill: {
            field: 'rest',
            type: 'nominal',
            scale: { domain: [false, true], range: [paint('series-1'), paint('fill-unexplained')] },
            legend: null,
          },
          description: { field: 'label', type: 'nominal' },
        },
      },
      {
        data,
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 5, aria: false, color: paint('ink') },
        encoding: { x: x('reach'), y: laneY('middle'), text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  height: report => layout(report).height,
  margin: { left: LEFT, bottom: 40 },
  params: report => {
    const all = amounts(report);
    const most = all.reduce((a, b) => Math.max(a, b), 1e-6);
    return { least: all.reduce((a, b) => Math.min(a, b), 0), most };
  },
  absent: report => {
    if (report.pipeline === null) return 'No pipeline schedule was seen.';
    return amounts(report).some(amount => amount !== 0) ? null : 'No device stood still for longer than theory says.';
  },
  describe: ({ pipeline }) =>
    (pipeline?.schedules ?? [])
      .map(s => {
        const parts = excessParts(s).map(part => `${WHY_TEXT[part.why].toLowerCase()} ${ms(part.ms)}`);
        return `${scheduleName(s)}: ${ms(s.excess_ms)} beyond theory, of which ${parts.join(', ')}.`;
      })
      .join(' '),
};
