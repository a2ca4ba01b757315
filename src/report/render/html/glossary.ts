import { CAUSE_TEXT } from '#schema/causes';
import { GAP_CLASSES, type Report } from '#schema/report';
import { PRIVATE_WORDS, TERM, type Term } from '../terms.ts';
import { GAP_TEXT } from '../wording.ts';
import { type Html, html } from './tag.ts';

/** Every private word of a report: it is looked up here, wherever it stands. */
const privateTerms = (report: Report): readonly (readonly [string, string])[] =>
  (Object.keys(PRIVATE_WORDS) as Term[])
    .filter(term => report.pipeline !== null || !OF_PIPELINES.has(term))
    .map(term => [PRIVATE_WORDS[term].title, `${TERM[term]}.`]);
/** Words that no report of a single GPU holds. */
const OF_PIPELINES: ReadonlySet<Term> = new Set(['handOff', 'bubble']);

const TERMS: readonly (readonly [string, string])[] = [
  ['Slow', 'a request whose delay is above the threshold beside “Slow requests”.'],
  ['p99', 'the latency within which 99 of 100 requests were done. Few requests give a wide interval, sometimes without an upper bound.'],
  [
    'p99 without a cause',
    'p99 with the delay by that cause taken off each request. Evidence that allows more than one reading gives a lower and an upper value.',
  ],
  ['In every step', 'a cause that is at work all the time, so that it makes no incident and no request escapes it.'],
  ['Gap', 'a stretch in which a device ran nothing, over all its streams and processes.'],
];

const PIPELINE_TERMS: readonly (readonly [string, string])[] = [
  ['Bubble, share and overhead', 'a bubble over the whole iteration; as overhead, that time over the time in which the device computes.'],
  ['Warm-up', 'the stretch in which a stage runs only forwards, since no backward can have reached it yet.'],
  ['Steady', 'the stretch in which a stage takes forwards and backwards in turn.'],
  ['Cool-down', 'the stretch in which a stage runs only the backwards that are left.'],
  [
    'Virtual stage',
    'a part of the model that is one step of the pipeline. A device may hold several (v); then they take turns, and bubbles get shorter.',
  ],
  [
    'Theory',
    'the bubble of even stages and free hand-offs, (p − 1) / (v·m + p − 1) and its like for p devices, m microbatches and v virtual stages a device.',
  ],
  ['Simulated', 'the bubble that the measured operations would leave with free hand-offs, in the order that ran.'],
];

const COLLECTIVE_TERMS: readonly (readonly [string, string])[] = [
  ['Collective', 'an operation that several ranks take part in at once, such as an all-reduce: it ends for all when the last has come.'],
  ['Rank', 'one of the processes, or devices, that work together.'],
  ['Late rank', 'the rank that entered a collective last, by more than the noise: the others waited for it.'],
  ['Jitter', 'wait in collectives that no late rank explains.'],
];

const entry = ([term, meaning]: readonly [string, string]): Html => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`;

export function glossary(report: Report): Html {
  const used = [...new Set([...report.books.parts.map(p => p.cause), ...report.detectors.map(d => d.cause), 'unexplained' as const])];
  return html`<section id="glossary" aria-labelledby="h-glossary"><h2 id="h-glossary">Glossary</h2><dl class="pairs">
${[...privateTerms(report), ...TERMS, ...(report.pipeline === null ? [] : PIPELINE_TERMS), ...(report.collectives === null ? [] : COLLECTIVE_TERMS)].map(entry)}${GAP_CLASSES.map(c => entry([`Gap, ${c}`, `${GAP_TEXT[c]}.`]))}${used.map(cause => entry([CAUSE_TEXT[cause].title, CAUSE_TEXT[cause].meaning]))}
</dl></section>`;
}
