// Format: https://github.com/tsenart/vegeta#report-command (vegeta report -type=json; seen: Vegeta 12). Times in ns.

import { z } from 'zod';
import { isSuccess } from '#input/series/http-hits';
import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import { msSince } from '#input/time/nanoseconds';
import { parseRfc3339 } from '#input/time/timestamp';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'vegeta-report';
const HINT = 'Give the file as vegeta report -type=json wrote it.';
const MS_PER_NS = 1e-6;
const LIMITS = [
  NO_STARTS,
  AGGREGATES_ONLY,
  'Latencies are of all requests, failed ones among them; percentiles are estimates of a t-digest.',
  'The rate in the file is that at which requests were sent, not the one that was asked for.',
];

const Report = z.object({
  latencies: z.record(z.string(), z.number().nonnegative()),
  earliest: z.string(),
  end: z.string(),
  requests: z.int().nonnegative(),
  throughput: z.number().nonnegative(),
  status_codes: z.record(z.string().regex(/^\d{1,3}$/), z.int().nonnegative()),
  bytes_in: z.unknown().optional(),
  bytes_out: z.unknown().optional(),
  buckets: z.unknown().optional(),
});

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'Vegeta report (JSON)',
  extensions: ['.json'],
  keys: ['latencies', 'bytes_in', 'bytes_out', 'earliest', 'throughput', 'status_codes'],
  sniff: head => /^\ufeff?\s*\{\s*"latencies"\s*:/.test(head) && head.includes('"status_codes"'),
  parse: (text, source): SummarySeries => {
    const report = validate(Report, smallJson(text, source, HINT), { source }, HINT);
    const [start, end] = [stamp(report.earliest, 'earliest', source), stamp(report.end, 'end', source)];
    const codes = Object.entries(report.status_codes);
    const completed = codes.filter(([code]) => isSuccess(Number(code))).reduce((sum, [, n]) => sum + n, 0);
    if (completed > report.requests)
      throw badRecord({ source, field: 'status_codes' }, 'it counts more answers than there were requests', HINT);
    const named = Object.fromEntries(Object.entries(report.latencies).map(([name, ns]) => [name.replace(/^([\d.]+)th$/, 'p$1'), ns]));
    const unread = (['bytes_in', 'bytes_out', 'buckets'] as const).filter(name => report[name] !== undefined);
    return summarySeries({
      format: ID,
      clock: { kind: 'epoch', uncertainty_ms: 0 },
      origin_ns: start,
      rows: [
        {
          ...UNTOLD,
          start_ms: 0,
          end_ms: msSince(start, end),
          sent: report.requests,
          completed,
          failed: report.requests - completed,
          requests_per_s: report.throughput,
          latency: report.requests === 0 ? [] : namedFigures('e2e', named, MS_PER_NS, report.requests),
        },
      ],
      limits: [...LIMITS, ...fewRequests(report.requests), ...notRead(unread)],
      warnings: [],
    });
  },
});

const stamp = (text: string, field: string, source: string): bigint => {
  const read = parseRfc3339(text);
  if (read === undefined) throw badRecord({ source, field }, `${quote(text)} is not a time with a zone`, HINT);
  return read.ns;
};
