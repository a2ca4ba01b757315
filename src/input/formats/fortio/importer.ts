// Format: https://github.com/fortio/fortio (fortio load -json; seen: HTTP results of Fortio 1.3 to 1.60). Times in s, the duration in ns.

import { z } from 'zod';
import { isSuccess } from '#input/series/http-hits';
import { bucketFigure, fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import { parseRfc3339 } from '#input/time/timestamp';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'fortio';
const HINT = 'Give the file as fortio load -json wrote it.';
const MS_PER_S = 1000;
const BUCKETS = 'Fortio interpolates percentiles inside the buckets of its histogram: here they are the edges of their bucket.';
const NO_BUCKETS = 'The histogram lacks the bucket of some percentiles: those are as Fortio interpolated them.';

const amount = z.number().nonnegative();
const Histogram = z.object({
  Count: z.int().nonnegative(),
  Min: amount,
  Max: amount,
  Avg: amount,
  StdDev: amount,
  Data: z.array(z.object({ Start: amount, End: amount, Percent: amount })).nullish(),
  Percentiles: z.array(z.object({ Percentile: amount.max(100), Value: amount })).nullish(),
});
type Histogram = z.infer<typeof Histogram>;

const Result = z.object({
  Labels: z.string().nullish(),
  StartTime: z.string(),
  RequestedQPS: z.string().nullish(),
  ActualQPS: amount,
  ActualDuration: amount,
  NumThreads: amount.nullish(),
  DurationHistogram: Histogram,
  RetCodes: z.record(z.string(), z.int().nonnegative()).nullish(),
  Sizes: z.unknown().optional(),
  HeaderSizes: z.unknown().optional(),
});

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'Fortio result (JSON)',
  extensions: ['.json'],
  keys: ['RunType', 'StartTime', 'RequestedQPS', 'ActualQPS', 'DurationHistogram', 'RetCodes'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && head.includes('"RunType"') && head.includes('"ActualQPS"'),
  parse: (text, source): SummarySeries => {
    const result = validate(Result, smallJson(text, source, HINT), { source }, HINT);
    const start = parseRfc3339(result.StartTime);
    if (start === undefined) throw badRecord({ source, field: 'StartTime' }, `${quote(result.StartTime)} is not a time with a zone`, HINT);
    const { DurationHistogram: histogram } = result;
    const { completed, failed } = outcomes(result.RetCodes ?? {});
    const duration_s = result.ActualDuration / 1e9;
    const latency = histogram.Count === 0 ? [] : latencyOf(histogram);
    return summarySeries({
      format: ID,
      clock: { kind: 'epoch', uncertainty_ms: 0 },
      origin_ns: start.ns,
      rows: [
        {
          ...UNTOLD,
          label: result.Labels || null,
          start_ms: 0,
          end_ms: duration_s * MS_PER_S,
          duration_s,
          // "max" is as fast as possible: no rate was asked for.
          requested_rate: rateOf(result.RequestedQPS ?? '', source),
          concurrency: result.NumThreads ?? null,
          sent: histogram.Count,
          completed,
          failed,
          requests_per_s: result.ActualQPS,
          latency,
        },
      ],
      limits: [
        NO_STARTS,
        AGGREGATES_ONLY,
        BUCKETS,
        ...(latency.some(f => f.statistic === 'percentile' && f.lower_ms === f.upper_ms) ? [NO_BUCKETS] : []),
        ...((failed ?? 0) > 0 ? ['Latencies are of all requests, failed ones among them.'] : []),
        ...fewRequests(histogram.Count),
        ...notRead((['Sizes', 'HeaderSizes'] as const).filter(name => result[name] !== undefined)),
      ],
      warnings: [],
    });
  },
});

const rateOf = (text: string, source: string): number | null => {
  if (text === '' || text === 'max') return null;
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Number(text);
  throw badRecord({ source, field: 'RequestedQPS' }, `${quote(text)} is neither a rate nor "max"`, HINT);
};

/** By HTTP status; -1 is no answer. Codes of other kinds of runs (gRPC: SERVING) say nothing here. */
const outcomes = (codes: Readonly<Record<string, number>>): { completed: number | null; failed: number | null } => {
  const entries = Object.entries(codes);
  if (entries.length === 0 || entries.some(([code]) => !/^-?\d{1,3}$/.test(code))) return { completed: null, failed: null };
  const sum = (ok: boolean) => entries.filter(([code]) => isSuccess(Number(code)) === ok).reduce((all, [, n]) => all + n, 0);
  return { completed: sum(true), failed: sum(false) };
};

/** A percentile lies in the first bucket that holds that much of all. */
const latencyOf = ({ Count: n, Min, Max, Avg, StdDev, Data, Percentiles }: Histogram): LatencyFigure[] => [
  ...namedFigures('e2e', { mean: Avg, min: Min, max: Max, stddev: StdDev }, MS_PER_S, n),
  ...(Percentiles ?? []).map(({ Percentile, Value }) => {
    const bucket = Data?.find(({ Percent }) => Percent >= Percentile);
    const edges = bucket === undefined ? [Value, Value] : [bucket.Start, bucket.End];
    return bucketFigure('e2e', Percentile / 100, [(edges[0] ?? 0) * MS_PER_S, (edges[1] ?? 0) * MS_PER_S], n);
  }),
];
