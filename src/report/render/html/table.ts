import { type Html, html, NOTHING } from './tag.ts';

export interface Column<Item> {
  readonly head: string;
  readonly cell: (item: Item) => Html | string;
  readonly numeric?: boolean;
  /** Sentences: needs room, or it becomes a tower of words on a narrow screen. */
  readonly prose?: boolean;
  /** A few words that belong together: never broken. */
  readonly short?: boolean;
}

/** More rows than this help nobody on a page; the whole is in report.json. */
const MOST_ROWS = 200;

interface Parts<Item> {
  readonly caption: string;
  /** The first column names the row. */
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  /** Data beside a chart, many rows of it: scrolls in its frame on a phone, where other tables show each row as a block with its heads beside it. */
  readonly scrolls?: boolean;
  /** Rows that are shown however many they are. */
  readonly least?: number;
}

const kind = (column: Pick<Column<never>, 'numeric' | 'prose' | 'short'> | undefined) =>
  column?.numeric ? html` class="n"` : column?.prose ? html` class="p"` : column?.short ? html` class="s"` : NOTHING;

/** A table in a frame that scrolls by itself, also by keyboard, so that no table widens the page. */
export function table<Item>({ caption, columns, items, scrolls = false, least = 0 }: Parts<Item>): Html {
  const shown = items.slice(0, Math.max(MOST_ROWS, least));
  const left = items.length - shown.length;
  // In a block the head of a number tells what it is; a name that begins one needs none.
  const head = (c: Column<Item>, i: number) => (scrolls || (i === 0 && !c.numeric) ? NOTHING : html` data-head="${c.head}"`);
  const row = (item: Item) =>
    html`<tr>${columns.map((c, i) => (i === 0 ? html`<th scope="row"${kind(c)}${head(c, i)}>${c.cell(item)}</th>` : html`<td${kind(c)}${head(c, i)}>${c.cell(item)}</td>`))}</tr>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table${scrolls ? NOTHING : html` class="stacks"`}>
<caption>${caption}${left > 0 ? `. The first ${shown.length} of ${items.length} rows; all are in report.json` : ''}</caption>
<thead><tr>${columns.map(c => html`<th scope="col"${kind(c)}>${c.head}</th>`)}</tr></thead>
<tbody>${shown.map(row)}</tbody>
</table></div>`;
}
