// Format: https://github.com/hatoo/oha (oha --output-format csv; src/printer.rs, print_csv): one answered request a row, seconds.

import { relativeHit, secondsOf, statusOf } from '#input/formats/shared/http-cells';
import { type Hit, hitSeries, isSuccess } from '#input/series/http-hits';
import { firstLines, readTable, splitCells } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'oha-csv';
const [START, DURATION, STATUS] = ['request-start', 'request-duration', 'status'] as const;
const isHeader = (cells: readonly string[]): boolean => [START, DURATION, STATUS].every(name => cells.includes(name));

const LIMITS: readonly string[] = [
  'oha writes only requests that were answered: those that failed without an answer (timeout, refused) are not in the file.',
  'Whether --latency-correction was on is not in the file: if it was, durations run from the intended start, and start plus duration is not the end; if not, latencies are lower bounds.',
];

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'oha requests (--output-format csv)',
  extensions: ['.csv'],
  columns: [START, DURATION, STATUS],
  sniff: head => firstLines(head).some(line => line.startsWith(START) && isHeader(splitCells(line))),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const isWhole = (cell: string) => /^\d{3}$/.test(cell);
    const table = readTable(text, source, { title: 'oha --output-format csv', isHeader, isWhole, restarts: false }, counter);
    const [start, duration, status] = [START, DURATION, STATUS].map(name => table.columns.indexOf(name));
    const hits: Hit[] = [];
    for (const row of table.rows) {
      if (row.cut) continue;
      const cellOf = (column: number | undefined) => row.cells[column ?? -1] ?? '';
      const start_s = secondsOf(cellOf(start), START, row, source);
      const code = statusOf(cellOf(status), STATUS, row, source);
      hits.push(relativeHit(row.line, start_s, secondsOf(cellOf(duration), DURATION, row, source), isSuccess(code)));
    }
    return hitSeries(hits, { format: ID, source, clock: { kind: 'relative' }, limits: LIMITS }, counter);
  },
});
