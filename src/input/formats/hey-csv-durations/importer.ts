// Format: https://github.com/rakyll/hey (hey -o csv) before 2018, and forks of it: as hey-csv, but without the offset, so without times.

import { significant } from '#core/math/round';
import { HEY_COLUMNS, HEY_LIMITS, HEY_OFFSET, HEY_STATUS, isFourDecimals } from '#input/formats/shared/hey';
import { secondsOf, statusOf } from '#input/formats/shared/http-cells';
import { isSuccess } from '#input/series/http-hits';
import { fewRequests, figuresOf } from '#input/series/latency-figures';
import { NO_END_MARK, NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { firstLines, readTable, splitCells, type Table } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'hey-csv-durations';
const isHeader = (cells: readonly string[]): boolean =>
  HEY_COLUMNS.every(name => cells.includes(name)) && !(cells.includes(HEY_STATUS) && cells.includes(HEY_OFFSET));
const isWhole = (cell: string): boolean => isFourDecimals(cell) || /^\d{3}$/.test(cell);

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'hey durations (-o csv without offset)',
  extensions: ['.csv'],
  sniff: head => firstLines(head).some(line => line.startsWith('response-time') && isHeader(splitCells(line))),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const { durations_ms, failed } = readDurations(
      readTable(text, source, { title: 'hey -o csv', isHeader, isWhole, restarts: false }, counter),
      source,
    );
    if (durations_ms.length + (failed ?? 0) === 0)
      throw badRecord({ source }, 'the file holds no request', 'Let the load test run until requests have ended.');
    return summarySeries({
      format: ID,
      rows: [{ ...UNTOLD, completed: durations_ms.length, failed, latency: figuresOf('e2e', durations_ms) }],
      limits: [
        NO_STARTS,
        ...(failed === null
          ? ['This version of hey does not write status codes, so answers that were errors are among the latencies.']
          : []),
        ...HEY_LIMITS,
        ...fewRequests(durations_ms.length),
      ],
      warnings: [NO_END_MARK, ...counter.sentences()],
    });
  },
});

interface Durations {
  readonly durations_ms: readonly number[];
  /** null where the file has no status codes. */
  readonly failed: number | null;
}

const readDurations = (table: Table, source: string): Durations => {
  const [duration = -1, status = -1] = [HEY_COLUMNS[0], HEY_STATUS].map(name => table.columns.indexOf(name));
  const durations_ms: number[] = [];
  let failed = 0;
  for (const row of table.rows) {
    if (row.cut && status >= 0) continue;
    const code = status < 0 ? undefined : statusOf(row.cells[status] ?? '', HEY_STATUS, row, source);
    const ms = significant(secondsOf(row.cells[duration] ?? '', HEY_COLUMNS[0], row, source) * 1000, 12);
    if (code === undefined || isSuccess(code)) durations_ms.push(ms);
    else failed += 1;
  }
  return { durations_ms, failed: status < 0 ? null : failed };
};
