import { ms, percent, plain, range } from '#core/format/numbers';
import type { EngineStepKind } from '#schema/engine-steps';
import { type DeviceSummary, GAP_CLASSES, type GapClass, type Report } from '#schema/report';
import type { LaneBooks } from '#schema/summary';
import { laneCaption, partTitle } from '../lane-wording.ts';
import { stepWork, usualWords } from '../step-listing.ts';
import { GAP_TEXT, STEP_TEXT, traceWords } from '../wording.ts';
import { listed } from './listed.ts';
import { type Column, table } from './table.ts';
import { type Html, html } from './tag.ts';

const withShare = (part: number, d: DeviceSummary) => {
  const whole = d.busy_ms + d.idle_ms;
  return whole > 0 ? `${ms(part)} (${percent(part / whole)})` : ms(part);
};

const DEVICES: readonly Column<DeviceSummary>[] = [
  { head: 'Device', cell: d => d.device },
  { head: 'Name', cell: d => d.name ?? 'not recorded' },
  { head: 'Busy', cell: d => withShare(d.busy_ms, d), numeric: true },
  { head: 'Idle', cell: d => withShare(d.idle_ms, d), numeric: true },
  { head: 'No compute', cell: d => withShare(d.compute_absent_ms, d), numeric: true },
  { head: 'Communication', cell: d => ms(d.communication_ms), numeric: true },
  { head: 'Exposed communication', cell: d => ms(d.exposed_communication_ms), numeric: true },
  { head: 'Copies', cell: d => ms(d.copy_ms), numeric: true },
  { head: 'Exposed copies', cell: d => ms(d.exposed_copy_ms), numeric: true },
  { head: 'Hidden under compute', cell: d => ms(d.overlapped_ms), numeric: true },
  { head: 'Kernels', cell: d => plain(d.kernels), numeric: true },
];

interface Gap {
  readonly device: string;
  readonly name: GapClass;
  readonly total: DeviceSummary['gaps'][GapClass];
}

const GAPS: readonly Column<Gap>[] = [
  { head: 'Device', cell: g => g.device },
  { head: 'Gap class', cell: g => g.name },
  { head: 'Gaps', cell: g => plain(g.total.count), numeric: true },
  { head: 'Time, lower–upper', cell: g => range(g.total.lower_ms, g.total.upper_ms), numeric: true },
  { head: 'What it means', cell: g => GAP_TEXT[g.name], prose: true },
];

const STEPS: readonly Column<EngineStepKind>[] = [
  { head: 'Steps', cell: s => STEP_TEXT[s.kind], short: true },
  { head: 'Process', cell: s => `${s.process} on ${s.device}`, short: true },
  { head: 'How many', cell: s => plain(s.steps), numeric: true },
  { head: 'Share of the time', cell: s => percent(s.share), numeric: true },
  { head: 'A usual one', cell: s => usualWords(s, s.median_ms), numeric: true },
  { head: 'of it work', cell: s => usualWords(s, s.work_ms), numeric: true },
  { head: 'Delays seen above', cell: s => ms(s.seen_above_ms), numeric: true },
  { head: 'Beyond the usual, all', cell: s => usualWords(s, s.excess_ms), numeric: true },
  { head: 'Told by', cell: s => s.told_by, short: true },
];

/** Nothing where no lane has steps. */
const steps = ({ steps: kinds }: Report): Html | '' =>
  kinds.length === 0 ? '' : table({ caption: 'What the engine did, step by step, with requests in flight', columns: STEPS, items: kinds });

const PARTS: readonly Column<LaneBooks['parts'][number]>[] = [
  { head: 'What', cell: p => partTitle(p.what) },
  { head: 'Time', cell: p => ms(p.ms), numeric: true },
  { head: 'Share of the window', cell: p => percent(p.share), numeric: true },
];

export function devices(report: Report): Html {
  const head = html`<h2 id="h-devices">Devices</h2>`;
  if (report.devices.length === 0)
    return html`<section id="devices" aria-labelledby="h-devices">${head}<p>${traceWords(report).noDevice}</p></section>`;
  const gaps = report.devices.flatMap(d => GAP_CLASSES.map(name => ({ device: d.device, name, total: d.gaps[name] })));
  return html`<section id="devices" aria-labelledby="h-devices">${head}
${table({ caption: 'What each device did', columns: DEVICES, items: report.devices })}
${table({ caption: 'Why it stood still: gaps by class', columns: GAPS, items: gaps })}
${steps(report)}
${listed(stepWork(report.steps))}
${report.lane_books.map(lane => table({ caption: laneCaption(lane), columns: PARTS, items: lane.parts }))}
</section>`;
}
