import type { ChartData, Latency } from '#schema/report';
import { STALL_MS, STALLS, sequence, WINDOW_MS } from './stalls.ts';

export type Request = ChartData['requests'][number];

export function requests(n: number): Request[] {
  const next = sequence(20_261_122);
  return Array.from({ length: n }, (_, i) => {
    const t = -420 + (i * (WINDOW_MS + 700)) / n + next() * 30;
    const expected = 9 + 2.31 * (12 + Math.floor(next() ** 2 * 62));
    const noise = (next() + next() + next() - 1.5) * 4;
    const stall = STALLS.find(s => s.at < t + expected && t < s.at + STALL_MS);
    const delay = stall === undefined ? 0 : Math.min(STALL_MS, stall.at + STALL_MS - t) * 0.98;
    const rest = i === 211 ? 61 : 0;
    const latency = expected + noise + delay + rest;
    const outside = t < 0 || t + latency > WINDOW_MS;
    const excess = latency - expected;
    const slow = excess > 20;
    const cause: Request['cause'] = outside ? 'outside the trace' : !slow ? 'as expected' : (stall?.cause ?? 'unexplained');
    return {
      id: `req-${i}`,
      t_ms: t,
      latency_ms: latency,
      expected_ms: expected,
      excess_ms: excess,
      cause,
      in_incident: stall !== undefined && !outside,
    };
  });
}

export function latency(of: readonly Request[]): Latency[] {
  const sorted = of
    .filter(r => r.cause !== 'outside the trace')
    .map(r => r.latency_ms)
    .sort((a, b) => a - b);
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? 0;
  if (sorted.length === 0) return [];
  return [
    {
      metric: 'e2e',
      n: sorted.length,
      p50_ms: at(0.5),
      p95_ms: at(0.95),
      p99_ms: at(0.99),
      p99_ci_ms: [at(0.97), null],
      p99_bootstrap_ci_ms: null,
      max_ms: at(1),
    },
  ];
}
