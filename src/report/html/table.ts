import { html, type Html, NOTHING } from './tag.ts';

export interface Column<Item> {
  readonly head: string;
  readonly cell: (item: Item) => Html | string;
  readonly numeric?: boolean;
}

/** More rows than this help nobody on a page; the whole is in report.json. */
const MOST_ROWS = 200;

interface Parts<Item> {
  readonly caption: string;
  /** The first column names the row. */
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  /** A total, below a rule. */
  readonly foot?: readonly string[];
}

const kind = (numeric: boolean | undefined) => (numeric ? html` class="n"` : NOTHING);

/** A table in a frame that scrolls by itself, also by keyboard, so that no table widens the page. */
export function table<Item>({ caption, columns, items, foot }: Parts<Item>): Html {
  const shown = items.slice(0, MOST_ROWS);
  const left = items.length - shown.length;
  const row = (item: Item) =>
    html`<tr>${columns.map(({ cell, numeric }, i) => (i === 0 ? html`<th scope="row"${kind(numeric)}>${cell(item)}</th>` : html`<td${kind(numeric)}>${cell(item)}</td>`))}</tr>`;
  const total = foot === undefined ? NOTHING : html`<tfoot><tr>${foot.map((text, i) => html`<td${kind(columns[i]?.numeric)}>${text}</td>`)}</tr></tfoot>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}${left > 0 ? `. The first ${MOST_ROWS} of ${items.length} rows; all are in report.json` : ''}</caption>
<thead><tr>${columns.map(({ head, numeric }) => html`<th scope="col"${kind(numeric)}>${head}</th>`)}</tr></thead>
<tbody>${shown.map(row)}</tbody>${total}
</table></div>`;
}
