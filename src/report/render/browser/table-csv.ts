import { FORMULA } from '../formula.ts';

/** A number as the report writes it: it starts with a sign at the most, and is no formula. */
const NUMBER = /^[+-]?\d[\d.,]*$/;

/** A cell as RFC 4180 wants it. */
function cellOf(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const textOf = (table: HTMLTableElement): string =>
  [...table.rows].map(row => `${[...row.cells].map(cell => cellOf((cell.textContent ?? '').trim())).join(',')}\r\n`).join('');

/** A name for a file from what stands above a table. */
const nameOf = (caption: string): string =>
  caption
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'table';

function download(name: string, text: string): void {
  const link = document.createElement('a');
  // A spreadsheet takes text for UTF-8 only where it begins with this mark.
  link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Gives each table a button that saves it as CSV. */
export function offerCsv(): void {
  for (const table of document.querySelectorAll('table')) {
    const { caption } = table;
    if (caption === null) continue;
    const name = nameOf(caption.textContent ?? '');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'csv';
    button.textContent = 'CSV';
    button.title = 'Save this table as CSV';
    button.addEventListener('click', () => download(name, textOf(table)));
    caption.append(' ', button);
  }
}
