import { machineNamed } from '#audit/machines';
import type { Statement } from '#audit/statement';
import type { Report } from '#schema/report';
import { type Teller, tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';
import { statementsOfEnergy } from './report-energy.ts';
import { statementsOfPipeline } from './report-pipeline.ts';

/** Percentiles that a report prints. Of few values it says itself that they have no upper bound, so that they are no statement. */
const FIGURES = [
  ['p50_ms', 0.5],
  ['p95_ms', 0.95],
  ['p99_ms', 0.99],
] as const;
/** Sums of doubles that were written in full. */
const ROUNDING = 1e-6;
const NS_PER_MS = 1e6;

/** Latencies of the same requests, counted from another start or of a part of them, are no other account of the same figure. */
function statementsOfLatency(report: Report, file: string): Statement[] {
  const lists = [
    [report.latency, ['report'], 'report'],
    [report.latency_intended, ['report', 'latency from the intended start'], 'latency from the intended start'],
    [report.latency_inside, ['report', 'latency inside of incidents'], 'latency inside of incidents'],
    [report.latency_outside, ['report', 'latency outside of incidents'], 'latency outside of incidents'],
  ] as const;
  return lists.flatMap(([rows, parts, subject]) => {
    const { tell, statements } = tellerOf(file, parts, subject);
    for (const row of rows) {
      const of = row.metric;
      const { n } = row;
      for (const [field, q] of FIGURES)
        if (n * (1 - q) >= 1) tell('latency_ms', row[field], `latency ${of} ${field}`, { of, statistic: q, n });
      tell('latency_ms', row.max_ms, `latency ${of} max_ms`, { of, statistic: 'max', n });
    }
    return statements;
  });
}

/** The books: parts of the excess, of each incident, of each device's time, and of the requests. */
function tellBooks(teller: Teller, report: Report): void {
  const { books, requests } = report;
  const sumOf = (of: string, parts: readonly { cause: string; excess_ms: number }[], excess_ms: number, path: string) =>
    tellSum(teller, {
      of,
      parts: parts.map(p => [p.cause, p.excess_ms] as const),
      whole: ['the time lost of', excess_ms],
      unit: 'ms',
      doubt: ROUNDING * parts.reduce((n, p) => n + Math.abs(p.excess_ms), 0),
      rule: 'equal',
      path,
    });
  sumOf('time beyond what was expected', books.parts, books.excess_ms, 'books');
  for (const { id, causes, excess_ms } of report.incidents) sumOf(`incident ${id}`, causes, excess_ms, `incidents ${id}`);
  const length = Number(BigInt(report.window.end_ns) - BigInt(report.window.start_ns)) / NS_PER_MS;
  for (const { device, busy_ms, idle_ms } of report.devices)
    tellSum(teller, {
      of: `time of ${device}`,
      parts: [
        ['busy', busy_ms],
        ['idle', idle_ms],
      ],
      whole: ['the window of', length],
      unit: 'ms',
      doubt: ROUNDING * length,
      rule: 'equal',
      path: `devices ${device}`,
    });
  if (requests === null) return;
  for (const [part, value, whole, all] of [
    ['judged', requests.judged, 'all', requests.total],
    ['slow', requests.slow, 'judged', requests.judged],
  ] as const)
    tellSum(teller, {
      of: `${part} requests`,
      parts: [[part, value]],
      whole: [whole, all],
      unit: 'requests',
      doubt: 0,
      rule: 'at most',
      path: `requests.${part}`,
    });
}

/** What one of our own reports says of its requests, its books, its energy and its pipeline. */
export function statementsOfReport(report: Report, file: string): Statement[] {
  const teller = tellerOf(file, ['report'], 'report');
  teller.tell('sent', report.requests?.total ?? null, 'requests.total');
  teller.tell('completed', report.requests?.finished ?? null, 'requests.finished');
  tellBooks(teller, report);
  const models = new Set(report.devices.map(d => machineNamed(d.name ?? '')?.model ?? ''));
  const [model = ''] = models.size === 1 ? models : [];
  return [
    ...teller.statements,
    ...statementsOfLatency(report, file),
    ...(report.energy === null ? [] : statementsOfEnergy(report.energy, model, file)),
    ...(report.pipeline === null ? [] : statementsOfPipeline(report.pipeline, file)),
  ];
}
