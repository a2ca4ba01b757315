import { medianOf } from '#core/math/median';
import type { Pipeline, Schedule } from '#schema/pipeline';
import { type MetricKey, type Sample, sample } from './catalogue.ts';

type Labels = Readonly<Record<string, string | number>>;

const spread = (metric: MetricKey, labels: Labels, ms: readonly number[]): Sample[] => {
  if (ms.length === 0) return [];
  const figures = { min: Math.min(...ms), median: medianOf(ms), max: Math.max(...ms) };
  return Object.entries(figures).flatMap(([statistic, value]) => sample(metric, { ...labels, statistic }, value / 1e3));
};

/** Compute of single microbatches, by where they ran and what they were. */
function microbatchSamples({ gantt }: Schedule, labels: Labels): Sample[] {
  const kinds = new Map<string, { readonly labels: Labels; readonly ms: number[] }>();
  for (const { rank, kind, start_ms, end_ms } of gantt.operations) {
    const key = `${rank} ${kind}`;
    const own = kinds.get(key) ?? { labels: { ...labels, rank, operation: kind }, ms: [] };
    own.ms.push(end_ms - start_ms);
    kinds.set(key, own);
  }
  return [...kinds.values()].flatMap(k => spread('microbatch', k.labels, k.ms));
}

function scheduleSamples(schedule: Schedule, number: number): Sample[] {
  const labels = { schedule: schedule.name, number };
  const { bubble, handoffs, excess, m } = schedule;
  return [
    ...spread('iteration', labels, schedule.iteration_ms),
    ...bubble.flatMap(({ stage, measured_share, theory_share, simulated_share }) => [
      ...sample('bubble', { ...labels, stage, by: 'measured' }, measured_share),
      ...sample('bubble', { ...labels, stage, by: 'theory' }, theory_share),
      ...sample('bubble', { ...labels, stage, by: 'simulated' }, simulated_share),
    ]),
    ...microbatchSamples(schedule, labels),
    // 0 where only the bubble is known.
    ...(m === 0 ? [] : sample('microbatches', labels, m)),
    ...excess.flatMap(e => sample('pipelineExcess', { ...labels, why: e.why }, e.ms / 1e3)),
    ...sample('handoff', labels, handoffs.latency_us === null ? null : handoffs.latency_us / 1e6),
    ...sample('handoffHidden', labels, handoffs.hidden_share),
  ];
}

/** The figures of a pipeline; schedules of one name are told apart by their number. */
export const pipelineSamples = ({ schedules }: Pipeline): Sample[] => schedules.flatMap((s, i) => scheduleSamples(s, i + 1));
