import type { Sweep } from '#schema/sweep';
import { STYLE } from '../html/style.ts';
import { table } from '../html/table.ts';
import { type Html, html, NOTHING, raw } from '../html/tag.ts';
import { pictureOf, sweepCharts } from './sweep-charts.ts';
import { type Listing, sweepTables } from './sweep-tables.ts';

/** Nothing is loaded and no script runs: names in a result stay inert, whatever they hold. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const listing = ({ title, head, rows }: Listing): Html =>
  html`<section><h2>${title}</h2>${table({
    caption: title,
    columns: head.map((name, i) => ({ head: name, cell: (row: readonly string[]) => row[i] ?? '', numeric: i > 0 })),
    items: rows,
    least: rows.length,
  })}</section>`;

async function figures(sweep: Sweep): Promise<Html[]> {
  const drawn: Html[] = [];
  for (const chart of sweepCharts(sweep)) {
    const svg = await pictureOf(chart);
    drawn.push(
      html`<figure id="chart-${chart.name}"><figcaption><b>${chart.title}</b> <span class="reading">${chart.reading}</span></figcaption><div class="plot"><div class="still" role="img" aria-label="${chart.title}">${raw(svg)}</div></div></figure>`,
    );
  }
  return drawn;
}

/** sweep.html: one file that needs nothing else and opens offline. */
export async function sweepHtml(sweep: Sweep): Promise<string> {
  const title = `Sweep over ${sweep.over}`;
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><main id="main">
<h1>${title}</h1>
<div class="answer"><p><strong>${sweep.answer}</strong></p>${sweep.notes.length === 0 ? NOTHING : html`<ul>${sweep.notes.map(note => html`<li>${note}</li>`)}</ul>`}</div>
<section><h2>Charts</h2><div class="pair">${await figures(sweep)}</div></section>
${sweepTables(sweep).map(listing)}
<section><h2>Files</h2><ul>${sweep.inputs.map(input => html`<li><code>${input}</code></li>`)}</ul></section>
</main></body></html>
`;
  return String(page);
}
