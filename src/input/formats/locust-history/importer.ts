// Format: https://docs.locust.io/en/stable/retrieving-stats.html, PREFIX_stats_history.csv (locust/stats.py, StatsCSVFileWriter), in ms.

import { LOCUST_LIMITS } from '#input/formats/shared/locust';
import { NO_END_MARK, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { firstLines, readTable, splitCells } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { entriesOf, layOut, NEEDED, readRow } from './row.ts';
import { summaryOf, WINDOW_S } from './windows.ts';

const ID = 'locust-history';
const isHeader = (cells: readonly string[]): boolean => NEEDED.every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'Locust history (stats_history.csv)',
  extensions: ['.csv'],
  columns: ['Timestamp', 'User Count', 'Type', 'Name', 'Requests/s', 'Total Request Count', 'Total Failure Count'],
  sniff: head => firstLines(head).some(line => /^"?Timestamp/.test(line) && isHeader(splitCells(line))),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    // The last column (average size of an answer) is not used, so it does no harm if it is cut off.
    const table = readTable(text, source, { title: 'locust --csv', isHeader, isWhole: () => true, restarts: false }, counter);
    const layout = layOut(table.columns);
    const rows = [...table.rows].map(row => readRow(row, layout, source));
    const entries = entriesOf(rows);
    const origin_s = rows.reduce((least, row) => Math.min(least, row.time_s), Number.POSITIVE_INFINITY);
    if (entries.length === 0) throw badRecord({ source }, 'the file holds no row', 'Let the load test run until Locust has written some.');
    const sliding = entries.some(entry => entry.name !== 'Aggregated');
    return summarySeries({
      format: ID,
      clock: { kind: 'epoch', uncertainty_ms: 1000 },
      origin_ns: BigInt(origin_s) * 1_000_000_000n,
      rows: entries.map(entry => summaryOf(entry, origin_s, sliding)),
      limits: limitsOf(sliding),
      warnings: [NO_END_MARK, ...counter.sentences()],
    });
  },
});

const limitsOf = (sliding: boolean): string[] => [
  sliding
    ? `Percentiles slide: each row tells those of the ${WINDOW_S} s before it (Locust's default), so neighbouring windows share most of their requests.`
    : 'Written without --csv-full-history: percentiles are those since the start of the run, so only the last row counts, and no percentile of a part of the run is known.',
  'Failed requests are among the latencies. Start and end are the first and the last row; times are whole seconds.',
  ...LOCUST_LIMITS,
];
