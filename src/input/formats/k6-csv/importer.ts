// Format: https://grafana.com/docs/k6/latest/results-output/real-time/csv/ — the rows of http_req_duration; other metrics are left out.

import { hitOf, isDuration, K6_LIMITS, NO_K6_REQUESTS } from '#input/formats/shared/k6';
import { type Hit, hitSeries } from '#input/series/http-hits';
import { badRecord, quote } from '#input/text/bad-record';
import { firstLines, readTable, splitCells, type TableRow } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { parseTimestamp } from './timestamp.ts';

const ID = 'k6-csv';
const DURATION = 'http_req_duration';
const NEEDED = ['metric_name', 'timestamp', 'metric_value'];
const isHeader = (cells: readonly string[]): boolean => NEEDED.every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'k6 points (--out csv)',
  extensions: ['.csv'],
  columns: NEEDED,
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    // The last column is free text (extra_tags or metadata) that is not used, so it does no harm if it is cut off.
    const table = readTable(text, source, { title: 'k6 run --out csv=…', isHeader, isWhole: () => true, restarts: false }, counter);
    const cellOf = (row: TableRow, name: string): string => row.cells[table.columns.indexOf(name)] ?? '';
    const hits: Hit[] = [];
    let resolution_ms = 0;
    for (const row of table.rows) {
      if (cellOf(row, 'metric_name') !== DURATION) continue;
      const end = parseTimestamp(cellOf(row, 'timestamp'));
      if (end === undefined) throw badCell(row, 'timestamp', 'a time that k6 writes', cellOf(row, 'timestamp'), source);
      const value = cellOf(row, 'metric_value');
      if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(value) || !isDuration(Number(value)))
        throw badCell(row, 'metric_value', 'a duration in milliseconds', value, source);
      resolution_ms = Math.max(resolution_ms, end.resolution_ms);
      const tags = {
        expected_response: cellOf(row, 'expected_response'),
        status: cellOf(row, 'status'),
        error_code: cellOf(row, 'error_code'),
      };
      hits.push(hitOf(row.line, end.ns, Number(value), tags));
    }
    if (hits.length === 0) throw badRecord({ source }, `no request has ended in it (no row of ${DURATION})`, NO_K6_REQUESTS);
    const limits = [...coarse(resolution_ms), ...K6_LIMITS];
    return hitSeries(hits, { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: resolution_ms }, limits }, counter);
  },
});

const badCell = ({ line }: TableRow, field: string, what: string, cell: string, source: string) =>
  badRecord({ source, line, field }, `${quote(cell)} is not ${what}`, 'Mend or delete this line.');

/** Below this the stamps serve to place a request in a trace. */
const FINE_MS = 1;

const coarse = (resolution_ms: number): string[] =>
  resolution_ms <= FINE_MS
    ? []
    : [
        `Ends are written in steps of ${resolution_ms} ms, cut and not rounded, so each request may have been up to that much later: set K6_CSV_TIME_FORMAT=unix_nano to lay requests over events.`,
      ];
