import type { Report } from '#schema/report';
import { TIMELINE } from '../charts/all.ts';
import { statesOf } from '../charts/device-activity.ts';
import { DRAWN_CAUSES, paint } from '../charts/palette.ts';
import { seriesOf } from '../charts/series.ts';
import type { Drawings } from './drawings.ts';
import { figure } from './figure.ts';
import { causeLegend, swatchLegend } from './legend.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** Only what occurs: a legend of all causes would be longer than the charts are high. */
function causesShown({ charts, incidents }: Report) {
  const present = new Set([...charts.requests.map(r => r.cause), ...incidents.flatMap(i => i.causes.slice(0, 1).map(c => c.cause))]);
  return DRAWN_CAUSES.filter(cause => present.has(cause));
}

/** The same choice as the brush, for the keyboard and for exact times. Shown once the script runs. */
function zoom(): Html {
  const field = (id: string, label: string) =>
    html`<label for="${id}">${label} <input id="${id}" type="number" step="0.1" inputmode="decimal"> s</label>`;
  return html`<div class="zoom" role="group" aria-label="Time shown in all panels">${field('zoom-from', 'From')} ${field('zoom-to', 'to')}
<button type="button" id="zoom-reset">Reset</button> <output id="zoom-shown" aria-live="polite"></output></div>`;
}

const lines = (label: string, names: readonly string[]) => (new Set(names).size > 1 ? swatchLegend(label, seriesOf(names)) : NOTHING);

function legends(report: Report): Readonly<Record<string, Html>> {
  const gpus = report.charts.gpu.map(s => s.gpu);
  return {
    'device-activity': swatchLegend('Legend: device activity', [
      ...statesOf(report).map(name => ({ name, colour: paint(name) })),
      { name: 'idle', colour: paint('panel'), hollow: true },
    ]),
    'gpu-power': lines('Legend: GPUs', gpus),
    'gpu-clock': lines('Legend: GPUs', gpus),
    'host-cpu': lines('Legend: host CPU', ['CPU busy', 'waiting for I/O']),
    'host-disk': lines('Legend: host disks', ['read', 'written']),
  };
}

export function timeline(report: Report, drawings: Drawings): Html {
  const legendOf = legends(report);
  const drawn = TIMELINE.some(chart => drawings.of(chart.name).absent === null);
  return html`<section id="timeline" aria-labelledby="h-timeline"><h2 id="h-timeline">Timeline</h2>
<div class="bar">${causeLegend(causesShown(report))}${drawn ? zoom() : NOTHING}</div>
${drawn ? figure(drawings.of('overview')) : NOTHING}
${TIMELINE.map(chart => figure(drawings.of(chart.name), { legend: legendOf[chart.name] ?? NOTHING }))}
</section>`;
}
