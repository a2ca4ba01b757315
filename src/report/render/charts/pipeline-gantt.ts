import { count, ms } from '#core/format/numbers';
import { PHASES } from '#schema/pipeline';
import type { Report } from '#schema/report';
import { PHASE_TEXT, scheduleName } from '../parallel/wording.ts';
import type { Chart, Layer } from './chart.ts';
import { type Bar, ganttOf } from './gantt-rows.ts';
import { HANDOFF, kindTitle, LANE, OPERATION, PHASE } from './gantt-tables.ts';
import { headLayer, headTable, laneY, nameLayer } from './lanes.ts';
import { paint } from './palette.ts';
import { between } from './time-axis.ts';

const LEFT = 84;
const KINDS = ['F', 'B', 'W', 'several'] as const;

/** The kinds of operation that occur. */
export const kindsOf = (report: Report) => {
  const seen = new Set(ganttOf(report).laid.lanes.flatMap(({ item }) => item.bars.map(b => b.kind)));
  return KINDS.filter(kind => seen.has(kind)).map(kind => ({ name: kindTitle(kind), colour: paint(`op-${kind}`) }));
};
export const phasesOf = (report: Report) => {
  const seen = new Set(ganttOf(report).laid.lanes.flatMap(({ item }) => item.phases.map(p => p.phase)));
  return PHASES.filter(phase => seen.has(phase)).map(phase => ({ name: PHASE_TEXT[phase], colour: paint(`phase-${phase}`) }));
};
export const handsOff = (report: Report) => HANDOFF.rows(report).length > 0;

/** What the picture leaves out. */
export function notDrawn(report: Report): string[] {
  const { drawn: shown, left } = ganttOf(report);
  const handoffs = shown.reduce((sum, d) => sum + d.handoffs.length, 0);
  return [
    ...shown
      .filter(d => d.joined_ms !== null)
      .map(
        d =>
          `${scheduleName(d.schedule)}: there are more operations than can be told apart; some neighbours, up to ${ms(d.joined_ms ?? 0)} apart, are drawn as one bar.`,
      ),
    ...(handoffs > 0 && !handsOff(report) ? ['Hand-offs are not drawn: there are too many.'] : []),
    ...(left.length > 0 ? [`Not drawn, for want of room: ${left.map(scheduleName).join(', ')}.`] : []),
  ];
}

const x = <const Field extends string>(field: Field) =>
  ({
    field,
    type: 'quantitative',
    scale: { domain: between('0', 'longest'), nice: false, zero: false },
    axis: { title: 'time within the iteration (ms)', tickCount: { expr: 'max(2, floor(width / 90))' }, grid: false },
  }) as const;

const arrow = (down: boolean): Layer => ({
  data: { name: 'gantt_handoff' },
  transform: [{ filter: `datum.head && ${down ? '' : '!'}datum.down` }],
  mark: {
    type: 'point',
    filled: true,
    clip: true,
    aria: false,
    opacity: 1,
    shape: down ? 'triangle-down' : 'triangle-up',
    size: 16,
    yOffset: down ? -2 : 2,
    color: paint('muted'),
  },
  encoding: { x: x('end_ms'), y: laneY('to_y') },
});

/** A row of a device. */
const LANES: Layer = {
  data: { name: 'gantt_lane' },
  mark: { type: 'rect', aria: false, color: paint('bg'), stroke: paint('line'), strokeWidth: 1 },
  encoding: { x: x('zero'), x2: { field: 'end_ms' }, y: laneY('top'), y2: { field: 'bottom' } },
};

/** What part of an iteration a device is in. */
const PHASES_OF_LANES: Layer = {
  data: { name: 'gantt_phase' },
  mark: { type: 'rect', aria: false, clip: true },
  encoding: {
    x: x('start_ms'),
    x2: { field: 'end_ms' },
    y: laneY('top'),
    y2: { field: 'bottom' },
    fill: {
      field: 'phase',
      type: 'nominal',
      scale: { domain: PHASES.map(p => PHASE_TEXT[p]), range: PHASES.map(p => paint(`phase-${p}`)) },
      legend: { title: 'phase' },
    },
  },
};

