import type { Report } from '#model/report';
import type { Claim } from '../claim.ts';
import { tellerOf } from './frame.ts';

/** Percentiles that a report prints. Of few values it says itself that they have no upper bound, so that they are no claim. */
const FIGURES = [
  ['p50_ms', 0.5],
  ['p95_ms', 0.95],
  ['p99_ms', 0.99],
] as const;

/** What one of our own reports says of its requests. */
export function claimsOfReport(report: Report, file: string): Claim[] {
  const { tell, claims } = tellerOf(file, ['report'], 'report');
  tell('sent', report.requests?.total ?? null, 'requests.total');
  tell('completed', report.requests?.finished ?? null, 'requests.finished');
  for (const row of report.latency) {
    const of = row.metric;
    for (const [field, q] of FIGURES)
      if (row.n * (1 - q) >= 1) tell('latency_ms', row[field], `latency ${of} ${field}`, { of, statistic: q, n: row.n });
    tell('latency_ms', row.max_ms, `latency ${of} max_ms`, { of, statistic: 'max', n: row.n });
  }
  return claims;
}
