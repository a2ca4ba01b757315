import type { Report } from '#schema/report';
import type { RunFigure } from '#schema/run';
import { latencyFigure, namedFigure } from './figures.ts';

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Latencies from the intended start, where the load test says when that was. */
const latencies = ({ latency, latency_intended: intended }: Report): readonly RunFigure[] =>
  (intended.length > 0 ? intended : latency).flatMap(({ metric, n, p50_ms, p95_ms, p99_ms }) => [
    latencyFigure(metric, 0.5, p50_ms, n, ''),
    latencyFigure(metric, 0.95, p95_ms, n, ''),
    latencyFigure(metric, 0.99, p99_ms, n, ''),
  ]);

/** A usual step of each kind, of the lane that spends the most time in such steps. */
function steps(report: Report): readonly RunFigure[] {
  const kinds = [...new Set(report.steps.map(step => step.kind))];
  return kinds.flatMap(kind => {
    const [largest] = report.steps.filter(step => step.kind === kind).toSorted((a, b) => b.share - a.share);
    if (largest === undefined) return [];
    return [{ metric: `step ${kind}`, setting: '', unit: 'ms', better: 'lower' as const, value: largest.median_ms, n: largest.steps }];
  });
}

function pipelines({ pipeline }: Report): readonly RunFigure[] {
  const schedules = pipeline?.schedules ?? [];
  return schedules.flatMap(schedule => {
    const setting = schedules.length === 1 ? '' : (schedule.label ?? schedule.name);
    return [
      ...namedFigure('bubble', meanOf(schedule.bubble.map(stage => stage.measured_share)), setting, schedule.iterations),
      ...namedFigure('iteration', meanOf(schedule.iteration_ms), setting, schedule.iterations),
    ];
  });
}

function training({ training: found }: Report): readonly RunFigure[] {
  const ranks = found?.ranks ?? [];
  const slowest = ranks.length === 0 ? null : ranks.reduce((most, rank) => Math.max(most, rank.median_ms), 0);
  return [
    ...namedFigure('training step', slowest, '', ranks[0]?.steps ?? null),
    ...namedFigure('training tok/s', found?.tokens_per_second ?? null),
    ...namedFigure('flop share', found?.utilisation?.mean_share ?? null),
  ];
}

/** Tokens per joule and cost at the level that says most: the wall before modules, these before GPUs. */
function energy({ energy: found }: Report): readonly RunFigure[] {
  const valid = (found?.totals ?? []).filter(total => total.valid);
  const total = (['wall', 'module', 'gpu'] as const).flatMap(level => valid.find(t => t.level === level) ?? [])[0];
  return [
    ...(found?.tokens?.which === 'output' ? namedFigure('tok/s', found.tokens.per_s) : []),
    ...namedFigure('tok/J', total?.tokens_per_joule ?? null),
    ...namedFigure('mean power', total?.mean_w ?? null),
    ...namedFigure('usd/1M tok', total?.cost?.usd_per_million_tokens ?? null),
  ];
}

/** The figures of a run as a report of ours tells them. */
export const figuresOfReport = (report: Report): readonly RunFigure[] => [
  ...latencies(report),
  ...energy(report),
  ...steps(report),
  ...pipelines(report),
  ...training(report),
];

/** What each cause cost, and what is unexplained, ms. Where no request was judged, what devices lost. */
export const causesOfReport = (
  report: Report,
): { readonly cause: Report['books']['parts'][number]['cause']; readonly excess_ms: number }[] =>
  report.requests !== null
    ? report.books.parts.map(({ cause, excess_ms }) => ({ cause, excess_ms }))
    : report.causes.map(({ cause, excess_ms }) => ({ cause, excess_ms }));
