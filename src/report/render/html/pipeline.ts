import { percent } from '#core/format/numbers';
import type { Pipeline } from '#schema/pipeline';
import type { Report } from '#schema/report';
import { paint } from '../charts/palette.ts';
import { handsOff, kindsOf, notDrawn, phasesOf } from '../charts/pipeline-gantt.ts';
import { first } from '../parallel/listing.ts';
import * as tables from '../parallel/pipeline-tables.ts';
import { phaseMarks, saidAbove, scheduleName } from '../parallel/wording.ts';
import { sentence } from '../wording.ts';
import type { Drawings } from './drawings.ts';
import { figure } from './figure.ts';
import { swatchLegend } from './legend.ts';
import { listed, sentences } from './listed.ts';
import { prose } from './prose.ts';
import { type Html, html, NOTHING } from './tag.ts';

const ganttLegend = (report: Report) =>
  swatchLegend('Legend: operations and phases', [
    ...kindsOf(report),
    ...phasesOf(report).map(phase => ({ ...phase, hollow: true })),
    ...(handsOff(report) ? [{ name: 'hand-off (line)', colour: paint('muted') }] : []),
  ]);

const bubbleLegend = ({ schedules }: Pipeline) =>
  swatchLegend('Legend: bubble', [
    { name: 'measured', colour: paint('series-1') },
    ...(schedules.some(s => s.bubble.some(b => b.theory_share !== null)) ? [{ name: 'in theory (stroke)', colour: paint('ink') }] : []),
    { name: 'simulated (diamond)', colour: paint('series-2') },
  ]);

function departures({ schedules }: Pipeline): Html {
  const departing = schedules.filter(s => s.departures.length > 0);
  if (departing.length === 0) return NOTHING;
  return html`<h3>Departures from the textbook’s order</h3>${departing.map(
    s => html`<p>${scheduleName(s)}:</p><ul>${first(s.departures).map(line => html`<li>${line}</li>`)}</ul>`,
  )}`;
}

/** More pairs than this are folded, below their matrix. */
const FEW = 12;

function copies(pipeline: Pipeline): Html {
  if (pipeline.copies.length === 0 && pipeline.nvlink_share === null) return NOTHING;
  const matrix = tables.copyMatrix(pipeline);
  const nvlink =
    pipeline.nvlink_share === null
      ? NOTHING
      : html`<p>NVLink ran at ${percent(pipeline.nvlink_share)} of its peak, by the GPU metrics.</p>`;
  return html`<h3>Copies</h3>${nvlink}${matrix === null ? NOTHING : listed(matrix)}${pipeline.copies.length > FEW ? html`<details><summary>All pairs</summary>${listed(tables.copies(pipeline))}</details>` : listed(tables.copies(pipeline))}`;
}

const phases = (pipeline: Pipeline): Html =>
  pipeline.schedules.some(s => s.phases.length > 0)
    ? html`<details><summary>Warm-up, steady state and cool-down of each stage</summary>${listed(tables.phases(pipeline))}${phaseMarks(pipeline).map(line => html`<p>${line}</p>`)}</details>`
    : NOTHING;

/** Nothing at all where no pipeline ran: a report of one GPU does not speak of pipelines. */
export function pipeline(report: Report, drawings: Drawings): Html {
  const seen = report.pipeline;
  if (seen === null) return NOTHING;
  return html`<section id="pipeline" aria-labelledby="h-pipeline"><h2 id="h-pipeline">Pipeline</h2>
${saidAbove(report, seen.answer) ? NOTHING : prose(sentence(seen.answer))}<p class="absent">${sentence(seen.source)}</p>
${figure(drawings.of('pipeline-gantt'), { legend: ganttLegend(report) })}
${notDrawn(report).map(line => html`<p class="absent">${line}</p>`)}
${listed(tables.schedules(seen))}${phases(seen)}
<div class="pair">${figure(drawings.of('pipeline-bubble'), { legend: bubbleLegend(seen) })}${figure(drawings.of('pipeline-excess'))}</div>
${listed(tables.bubbles(seen))}${listed(tables.launchCauses(seen))}
${departures(seen)}
<h3>Hand-offs</h3>${listed(tables.handoffs(seen))}
${seen.schedules.some(s => s.what_if.length > 0) ? html`<h3>What if</h3>${listed(tables.whatIfs(seen))}` : NOTHING}
${copies(seen)}
${seen.comparison.length > 0 ? html`<h3>Comparison</h3>${listed(tables.comparison(seen))}` : NOTHING}
${sentences('What could not be told of the pipeline', seen.cannot_tell)}
</section>`;
}
