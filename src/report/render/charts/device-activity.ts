import { z } from 'zod';
import { count, percent } from '#core/format/numbers';
import type { ChartData, Report } from '#schema/report';
import { type Chart, defineTable, inSeconds, MOST_MARKS, round } from './chart.ts';
import { INCIDENT, INCIDENT_BANDS, OWN_COLOURS } from './incidents.ts';
import { paint } from './palette.ts';
import { between, SHOWN, shown, TIME_MARGIN, timeX } from './time-axis.ts';

type Bin = ChartData['device_bins'][number];
const BUSY_STATES = ['compute', 'communication', 'copy'] as const;
const STATES: readonly Bin['state'][] = [...BUSY_STATES, 'idle'];
/** How much of its lane a fully busy device fills. */
const FILL = 0.84;

export const statesOf = ({ charts }: Report) => BUSY_STATES.filter(state => charts.device_bins.some(b => b.state === state && b.share > 0));

const devicesOf = ({ charts }: Report) => [...new Set(charts.device_bins.map(b => b.device))];

/** Neighbouring bins of one device and state joined, `every` at a time: thinning would leave holes that look like idleness. */
function joined(bins: readonly Bin[], every: number): readonly Bin[] {
  if (every <= 1) return bins;
  const groups = new Map<string, Bin[]>();
  const seen = new Map<string, number>();
  for (const bin of bins) {
    const lane = `${bin.state} ${bin.device}`;
    const at = seen.get(lane) ?? 0;
    seen.set(lane, at + 1);
    const key = `${Math.floor(at / every)} ${lane}`;
    groups.set(key, [...(groups.get(key) ?? []), bin]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    const width = group.reduce((sum, bin) => sum + bin.width_ms, 0);
    const busy = group.reduce((sum, bin) => sum + bin.width_ms * bin.share, 0);
    return first === undefined ? [] : [{ ...first, width_ms: width, share: width > 0 ? busy / width : 0 }];
  });
}

const LANE = defineTable({
  name: 'lane',
  schema: z.strictObject({ device: z.string(), middle: z.number(), top: z.number(), bottom: z.number() }),
  columns: {},
  rows: report => devicesOf(report).map((device, i) => ({ device, middle: i + 0.5, top: i, bottom: i + 1 })),
});

const DEVICE_BIN = defineTable({
  name: 'device_bin',
  schema: z.strictObject({
    device: z.string(),
    t_s: z.number(),
    end_s: z.number(),
    state: z.enum(['compute', 'communication', 'copy', 'idle']),
    share: z.number(),
    lower: z.number(),
    upper: z.number(),
  }),
  columns: { device: 'Device', t_s: 'From (s)', end_s: 'To (s)', state: 'State', share: 'Share of the time (of one)' },
  rows: report => {
    const lanes = new Map(devicesOf(report).map((device, i) => [device, i]));
    const filled = new Map<string, number>();
    const bins = joined(report.charts.device_bins, Math.ceil(report.charts.device_bins.length / MOST_MARKS));
    // States are stacked from the lane's floor in a fixed order, so that idleness is the empty space above them.
    const ordered = bins.toSorted((a, b) => a.t_ms - b.t_ms || STATES.indexOf(a.state) - STATES.indexOf(b.state));
    return ordered.map(bin => {
      const key = `${bin.t_ms} ${bin.device}`;
      const from = filled.get(key) ?? 0;
      const to = Math.min(1, from + Math.max(0, bin.share));
      filled.set(key, to);
      const floor = (lanes.get(bin.device) ?? 0) + 1 - (1 - FILL) / 2;
      return {
        device: bin.device,
        t_s: inSeconds(bin.t_ms),
        end_s: inSeconds(bin.t_ms + bin.width_ms),
        state: bin.state,
        share: round(bin.share, 4),
        lower: round(floor - from * FILL, 4),
        upper: round(floor - to * FILL, 4),
      };
    });
  },
});

const laneY = { type: 'quantitative', axis: null, scale: { domain: between('0', 'lanes'), reverse: true, nice: false } } as const;

export const DEVICE_ACTIVITY: Chart = {
  name: 'device-activity',
  title: 'Devices: what they did',
  reading: 'A row for each device: how busy it was. Empty is idle.',
  tables: [DEVICE_BIN, LANE, INCIDENT],
  spec: {
    params: [...SHOWN, { name: 'lanes', value: 1 }],
    resolve: OWN_COLOURS,
    layer: [
      INCIDENT_BANDS,
      {
        data: { name: 'lane' },
        mark: { type: 'rule', aria: false, strokeWidth: 1, color: paint('line') },
        encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { ...laneY, field: 'bottom' } },
      },
      {
        data: { name: 'lane' },
        mark: { type: 'text', aria: false, align: 'right', baseline: 'middle', dx: -6, limit: 58, color: paint('muted') },
        encoding: { x: { value: 0 }, y: { ...laneY, field: 'middle' }, text: { field: 'device', type: 'nominal' } },
      },
      {
        data: { name: 'device_bin' },
        transform: [{ filter: "datum.state !== 'idle' && datum.share > 0" }],
        mark: { type: 'rect', clip: true, aria: false },
        encoding: {
          x: timeX('t_s'),
          x2: { field: 'end_s' },
          y: { ...laneY, field: 'lower' },
          y2: { field: 'upper' },
          fill: { field: 'state', type: 'nominal', scale: { domain: [...BUSY_STATES], range: BUSY_STATES.map(paint) } },
          tooltip: [
            { field: 'device', type: 'nominal', title: 'device' },
            { field: 't_s', type: 'quantitative', title: 'from (s)', format: '.3f' },
            { field: 'state', type: 'nominal', title: 'state' },
            { field: 'share', type: 'quantitative', title: 'share of the time', format: '.0%' },
          ],
        },
      },
    ],
  },
  height: report => Math.max(1, devicesOf(report).length) * 34,
  margin: TIME_MARGIN,
  params: report => ({ ...shown(report), lanes: devicesOf(report).length }),
  absent: ({ charts }) => (charts.device_bins.length > 0 ? null : 'No trace shows what a device did.'),
  describe: report => {
    const busy = report.devices.map(d => `${d.device} busy ${percent(d.busy_ms / Math.max(1e-9, d.busy_ms + d.idle_ms))}`);
    return `Share of each moment in which ${count(devicesOf(report).length, 'device')} computed, communicated or copied; the rest is idle. ${busy.join(', ')}.`;
  },
};
