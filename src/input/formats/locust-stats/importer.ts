// Format: https://docs.locust.io/en/stable/retrieving-stats.html, PREFIX_stats.csv (locust/stats.py, StatsCSV), in ms; seen: Locust 1 to 2.

import { bucketOf, LOCUST_LIMITS } from '#input/formats/shared/locust';
import { bucketFigure, fewRequests, momentFigure, percentileNamed } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { firstLines, readTable, splitCells, type TableRow } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import type { LatencyFigure, RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'locust-stats';
const NEEDED = ['Type', 'Name', 'Request Count', 'Failure Count'];
const MOMENTS = { mean: 'Average Response Time', min: 'Min Response Time', max: 'Max Response Time' } as const;
const WITH_FAILURES = 'Failed requests are among the latencies and in the rate.';
const ALL = 'Aggregated';
const isHeader = (cells: readonly string[]): boolean => cells[0] === 'Type' && NEEDED.every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'Locust statistics (stats.csv)',
  extensions: ['.csv'],
  columns: [...NEEDED, 'Median Response Time', ...Object.values(MOMENTS), 'Requests/s'],
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const table = readTable(text, source, { title: 'locust --csv', isHeader, isWhole: () => false, restarts: false }, counter);
    const rows = Array.from(table.rows, row => readRow(row, table.columns, source));
    if (rows.length === 0) throw badRecord({ source }, 'the file holds no row', 'Give the file as Locust wrote it at the end of the run.');
    return summarySeries({
      format: ID,
      rows: rows.sort(byName),
      limits: [
        NO_STARTS,
        AGGREGATES_ONLY,
        ...LOCUST_LIMITS,
        WITH_FAILURES,
        ...fewRequests(rows[0]?.sent ?? null),
        ...notRead(table.columns.filter(name => name === 'Average Content Size' || name === 'Failures/s')),
      ],
      warnings: counter.sentences(),
    });
  },
});

/** The whole first, then each kind of request. */
const byName = (a: RunSummary, b: RunSummary): number =>
  Number(b.label === ALL) - Number(a.label === ALL) || ((a.label ?? '') < (b.label ?? '') ? -1 : 1);

const readRow = ({ cells, line }: TableRow, columns: readonly string[], source: string): RunSummary => {
  const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
  const number = (name: string): number | null => {
    if (cell(name) === '' || cell(name) === 'N/A') return null;
    const value = amount(cell(name));
    if (value === undefined)
      throw badRecord({ source, line, field: name }, `${quote(cell(name))} is neither an amount nor N/A`, 'Mend or delete this line.');
    return value;
  };
  const [sent, failed] = [number('Request Count'), number('Failure Count')];
  if (sent !== null && failed !== null && failed > sent)
    throw badRecord({ source, line, field: 'Failure Count' }, 'more requests failed than there were', 'Mend or delete this line.');
  return {
    ...UNTOLD,
    label: [cell('Type'), cell('Name')].filter(part => part !== '' && part !== 'None').join(' '),
    sent,
    completed: sent === null || failed === null ? null : sent - failed,
    failed,
    requests_per_s: number('Requests/s'),
    // Locust writes zeros where there was no request.
    latency: sent === 0 ? [] : latencyOf(columns, number, sent),
  };
};

const latencyOf = (columns: readonly string[], number: (name: string) => number | null, n: number | null): LatencyFigure[] => {
  const moments = Object.entries(MOMENTS).flatMap(([name, column]) => {
    const ms = number(column);
    return ms === null || !isMoment(name) ? [] : [momentFigure('e2e', name, ms, n)];
  });
  const percentiles = columns.flatMap(column => {
    const q = column.endsWith('%')
      ? percentileNamed(column.slice(0, -1))
      : column === 'Median Response Time' && !columns.includes('50%')
        ? 0.5
        : undefined;
    const ms = q === undefined ? null : number(column);
    return q === undefined || ms === null ? [] : [bucketFigure('e2e', q, bucketOf(ms), n)];
  });
  return [...moments, ...percentiles];
};

const isMoment = (name: string): name is keyof typeof MOMENTS => Object.hasOwn(MOMENTS, name);
