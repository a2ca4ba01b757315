import { count, ms, percent, plain, seconds } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { Incident } from '#schema/incident';
import type { Report } from '#schema/report';
import { commandLine } from '../command-line.ts';
import { onTheWall, plainSentence, throughoutSentence } from '../incident-wording.ts';
import { NO_ROWS_KEPT, queriesOf } from '../whose-evidence.ts';
import { mainCause, worst } from '../worst.ts';
import { evidenceList } from './evidence.ts';
import { causeName } from './legend.ts';
import { miniTimeline } from './mini-timeline.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

type Part = Incident['causes'][number];

const PARTS: readonly Column<Part>[] = [
  { head: 'Cause', cell: c => causeName(c.cause) },
  { head: 'Time lost', cell: c => ms(c.excess_ms), numeric: true },
  { head: 'Share of the incident', cell: c => percent(c.share), numeric: true },
  { head: 'What it was', cell: c => c.subject, prose: true },
];

/** Without rows of its own: how to get them. */
function byHand(incident: Incident, report: Report): Html {
  const queries = queriesOf(incident, report);
  if (queries.length === 0) return html`<p>No evidence is kept for this incident.</p>`;
  return html`<p class="by-hand">${NO_ROWS_KEPT}</p><pre tabindex="0"><code>${queries.map(commandLine).join('\n')}</code></pre>`;
}

function told(incident: Incident, index: number, report: Report): Html {
  const cause = mainCause(incident);
  const share = incident.causes[0]?.share ?? 0;
  // Some room on both sides, so that the stretch is seen in its surroundings.
  const room = Math.max(100, (incident.end_ms - incident.start_ms) * 2);
  const [from, to] = [incident.start_ms - room, incident.end_ms + room].map(t => (t / 1000).toFixed(3));
  const wall = onTheWall(report, incident);
  return html`<details class="incident" id="${anchorOf(incident.id, index)}"${index === 0 ? html` open` : NOTHING}>
<summary><h3 class="who"><b>${incident.id}</b> at ${seconds(incident.start_ms)}${wall === '' ? NOTHING : html` <small>${wall}</small>`}</h3> <span class="what">${causeName(cause)} ${percent(share)} of the incident</span>
<span class="how">delay ${ms(incident.held_up_ms)} · ${incident.requests > 0 ? `${count(incident.requests, 'request')} · ` : ''}${ms(incident.excess_ms)} lost</span></summary>
<div class="body"><p><b>${plainSentence(incident)}</b></p>
${miniTimeline(incident, index + 1)}
${table({ caption: `Causes of ${incident.id}, the likeliest first`, columns: PARTS, items: incident.causes })}
<p><b>What to do.</b> ${CAUSE_TEXT[cause].advice}</p>
<p class="live-only"><button type="button" data-from="${from}" data-to="${to}">Show ${incident.id} on the timeline</button></p>
${incident.evidence.length > 0 ? html`<h4>Evidence of ${incident.id}</h4>${evidenceList(incident.evidence)}` : byHand(incident, report)}
</div></details>`;
}

const REST: readonly Column<Incident>[] = [
  { head: 'Incident', cell: i => i.id },
  { head: 'From', cell: i => seconds(i.start_ms), numeric: true },
  { head: 'Delay', cell: i => ms(i.held_up_ms), numeric: true },
  { head: 'Requests', cell: i => plain(i.requests), numeric: true },
  { head: 'Time lost', cell: i => ms(i.excess_ms), numeric: true },
  { head: 'Main cause', cell: i => causeName(mainCause(i)) },
  { head: 'Share', cell: i => percent(i.causes[0]?.share ?? 0), numeric: true },
];

/** I5 is found at #incident-5. Any other id comes from outside and makes no anchor: its place among the told ones does. */
const anchorOf = (id: string, index: number): string => {
  const [, number] = /^I(\d{1,6})$/.exec(id) ?? [];
  return number === undefined ? `incident-no-${index + 1}` : `incident-${number}`;
};

/** Where each told incident stands in the page, by its id. */
export const anchors = (report: Report): ReadonlyMap<string, string> =>
  new Map(worst(report.incidents).told.map((incident, i) => [incident.id, anchorOf(incident.id, i)]));

export function incidents(report: Report): Html {
  const head = html`<h2 id="h-incidents">Incidents</h2>`;
  if (report.incidents.length === 0) {
    return html`<section id="incidents" aria-labelledby="h-incidents">${head}<p><b>No incident was found.</b> No stretch of time was slower than the rest.</p></section>`;
  }
  const { told: first, rest } = worst(report.incidents);
  const story = throughoutSentence(report);
  const note =
    rest.length > 0
      ? html`<p>${count(report.incidents.length, 'incident')}. The ${first.length} worst are told in full, the worst first.</p>`
      : NOTHING;
  return html`<section id="incidents" aria-labelledby="h-incidents">${head}${story === '' ? NOTHING : html`<p><b>${story}</b></p>`}${note}
${first.map((incident, i) => told(incident, i, report))}
${rest.length > 0 ? table({ caption: 'The other incidents, the worst first', columns: REST, items: rest }) : NOTHING}
</section>`;
}