/** From the end of a hand-off’s producer to its consumer. */
const HANDOFFS: Layer = {
  data: { name: 'gantt_handoff' },
  mark: { type: 'rule', clip: true, aria: false, strokeWidth: 1, opacity: 0.75, color: paint('muted') },
  encoding: {
    x: x('start_ms'),
    x2: { field: 'end_ms' },
    y: laneY('from_y'),
    y2: { field: 'to_y' },
    tooltip: [
      { field: 'what', type: 'nominal', title: 'hand-off' },
      { field: 'start_ms', type: 'quantitative', title: 'from (ms)', format: ',.3f' },
      { field: 'dur_ms', type: 'quantitative', title: 'took (ms)', format: ',.3f' },
    ],
  },
};

/** Bars of operations, coloured by kind. */
const operations = (kinds: readonly Bar['kind'][]): Layer => ({
  data: { name: 'gantt_operation' },
  mark: { type: 'rect', clip: true, aria: false, stroke: paint('bg') },
  encoding: {
    strokeWidth: { field: 'edge', type: 'quantitative', scale: null },
    x: x('start_ms'),
    x2: { field: 'end_ms' },
    y: laneY('top'),
    y2: { field: 'bottom' },
    fill: {
      field: 'kind',
      type: 'nominal',
      scale: { domain: kinds.map(kindTitle), range: kinds.map(kind => paint(`op-${kind}`)) },
      legend: { title: 'operation' },
    },
    tooltip: [
      { field: 'schedule', type: 'nominal', title: 'schedule' },
      { field: 'device', type: 'nominal', title: 'device' },
      { field: 'kind', type: 'nominal', title: 'operation' },
      { field: 'microbatch', type: 'nominal', title: 'microbatch' },
      { field: 'stage', type: 'nominal', title: 'virtual stage' },
      { field: 'start_ms', type: 'quantitative', title: 'from (ms)', format: ',.3f' },
      { field: 'dur_ms', type: 'quantitative', title: 'took (ms)', format: ',.3f' },
    ],
  },
});

/** Numbers of microbatches, where they fit into their bars. */
const NUMBERS: Layer = {
  data: { name: 'gantt_operation' },
  transform: [{ filter: "datum.label !== '' && datum.dur_ms * width > datum.room * longest" }],
  mark: { type: 'text', aria: false, baseline: 'middle', align: 'center', fontSize: 10, color: paint('on-op') },
  encoding: {
    x: x('mid_ms'),
    y: laneY('middle'),
    text: { field: 'label', type: 'nominal' },
  },
};

const drawn = (kinds: readonly Bar['kind'][]) =>
  ({
    params: [{ name: 'longest', value: 1 }],
    resolve: { scale: { fill: 'independent' }, legend: { fill: 'independent' } },
    layer: [
      LANES,
      PHASES_OF_LANES,
      headLayer('gantt_schedule'),
      nameLayer('gantt_lane', LEFT),
      HANDOFFS,
      operations(kinds),
      NUMBERS,
      arrow(true),
      arrow(false),
    ],
  }) satisfies Chart['spec'];

export const PIPELINE_GANTT: Chart = {
  name: 'pipeline-gantt',
  title: 'One iteration of each schedule',
  reading:
    'A row is a device, in the order of the pipeline; a bar is an operation with the number of its microbatch, primed for the second and further virtual stages of a device. Empty space is the bubble. Lines are hand-offs.',
  tables: [OPERATION, LANE, PHASE, HANDOFF, headTable('gantt_schedule', report => ganttOf(report).laid.heads)],
  spec: drawn(['F', 'B', 'W']),
  other: { spec: drawn(KINDS), when: report => ganttOf(report).drawn.some(d => d.joined_ms !== null) },
  height: report => ganttOf(report).laid.height,
  margin: { left: LEFT, bottom: 40 },
  params: report => ({ longest: Math.max(1e-6, ganttOf(report).longest_ms) }),
  absent: report => {
    if (report.pipeline === null) return 'No pipeline schedule was seen.';
    return ganttOf(report).drawn.length > 0 ? null : 'No operation of a pipeline could be placed in time.';
  },
  describe: report =>
    [
      ...ganttOf(report).drawn.map(
        ({ schedule, length_ms }) =>
          `${scheduleName(schedule)}: ${count(schedule.gantt.operations.length, 'operation')} and ${count(schedule.gantt.handoffs.length, 'hand-off')} on ${count(schedule.p, 'device')} in ${ms(length_ms)}.`,
      ),
      ...notDrawn(report),
    ].join(' '),
};
