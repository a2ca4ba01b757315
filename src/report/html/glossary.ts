import { CAUSE_TEXT } from '#model/causes';
import { GAP_CLASSES, type Report } from '#model/report';
import { GAP_TEXT } from '../words.ts';
import { type Html, html } from './tag.ts';

const TERMS: readonly (readonly [string, string])[] = [
  ['Incident', 'a stretch of time in which requests were delayed beyond what their work explains.'],
  ['Expected time', 'what a request of this size takes when nothing is wrong, fitted on the requests outside incidents.'],
  ['Excess', 'latency beyond the expected time.'],
  ['Slow', 'a request whose excess is beyond the threshold given with the fit.'],
  ['Books', 'the excess of the slow requests, shared out over causes; what no evidence earns stays unexplained.'],
  ['p99', 'the latency within which 99 of 100 requests were done. Few requests give a wide interval, sometimes without an upper bound.'],
  [
    'p99 without a cause',
    'p99 with that cause’s excess taken off each request. Evidence that allows more than one reading gives a lower and an upper value.',
  ],
  ['In every step', 'a cause that is at work all the time, so that it makes no incident and no request escapes it.'],
  ['Held up', 'wall time for which the engine made no headway.'],
  ['Gap', 'a stretch in which a device ran nothing, over all its streams and processes.'],
  ['Exposed', 'communication or copying that no computation hides.'],
];

const entry = ([term, meaning]: readonly [string, string]): Html => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`;

export function glossary(report: Report): Html {
  const used = [...new Set([...report.books.parts.map(p => p.cause), ...report.detectors.map(d => d.cause), 'unexplained' as const])];
  return html`<section id="glossary" aria-labelledby="h-glossary"><h2 id="h-glossary">Glossary</h2><dl class="pairs">
${TERMS.map(entry)}${GAP_CLASSES.map(c => entry([`Gap, ${c}`, `${GAP_TEXT[c]}.`]))}${used.map(cause => entry([CAUSE_TEXT[cause].title, CAUSE_TEXT[cause].meaning]))}
</dl></section>`;
}
