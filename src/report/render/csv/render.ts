import Papa from 'papaparse';
import { FORMULA } from '#report/render/formula';
import type { Report } from '#schema/report';
import { tablesOf } from './tables.ts';

/** Every table of a report as CSV (RFC 4180) by the name of its file. A text that a spreadsheet would run as a formula begins with an apostrophe. */
export function renderCsv(report: Report): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tablesOf(report).map(({ name, columns, rows }) => [
      `${name}.csv`,
      `${Papa.unparse({ fields: [...columns], data: rows.map(r => [...r]) }, { newline: '\r\n', escapeFormulae: FORMULA }).replace(/\r\n$/, '')}\r\n`,
    ]),
  );
}
