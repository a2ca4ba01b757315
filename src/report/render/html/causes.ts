import { count, ms, percent } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { Finding, RankedCause, Report } from '#schema/report';
import { parallelOnly } from '../parallel/wording.ts';
import { incidentOf } from '../whose-evidence.ts';
import { bearingOn, sentence, whatIf } from '../wording.ts';
import { mainCause } from '../worst.ts';
import { evidenceList } from './evidence.ts';
import { anchors } from './incidents.ts';
import { causeName } from './legend.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** More links than this tell a reader no more than their number does. */
const LINKED = 12;

function incidentLinks(ids: readonly string[], anchorOf: ReadonlyMap<string, string>): Html {
  if (ids.length === 0) return html`it leads none`;
  const links = ids.slice(0, LINKED).map((id, i) => {
    const anchor = anchorOf.get(id);
    return html`${i > 0 ? ', ' : ''}${anchor === undefined ? id : html`<a href="#${anchor}">${id}</a>`}`;
  });
  return html`${links}${ids.length > LINKED ? ` and ${ids.length - LINKED} more` : ''}`;
}

const details = (title: string, body: Html): Html => html`<details><summary>${title}</summary><div class="body">${body}</div></details>`;

/** States of the machine that may lie behind a cause. */
const behind = (states: readonly Finding[]): Html =>
  states.length === 0
    ? NOTHING
    : html`<div><dt>State of the machine</dt><dd>${states.map((f, i) => html`${i > 0 ? '; ' : ''}<a href="#${f.id}">${f.title}</a> (${f.severity})`)}</dd></div>
`;

/** Whose rows they are: those of one incident show nothing of another. */
function evidenceTitle(cause: RankedCause, report: Report): string {
  const id = incidentOf(cause, report);
  const queries = count(cause.evidence.length, 'query', 'queries');
  return id === undefined ? `Evidence (${queries})` : `Evidence of ${id}, which cost most (${queries})`;
}

/** What came in incidents came not in every step, though no request tells it. */
const isInEveryStep = ({ cause, scope }: RankedCause, { incidents }: Report): boolean =>
  scope === 'chronic' && !incidents.some(i => mainCause(i) === cause);

function ranked(cause: RankedCause, anchorOf: ReadonlyMap<string, string>, report: Report): Html {
  const judged = !parallelOnly(report);
  const states = bearingOn(report, cause.cause);
  return html`<article class="ranked" id="cause-${cause.rank}"><h3>${cause.rank}. ${causeName(cause.cause)}${isInEveryStep(cause, report) ? html` <span class="tag">in every step</span>` : NOTHING}</h3>
<p class="meaning">${CAUSE_TEXT[cause.cause].meaning}</p>
<dl class="pairs">
<div><dt>Time lost</dt><dd>${ms(cause.excess_ms)}, ${percent(cause.share)} of ${judged ? 'the delay of the slow requests' : 'the time lost'}</dd></div>
${judged ? html`<div><dt>p99 without it</dt><dd>${whatIf(cause.p99_without_ms)}</dd></div>` : NOTHING}
<div><dt>What it was</dt><dd>${cause.subject}</dd></div>
<div><dt>Incidents</dt><dd>${incidentLinks(cause.incidents, anchorOf)}</dd></div>
<div><dt>Confidence</dt><dd><b>${cause.confidence}</b>: ${sentence(cause.why_confidence)}</dd></div>
${behind(states)}<div><dt>What to do</dt><dd>${cause.advice}</dd></div>
</dl>
${cause.evidence.length > 0 ? details(evidenceTitle(cause, report), evidenceList(cause.evidence)) : NOTHING}
</article>`;
}

const finding = (
  f: Finding,
): Html => html`<article class="ranked"${f.bears_on === undefined ? NOTHING : html` id="${f.id}"`}><h3>${f.title} <span class="tag">severity: ${f.severity}</span></h3>
<p>${f.detail}</p><p><b>What to do.</b> ${f.advice}</p>
${f.evidence.length > 0 ? details(`Evidence (${count(f.evidence.length, 'query', 'queries')})`, evidenceList(f.evidence)) : NOTHING}
</article>`;

export function causes(report: Report): Html {
  const anchorOf = anchors(report);
  const list = report.causes.length > 0 ? report.causes.map(c => ranked(c, anchorOf, report)) : html`<p>No cause was found.</p>`;
  const findings = report.findings.length > 0 ? report.findings.map(finding) : html`<p>No further finding.</p>`;
  return html`<section id="causes" aria-labelledby="h-causes"><h2 id="h-causes">Causes, ranked</h2>${list}</section>
<section id="findings" aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2>${findings}</section>`;
}
