import { plain } from '#core/format/numbers';
import type { Chart, Row, Table } from '../charts/chart.ts';
import type { Drawing } from '../charts/draw.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING, raw } from './tag.ts';

function cellText(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? plain(value) : String(value);
}

function listing<Of>({ title: caption, tables: [of], listed, listedWhole }: Chart<Of>, all: ReadonlyMap<Table<Of>, readonly Row[]>): Html {
  const given = all.get(of) ?? [];
  const rows = listed === undefined ? given : given.toSorted(listed);
  const least = listedWhole === undefined ? 0 : given.filter(listedWhole).length;
  const numeric = (field: string) => rows.some(row => typeof row[field] === 'number');
  const columns = Object.entries(of.columns).map(
    ([field, head]): Column<Row> => ({ head, cell: row => cellText(row[field]), numeric: numeric(field) }),
  );
  if (columns.length === 0) return NOTHING;
  return html`<details class="data"><summary>Data table<span class="sr">: ${caption}</span></summary>${table({ caption, columns, items: rows, least, scrolls: true })}</details>`;
}

interface Around {
  readonly legend?: Html;
  /** Where the sentence on how to read the chart is already said, or too much for a thin panel. */
  readonly terse?: boolean;
}

/** A chart with its caption, its picture (which the script replaces), and its rows as a table. */
export function figure<Of>(
  { chart, absent, description, said, svg, rows }: Drawing<Of>,
  { legend = NOTHING, terse = false }: Around = {},
): Html {
  if (absent !== null) return html`<p class="absent"><b>${chart.title}.</b> ${absent}</p>`;
  const id = `chart-${chart.name}`;
  return html`<figure id="${id}" class="chart" aria-labelledby="${id}-title">
<figcaption><b id="${id}-title">${chart.title}</b>${terse ? NOTHING : html` <span class="reading">${[chart.reading, said].filter(s => s !== '').join(' ')}</span>`}${legend}</figcaption>
<div class="plot" data-chart="${chart.name}"><div class="still" role="img" aria-label="${description}">${raw(svg)}</div><div class="live"></div></div>
${listing(chart, rows)}
</figure>`;
}
