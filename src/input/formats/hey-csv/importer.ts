// Format: https://github.com/rakyll/hey (hey -o csv): one answered request a row, with its start (offset) since the start of the test.

import { HEY_COLUMNS, HEY_LIMITS, HEY_OFFSET, HEY_STATUS, isFourDecimals } from '#input/formats/shared/hey';
import { relativeHit, secondsOf, statusOf } from '#input/formats/shared/http-cells';
import { type Hit, hitSeries, isSuccess, NO_SCHEDULE } from '#input/series/http-hits';
import { firstLines, readTable, splitCells } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'hey-csv';
const isHeader = (cells: readonly string[]): boolean => [...HEY_COLUMNS, HEY_STATUS, HEY_OFFSET].every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'hey requests (-o csv)',
  extensions: ['.csv'],
  columns: [...HEY_COLUMNS, HEY_STATUS, HEY_OFFSET],
  sniff: head => firstLines(head).some(line => line.startsWith('response-time') && isHeader(splitCells(line))),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const table = readTable(text, source, { title: 'hey -o csv', isHeader, isWhole: isFourDecimals, restarts: false }, counter);
    const [duration, status, offset] = [HEY_COLUMNS[0], HEY_STATUS, HEY_OFFSET].map(name => table.columns.indexOf(name));
    const hits: Hit[] = [];
    for (const row of table.rows) {
      if (row.cut) continue;
      const cellOf = (column: number | undefined) => row.cells[column ?? -1] ?? '';
      const start_s = secondsOf(cellOf(offset), HEY_OFFSET, row, source);
      const duration_s = secondsOf(cellOf(duration), HEY_COLUMNS[0], row, source);
      const code = statusOf(cellOf(status), HEY_STATUS, row, source);
      hits.push(relativeHit(row.line, start_s, duration_s, isSuccess(code)));
    }
    return hitSeries(hits, { format: ID, source, clock: { kind: 'relative' }, limits: [...HEY_LIMITS, NO_SCHEDULE] }, counter);
  },
});
