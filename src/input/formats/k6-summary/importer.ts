// Format: https://grafana.com/docs/k6/latest/results-output/end-of-test (k6 run --summary-export: values right under a metric; the data of
// handleSummary: under `values`). Seen: k6 0.26 to 1.x, both layouts.

import { z } from 'zod';
import { K6_LIMITS } from '#input/formats/shared/k6';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'k6-summary';
const HINT = 'Give the file as k6 run --summary-export=FILE wrote it.';
const WITH_FAILURES = 'Latencies are of all requests, failed ones among them.';

const Values = z.record(z.string(), z.unknown());
const Summary = z.object({
  metrics: z.record(z.string(), Values),
  state: z.object({ testRunDurationMs: z.number().nonnegative().optional() }).optional(),
});
type Metrics = z.infer<typeof Summary>['metrics'];

/** Metrics of single requests and of what went over the wire: no figure of a run holds them. */
const READ = new Set(['http_req_duration', 'http_reqs', 'http_req_failed', 'vus_max', 'vus', 'iterations']);

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'k6 summary (--summary-export, JSON)',
  extensions: ['.json'],
  keys: ['metrics', 'root_group', 'http_req_duration', 'http_reqs'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && /"http_req_duration(?:\{[^"]*\})?"\s*:\s*\{/.test(head) && /"p\(\d/.test(head),
  parse: (text, source): SummarySeries => {
    const { metrics, state } = validate(Summary, smallJson(text, source, HINT), { source }, HINT);
    const at = (metric: string, name: string) => numberOf(metrics, metric, name, source);
    if (metrics['http_req_duration'] === undefined) throw badRecord({ source, field: 'metrics.http_req_duration' }, 'it is missing', HINT);
    const sent = at('http_reqs', 'count');
    const failed = at('http_req_failed', 'passes');
    const duration_ms = state?.testRunDurationMs;
    const row = {
      ...UNTOLD,
      duration_s: duration_ms === undefined ? null : duration_ms / 1000,
      concurrency: at('vus_max', 'max') ?? at('vus_max', 'value'),
      sent,
      completed: at('http_req_failed', 'fails'),
      failed,
      requests_per_s: at('http_reqs', 'rate'),
      latency: sent === 0 ? [] : latencyOf(metrics['http_req_duration'], sent),
    };
    return summarySeries({
      format: ID,
      rows: [row],
      limits: [
        NO_STARTS,
        AGGREGATES_ONLY,
        ...K6_LIMITS,
        ...(failed === null || failed > 0 ? [WITH_FAILURES] : []),
        ...fewRequests(sent),
        ...notRead([...Object.keys(metrics).filter(name => !READ.has(name)), ...unreadIn(metrics['http_req_duration'])]),
      ],
      warnings: [],
    });
  },
});

const valuesOf = (metric: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Values.safeParse(metric['values']).data ?? metric;

const numberOf = (metrics: Metrics, metric: string, name: string, source: string): number | null => {
  const value = valuesOf(metrics[metric] ?? {})[name];
  if (value === undefined || value === null) return null;
  return validate(z.number().nonnegative(), value, { source, path: `metrics.${metric}.${name}` }, HINT);
};

const PERCENTILE = /^p\((\d{1,3}(?:\.\d{1,6})?)\)$/;
/** Statistics of a distribution by names that none has, or that k6 gives to what is no statistic. */
const unreadIn = (metric: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(valuesOf(metric)).flatMap(name =>
    ['avg', 'min', 'med', 'max', 'count', 'thresholds'].includes(name) || PERCENTILE.test(name) ? [] : [`http_req_duration ${name}`],
  );

/** avg, min, med, max, p(90): in ms. */
const latencyOf = (metric: Readonly<Record<string, unknown>>, n: number | null): LatencyFigure[] => {
  const named = Object.entries(valuesOf(metric)).map(([name, value]) => [
    name.replace(/^med$/, 'median').replace(PERCENTILE, 'p$1'),
    value,
  ]);
  return namedFigures('e2e', Object.fromEntries(named), 1, n);
};
