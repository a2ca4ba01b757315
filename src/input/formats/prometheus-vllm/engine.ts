import type { Metric } from '#input/formats/shared/exposition';
import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import { faultOf, figuresOf, type Histogram } from './histogram.ts';

/** The first name is that of today; the later ones stand in where it is missing. */
const HISTOGRAMS: readonly (readonly [LatencyFigure['metric'], readonly string[]])[] = [
  ['e2e', ['vllm:e2e_request_latency_seconds']],
  ['ttft', ['vllm:time_to_first_token_seconds']],
  ['tpot', ['vllm:request_time_per_output_token_seconds']],
  ['itl', ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds']],
  ['queue', ['vllm:request_queue_time_seconds']],
];
const FINISHED = 'vllm:request_success_total';
/** Values of finished_reason that stand for an answer that did not come to its end. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['abort', 'error']);
/** What is read; an engine without any of these says nothing that is used here. */
export const isRead = (name: string): boolean =>
  name === FINISHED ||
  /^vllm:(?:prompt|generation)_tokens_total$/.test(name) ||
  HISTOGRAMS.some(([, names]) => names.some(known => name === `${known}_bucket` || name === `${known}_sum`));

export interface EngineRun {
  readonly row: RunSummary;
  readonly warnings: readonly string[];
}

/** What one engine has told since it started. */
export const toRun = (metrics: readonly Metric[]): EngineRun => {
  const [first] = metrics;
  const warnings: string[] = [];
  const latency = HISTOGRAMS.flatMap(([metric, names]) => {
    for (const name of names) {
      const histogram = histogramOf(metrics, name);
      if (histogram === undefined) continue;
      const fault = faultOf(histogram);
      if (fault === undefined) return figuresOf(metric, histogram);
      warnings.push(`${name} ${fault}, so it was left out.`);
    }
    return [];
  });
  const engine = first?.labels.get('engine');
  const finished = (broken: boolean) =>
    total(metrics.filter(({ name, labels }) => name === FINISHED && BROKEN_OFF.has(labels.get('finished_reason') ?? '') === broken));
  const row = {
    ...UNTOLD,
    label: engine === undefined ? null : `engine ${engine}`,
    model: first?.labels.get('model_name') ?? null,
    completed: finished(false),
    failed: finished(true),
    input_tokens: total(metrics.filter(({ name }) => name === 'vllm:prompt_tokens_total')),
    output_tokens: total(metrics.filter(({ name }) => name === 'vllm:generation_tokens_total')),
    latency,
  };
  return { row, warnings };
};

const total = (metrics: readonly Metric[]): number | null =>
  metrics.length === 0 || metrics.some(({ value }) => !Number.isFinite(value) || value < 0)
    ? null
    : metrics.reduce((sum, { value }) => sum + value, 0);

const histogramOf = (metrics: readonly Metric[], name: string): Histogram | undefined => {
  const buckets = metrics
    .filter(metric => metric.name === `${name}_bucket`)
    .map(({ labels, value }) => ({ edge: edgeOf(labels.get('le') ?? ''), count: value }))
    .filter(({ edge }) => !Number.isNaN(edge))
    .sort((a, b) => a.edge - b.edge);
  const sum = metrics.find(metric => metric.name === `${name}_sum`)?.value;
  return buckets.length === 0 ? undefined : { edges: buckets.map(({ edge }) => edge), counts: buckets.map(({ count }) => count), sum };
};

const edgeOf = (le: string): number => (le === '+Inf' ? Number.POSITIVE_INFINITY : le === '' ? Number.NaN : Number(le));
