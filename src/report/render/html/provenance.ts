import { bytes, ms, plain, wallClock } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { inputFormat, overheadWords, recordingWords } from '../recording-wording.ts';
import { sentence } from '../wording.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

type Input = Report['inputs'][number];
type Coefficient = NonNullable<Report['requests']>['expected']['coefficients'][number];

const INPUTS: readonly Column<Input>[] = [
  { head: 'File', cell: i => i.path },
  { head: 'Kind', cell: i => i.kind },
  { head: 'Format', cell: i => inputFormat(i) },
  { head: 'Size', cell: i => bytes(i.bytes), numeric: true },
  { head: 'SHA-256', cell: i => html`<code>${i.sha256}</code>` },
];

const COEFFICIENTS: readonly Column<Coefficient>[] = [
  { head: 'Term', cell: c => c.term },
  { head: 'Value', cell: c => plain(c.value), numeric: true },
  { head: 'Unit', cell: c => c.unit },
];

function expected({ requests }: Report): Html {
  if (requests === null) return html`<p>No request log was given: nothing says how long a request should have taken.</p>`;
  const { method, coefficients, noise_ms } = requests.expected;
  const noise = noise_ms === null ? '' : ` What the fit leaves over has a robust standard deviation of ${ms(noise_ms)}.`;
  return html`<p>${sentence(method)}${noise} A request counts as slow beyond ${ms(requests.slow_threshold_ms)}.</p>
${coefficients.length > 0 ? table({ caption: 'The fit', columns: COEFFICIENTS, items: coefficients }) : NOTHING}`;
}

function recorded({ recording }: Report): Html {
  if (recording === null) return NOTHING;
  const { overhead, missing } = recording;
  return html`<h3>Recording</h3>${recordingWords(recording).map(s => html`<p>${s}</p>`)}
${overhead === null ? NOTHING : html`<ul>${overhead.map(o => html`<li>${overheadWords(o)}</li>`)}</ul>`}
${missing.length === 0 ? NOTHING : html`<p>Missing from the case:</p><ul>${missing.map(m => html`<li>${m}</li>`)}</ul>`}`;
}

export function provenance(report: Report): Html {
  const { clock, window } = report;
  const uncertainty =
    clock.uncertainty_ms === null
      ? 'How far the clocks may be apart is not known.'
      : `The clocks may be up to ${ms(clock.uncertainty_ms)} apart.`;
  const when = window.epoch_known
    ? `${wallClock(window.start_ns)} to ${wallClock(window.end_ns)}`
    : 'not known: the trace does not say when it was taken, so times count from its start';
  return html`<section id="inputs" aria-labelledby="h-inputs"><h2 id="h-inputs">Clock, inputs and method</h2>
<h3>Clock</h3><p>${sentence(clock.method)} ${uncertainty}</p><p>Window: ${when}.</p>
${clock.notes.length > 0 ? html`<ul>${clock.notes.map(note => html`<li>${note}</li>`)}</ul>` : NOTHING}
${recorded(report)}<h3>Inputs</h3>${report.inputs.length > 0 ? table({ caption: 'Files this report was made from', columns: INPUTS, items: report.inputs }) : html`<p>No input is recorded.</p>`}
<h3>How expected time was fitted</h3>${expected(report)}
</section>`;
}
