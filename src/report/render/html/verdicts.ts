import type { Capability, DetectorVerdict, Report } from '#schema/report';
import { defined } from '../terms.ts';
import { VERDICT_TERMS, verdictWords, withoutDetector } from '../verdict-wording.ts';
import { causeName } from './legend.ts';
import { type Column, table } from './table.ts';
import { type Html, html } from './tag.ts';

const ORDER = ['found', 'minor', 'cannot-tell', 'clear'] as const;

const DETECTORS: readonly Column<DetectorVerdict>[] = [
  { head: 'Detector', cell: d => d.detector },
  { head: 'Looks for', cell: d => causeName(d.cause) },
  { head: 'Verdict', cell: d => html`<span class="tag ${d.verdict}">${verdictWords(d)}</span>` },
  { head: 'Reason', cell: d => d.reason, prose: true },
];

const CAPABILITIES: readonly Column<Capability>[] = [
  { head: 'What', cell: c => c.what },
  { head: 'Available', cell: c => html`<span class="tag ${c.available ? 'clear' : 'cannot-tell'}">${c.available ? 'yes' : 'no'}</span>` },
  { head: 'Why', cell: c => c.why, prose: true },
];

export function verdicts(report: Report): Html {
  const sorted = report.detectors.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const open =
    report.cannot_tell.length > 0
      ? html`<ul>${report.cannot_tell.map(line => html`<li>${line}</li>`)}</ul>`
      : html`<p>Nothing was left open.</p>`;
  return html`<section id="verdicts" aria-labelledby="h-verdicts"><h2 id="h-verdicts">What was looked for</h2>
<p>${VERDICT_TERMS} ${defined('An engine step', 'step')} ${defined('A stall', 'stall')}</p>
${sorted.length > 0 ? table({ caption: 'What each detector answered', columns: DETECTORS, items: sorted }) : html`<p>No detector ran.</p>`}
${withoutDetector(report) === '' ? '' : html`<p>${withoutDetector(report)}</p>`}
<h3>What could not be told</h3>${open}
${report.capabilities.length > 0 ? table({ caption: 'What the data allows', columns: CAPABILITIES, items: report.capabilities }) : ''}
</section>`;
}
