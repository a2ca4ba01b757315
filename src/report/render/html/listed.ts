import type { Listing } from '../parallel/listing.ts';
import { first } from '../parallel/listing.ts';
import { asCause } from '../parallel/wording.ts';
import { causeName } from './legend.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

const text = (value: string, isCause: boolean | undefined): Html | string => {
  const cause = isCause ? asCause(value) : null;
  return cause === null ? value : causeName(cause);
};

/** The longest cell of a column that is kept on one line. */
const SHORT = 20;

/** A listing as a table; nothing where it has no rows. */
export function listed({ caption, columns, rows }: Listing): Html {
  if (rows.length === 0) return NOTHING;
  const short = (i: number) => rows.every(row => (row[i] ?? '').length <= SHORT);
  const heads = columns.map(
    ({ cause, ...column }, i): Column<readonly string[]> => ({ ...column, short: short(i), cell: row => text(row[i] ?? '', cause) }),
  );
  return table({ caption, columns: heads, items: rows });
}

/** Sentences under a heading; nothing where there are none. */
export const sentences = (title: string, lines: readonly string[]): Html =>
  lines.length === 0 ? NOTHING : html`<h3>${title}</h3><ul>${first(lines).map(line => html`<li>${line}</li>`)}</ul>`;
