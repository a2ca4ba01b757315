import { z } from 'zod';
import { points } from '#core/format/numbers';
import type { Share } from '#core/units';
import type { Schedule } from '#schema/pipeline';
import type { Report } from '#schema/report';
import { mean, type StageBubble, scheduleName, shape } from '../parallel/wording.ts';
import { type Chart, defineTable, round } from './chart.ts';
import { type Group, headLayer, headTable, laid, laneY, leaving, nameLayer } from './lanes.ts';
import { paint } from './palette.ts';
import { between } from './time-axis.ts';

const LEFT = 84;
/** More lanes than this are for the table. */
const MOST_LANES = 128;

interface Line {
  readonly schedule: Schedule;
  readonly bubble: StageBubble;
}

function layout({ pipeline }: Report) {
  const groups: Group<Line>[] = [];
  let lanes = 0;
  for (const schedule of pipeline?.schedules ?? []) {
    const items = schedule.bubble.slice(0, MOST_LANES - lanes).map(bubble => ({ schedule, bubble }));
    lanes += items.length;
    if (items.length > 0) groups.push({ title: `${scheduleName(schedule)}: ${shape(schedule)}`, items });
  }
  return laid(groups, lanes > 32 ? 14 : 20);
}

const inPercent = (share: Share) => round(100 * share, 2);

const STAGE = defineTable({
  name: 'bubble_stage',
  schema: z.strictObject({
    schedule: z.string(),
    name: z.string(),
    measured: z.number(),
    least: z.number(),
    most: z.number(),
    theory: z.number().nullable(),
    simulated: z.number(),
    zero: z.number(),
    reach: z.number(),
    label: z.string(),
    top: z.number(),
    bottom: z.number(),
    bar_top: z.number(),
    bar_bottom: z.number(),
    middle: z.number(),
  }),
  columns: {
    schedule: 'Schedule',
    name: 'Device',
    measured: 'Measured (%)',
    least: 'Least (%)',
    most: 'Most (%)',
    theory: 'In theory (%)',
    simulated: 'Simulated (%)',
  },
  rows: report =>
    layout(report).lanes.map(({ item: { schedule, bubble }, top, bottom }) => {
      const [least, most] = bubble.measured_share_range;
      return {
        schedule: scheduleName(schedule),
        name: bubble.device,
        measured: inPercent(bubble.measured_share),
        least: inPercent(least),
        most: inPercent(most),
        theory: bubble.theory_share === null ? null : inPercent(bubble.theory_share),
        simulated: inPercent(bubble.simulated_share),
        zero: 0,
        reach: inPercent(Math.max(0, bubble.measured_share, most, bubble.theory_share ?? 0, bubble.simulated_share)),
        label: points(bubble.measured_share),
        top: top + 2,
        bottom: bottom - 2,
        bar_top: top + 5,
        bar_bottom: bottom - 5,
        middle: (top + bottom) / 2,
      };
    }),
});

const x = <const Field extends string>(field: Field) =>
  ({
    field,
    type: 'quantitative',
    scale: { domain: between('0', leaving(60)), nice: false },
    axis: { title: 'bubble, share of the iteration (%)', tickCount: 5 },
  }) as const;

const data = { name: 'bubble_stage' } as const;

export const PIPELINE_BUBBLE: Chart = {
  name: 'pipeline-bubble',
  title: 'Bubble against theory',
  reading:
    'A bar is the bubble of one device, the thin line its range over the iterations. Simulated: the measured operations with free hand-offs.',
  tables: [STAGE, headTable('bubble_schedule', report => layout(report).heads)],
  spec: {
    params: [{ name: 'most', value: 1 }],
    layer: [
      headLayer('bubble_schedule'),
      nameLayer('bubble_stage', LEFT),
      {
        data,
        mark: { type: 'rect', clip: true, color: paint('series-1') },
        encoding: {
          x: x('zero'),
          x2: { field: 'measured' },
          y: laneY('bar_top'),
          y2: { field: 'bar_bottom' },
          description: { field: 'label', type: 'nominal' },
          tooltip: [
            { field: 'schedule', type: 'nominal', title: 'schedule' },
            { field: 'name', type: 'nominal', title: 'device' },
            { field: 'measured', type: 'quantitative', title: 'measured (%)', format: '.1f' },
            { field: 'least', type: 'quantitative', title: 'least (%)', format: '.1f' },
            { field: 'most', type: 'quantitative', title: 'most (%)', format: '.1f' },
            { field: 'theory', type: 'quantitative', title: 'in theory (%)', format: '.1f' },
            { field: 'simulated', type: 'quantitative', title: 'simulated (%)', format: '.1f' },
          ],
        },
      },
      {
        data,
        mark: { type: 'rule', clip: true, aria: false, strokeWidth: 1.5, color: paint('ink') },
        encoding: { x: x('least'), x2: { field: 'most' }, y: laneY('middle') },
      },
      {
        data,
        transform: [{ filter: 'isValid(datum.theory)' }],
        mark: { type: 'rule', clip: true, aria: false, strokeWidth: 2.5, color: paint('ink') },
        encoding: { x: x('theory'), y: laneY('top'), y2: { field: 'bottom' } },
      },
      {
        data,
        mark: {
          type: 'point',
          shape: 'diamond',
          filled: true,
          clip: true,
          aria: false,
          opacity: 1,
          size: 46,
          color: paint('series-2'),
          stroke: paint('bg'),
          strokeWidth: 1,
        },
        encoding: { x: x('simulated'), y: laneY('middle') },
      },
      {
        data,
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8, aria: false, color: paint('ink') },
        encoding: { x: x('reach'), y: laneY('middle'), text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  height: report => layout(report).height,
  margin: { left: LEFT, bottom: 40 },
  params: report => ({ most: STAGE.rows(report).reduce((most, row) => Math.max(most, Number(row['reach'])), 0.5) }),
  absent: report => {
    if (report.pipeline === null) return 'No pipeline schedule was seen.';
    return layout(report).lanes.length > 0 ? null : 'No bubble was measured.';
  },
  describe: ({ pipeline }) =>
    (pipeline?.schedules ?? [])
      .map(s => {
        const [measured, theory] = [mean(s.bubble.map(b => b.measured_share)), mean(s.bubble.map(b => b.theory_share))];
        const told = measured === null ? 'bubble not known' : `bubble ${points(measured)}, a mean device`;
        return `${scheduleName(s)}: ${told}${theory === null ? '' : `, in theory ${points(theory)}`}.`;
      })
      .join(' '),
};
