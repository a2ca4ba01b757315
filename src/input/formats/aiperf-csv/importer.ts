// Format: https://docs.nvidia.com/aiperf (profile_export_aiperf.csv of AIPerf 0.3 to 0.11; profile_export_genai_perf.csv of genai-perf): a
// table of distributions, then one of single values, each row with its unit in brackets; thousands are parted by commas inside quotes.

import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_END_MARK, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { firstLines, splitCells } from '#input/text/table';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { msIn } from '#input/time/time-units';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'aiperf-csv';
const HINT = 'Give the CSV as AIPerf or genai-perf wrote it.';
/** What AIPerf calls inter-token latency is one mean for each request: time per output token here. */
const LATENCIES = {
  'Request Latency': 'e2e',
  'Time To First Token': 'ttft',
  'Inter Token Latency': 'tpot',
  'Inter Chunk Latency': 'itl',
} as const;
const VALUES = {
  'Benchmark Duration': 'duration_s',
  'Request Count': 'completed',
  'Error Request Count': 'failed',
  'Request Throughput': 'requests_per_s',
  'Output Token Throughput': 'output_tokens_per_s',
  'Total Token Throughput': 'total_tokens_per_s',
} as const;
const isLatency = (name: string): name is keyof typeof LATENCIES => Object.hasOwn(LATENCIES, name);
const isValue = (name: string): name is keyof typeof VALUES => Object.hasOwn(VALUES, name);
const isHeader = (cells: readonly string[]): boolean => cells[0] === 'Metric' && cells.includes('avg') && cells.includes('p99');

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'AIPerf or genai-perf table (CSV)',
  extensions: ['.csv'],
  columns: ['Metric', 'avg', 'min', 'max', 'p99', 'p95', 'p90', 'p75', 'p50', 'p25'],
  sniff: head =>
    firstLines(head).some(line => isHeader(splitCells(line))) &&
    /^"?(?:Time [Tt]o First Token|Request Latency|Inter Token Latency)/m.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const { latency, values, unread } = readRows(text, source, counter);
    if (latency.length === 0 && Object.keys(values).length === 0)
      throw badRecord({ source }, 'it holds none of the metrics of AIPerf', HINT);
    const n = values.completed ?? null;
    return summarySeries({
      format: ID,
      rows: [{ ...UNTOLD, ...values, latency }],
      limits: [NO_STARTS, AGGREGATES_ONLY, ...fewRequests(n), ...notRead(unread)],
      warnings: [NO_END_MARK, ...counter.sentences()],
    });
  },
});

interface Read {
  readonly latency: LatencyFigure[];
  readonly values: Partial<Record<(typeof VALUES)[keyof typeof VALUES], number>>;
  readonly unread: string[];
}

const readRows = (text: Text, source: string, counter: WarningCounter): Read => {
  const read: Read = { latency: [], values: {}, unread: [] };
  let columns: readonly string[] | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const cells = splitCells(raw.replace(/^\ufeff/, ''));
    const [first = ''] = cells;
    if (first === 'Metric') columns = cells;
    // AIPerf 0.4 and later add tables of its own GPU telemetry, with other headings.
    else if (/^Endpoint$/i.test(first)) columns = undefined;
    else if (columns === undefined) counter.note('a row of a table that is not read was left out', line, quote(raw));
    else readRow(cells, columns, read, { source, line });
  }
  return read;
};

const readRow = (cells: readonly string[], columns: readonly string[], read: Read, at: { source: string; line: number }): void => {
  const [, name = '', unit = ''] = /^(.+?)(?: \(([^)]*)\))?$/.exec(cells[0] ?? '') ?? [];
  if (cells.length !== columns.length)
    throw badRecord(at, `the line has ${cells.length} fields, but its header has ${columns.length}`, 'Mend or delete this line.');
  const numbers = Object.fromEntries(
    columns.flatMap((column, i) => (i === 0 ? [] : numberOf(cells[i] ?? '', { ...at, field: column }, column))),
  );
  if (isLatency(name)) {
    const scale = msIn(unit);
    if (scale === undefined) throw badRecord({ ...at, field: 'Metric' }, `${quote(unit)} is not a unit of time`, HINT);
    read.latency.push(...namedFigures(LATENCIES[name], numbers, scale, null));
  } else if (isValue(name)) {
    const value = numbers['Value'] ?? numbers['avg'];
    if (value !== undefined) read.values[VALUES[name]] = value;
  } else read.unread.push(name);
};

const numberOf = (cell: string, at: { source: string; line: number; field: string }, column: string): [string, number][] => {
  if (cell === '' || cell === 'N/A') return [];
  const value = amount(/^\d{1,3}(?:,\d{3}){1,6}(?:\.\d*)?$/.test(cell) ? cell.replaceAll(',', '') : cell);
  if (value === undefined) throw badRecord(at, `${quote(cell)} is not an amount`, 'Mend or delete this line.');
  return [[column, value]];
};
