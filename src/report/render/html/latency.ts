import { count, interval, ms, plain } from '#core/format/numbers';
import type { Latency, Report } from '#schema/report';
import { GROUPS } from '../charts/latency-distribution.ts';
import { paint } from '../charts/palette.ts';
import { WHERE_TIME_WENT } from '../terms.ts';
import { INTENDED, METRIC_TEXT, mainLatency, NO_REQUESTS, overTime, traceWords } from '../wording.ts';
import type { Drawings } from './drawings.ts';
import { figure } from './figure.ts';
import { swatchLegend } from './legend.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

function actualP99(report: Report): Html {
  const actual = mainLatency(report);
  if (actual === undefined) return NOTHING;
  return swatchLegend('Legend: measured p99', [
    { name: `p99 was ${ms(actual.p99_ms)}`, colour: paint('ink') },
    { name: `95 % interval ${interval(actual.p99_ci_ms)}`, colour: paint('shade') },
  ]);
}

export function booksAndWhatIf(report: Report, drawings: Drawings): Html {
  return html`<section id="books" aria-labelledby="h-books"><h2 id="h-books">Where the time went, and p99 without each cause</h2>
<p>${WHERE_TIME_WENT}</p>
<div class="pair">${figure(drawings.of('books'))}${figure(drawings.of('p99-without'), { legend: actualP99(report) })}</div>
</section>`;
}

type Line = Latency & { readonly which: string };

const COLUMNS: readonly Column<Line>[] = [
  { head: 'Metric', cell: l => METRIC_TEXT[l.metric] },
  { head: 'Requests', cell: l => l.which },
  { head: 'n', cell: l => plain(l.n), numeric: true },
  { head: 'p50', cell: l => ms(l.p50_ms), numeric: true },
  { head: 'p95', cell: l => ms(l.p95_ms), numeric: true },
  { head: 'p99', cell: l => ms(l.p99_ms), numeric: true },
  { head: '95 % interval of p99', cell: l => interval(l.p99_ci_ms), numeric: true },
  { head: 'Longest', cell: l => ms(l.max_ms), numeric: true },
];

function counts(report: Report): Html {
  const { requests } = report;
  if (requests === null) return html`<p>${NO_REQUESTS}</p>`;
  return html`<p>${count(requests.total, 'request')}; ${plain(requests.finished)} finished. The ${plain(requests.judged)} that ${traceWords(report).inside} are judged.</p>`;
}

export function latency(report: Report, drawings: Drawings): Html {
  const lines = [
    ...report.latency.map(l => ({ ...l, which: 'all' })),
    ...report.latency_intended.map(l => ({ ...l, which: INTENDED })),
    ...report.latency_inside.map(l => ({ ...l, which: GROUPS[0] })),
    ...report.latency_outside.map(l => ({ ...l, which: GROUPS[1] })),
  ];
  const blocks = overTime(report);
  const [inside, outside] = GROUPS;
  const drawn = new Set(report.charts.requests.map(r => (r.in_incident ? inside : outside)));
  const legend = swatchLegend(
    'Legend: requests',
    [
      { group: inside, name: inside, colour: paint('inside') },
      { group: outside, name: `${outside} (dashed)`, colour: paint('outside') },
    ].filter(entry => drawn.has(entry.group)),
  );
  return html`<section id="latency" aria-labelledby="h-latency"><h2 id="h-latency">Latency</h2>${counts(report)}
${lines.length > 0 ? table({ caption: 'Latency by metric', columns: COLUMNS, items: lines }) : NOTHING}
${report.requests === null ? NOTHING : figure(drawings.of('latency-distribution'), { legend })}
${blocks === undefined ? NOTHING : html`<p>${blocks}</p>`}
</section>`;
}
