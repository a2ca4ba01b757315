// Format: https://evalscope.readthedocs.io (evalscope perf: benchmark_summary.json, benchmark_percentile.json); seen: 0.8 to 1.4. Times in s.

import { z } from 'zod';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'evalscope';
const HINT = 'Give benchmark_summary.json or benchmark_percentile.json as evalscope perf wrote it.';
const MS_PER_S = 1000;
const NO_COUNT = 'The file of percentiles does not say of how many requests they are; benchmark_summary.json beside it does.';

/** What evalscope writes for what it does not know. */
const UNKNOWN = -1;
const amount = z
  .union([z.literal(UNKNOWN), z.number().nonnegative()])
  .nullish()
  .transform(value => (typeof value === 'number' && value >= 0 ? value : null));
const FIELDS = {
  'Time taken for tests (s)': amount,
  'Number of concurrency': amount,
  'Total requests': amount,
  'Succeed requests': z.int().nonnegative(),
  'Failed requests': amount,
  'Request throughput (req/s)': amount,
  'Output token throughput (tok/s)': amount,
  'Total token throughput (tok/s)': amount,
  'Average latency (s)': amount,
  'Average time to first token (s)': amount,
  'Average time per output token (s)': amount,
  'Average inter-token latency (s)': amount,
} as const;
const Summary = z.looseObject(FIELDS);
type Summary = z.infer<typeof Summary>;
const Percentile = z.record(z.string(), z.union([z.string(), z.number()]));

const MEANS = {
  'Average latency (s)': 'e2e',
  'Average time to first token (s)': 'ttft',
  'Average time per output token (s)': 'tpot',
  'Average inter-token latency (s)': 'itl',
} as const;
const COLUMNS = { 'Latency (s)': 'e2e', 'TTFT (s)': 'ttft', 'TPOT (s)': 'tpot', 'ITL (s)': 'itl' } as const;
const isColumn = (name: string): name is keyof typeof COLUMNS => Object.hasOwn(COLUMNS, name);

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'evalscope perf (JSON)',
  extensions: ['.json'],
  keys: Object.keys(FIELDS),
  sniff: head =>
    /^\ufeff?\s*[{[]/.test(head) &&
    (head.includes('"Succeed requests"') || (head.includes('"Percentiles"') && head.includes('"TTFT (s)"'))),
  parse: (text, source): SummarySeries => {
    const json = smallJson(text, source, HINT);
    if (Array.isArray(json)) {
      const latency = json.flatMap((row, i) => percentileRow(validate(Percentile, row, { source, path: `${i}` }, HINT), i, source));
      if (latency.length === 0) throw badRecord({ source }, 'it holds no percentile', HINT);
      const unread = json
        .flatMap(row => Object.keys(Percentile.safeParse(row).data ?? {}))
        .filter(name => !isColumn(name) && name !== 'Percentiles');
      return summarySeries({
        format: ID,
        rows: [{ ...UNTOLD, latency }],
        limits: [NO_STARTS, AGGREGATES_ONLY, NO_COUNT, ...notRead(unread)],
        warnings: [],
      });
    }
    const summary = validate(Summary, json, { source }, HINT);
    const unread = Object.entries(summary).flatMap(([name, value]) =>
      typeof value === 'number' && !Object.hasOwn(FIELDS, name) ? [name] : [],
    );
    return summarySeries({
      format: ID,
      rows: [rowOf(summary)],
      limits: [NO_STARTS, AGGREGATES_ONLY, ...fewRequests(summary['Succeed requests']), ...notRead(unread)],
      warnings: [],
    });
  },
});

const rowOf = (summary: Summary) => {
  const completed = summary['Succeed requests'];
  return {
    ...UNTOLD,
    duration_s: summary['Time taken for tests (s)'],
    concurrency: summary['Number of concurrency'] || null,
    sent: summary['Total requests'],
    completed,
    failed: summary['Failed requests'],
    requests_per_s: summary['Request throughput (req/s)'],
    output_tokens_per_s: summary['Output token throughput (tok/s)'],
    total_tokens_per_s: summary['Total token throughput (tok/s)'],
    latency: Object.entries(MEANS).flatMap(([name, metric]): LatencyFigure[] =>
      completed === 0 ? [] : namedFigures(metric, { mean: summary[name] }, MS_PER_S, metric === 'itl' ? null : completed),
    ),
  };
};

/** A row of all percentiles of one rank, "10%". */
const percentileRow = (row: z.infer<typeof Percentile>, i: number, source: string): LatencyFigure[] => {
  const [, rank] = /^(\d{1,2}(?:\.\d{1,3})?)%$/.exec(String(row['Percentiles'])) ?? [];
  if (rank === undefined) throw badRecord({ source, field: `${i}.Percentiles` }, `${quote(row['Percentiles'])} is no percentile`, HINT);
  return Object.entries(row).flatMap(([name, value]) =>
    isColumn(name) && value !== UNKNOWN ? namedFigures(COLUMNS[name], { [`p${rank}`]: value }, MS_PER_S, null) : [],
  );
};
