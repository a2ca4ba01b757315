import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import type { Metric } from './exposition.ts';
import { faultOf, figuresOf, type Histogram } from './prometheus-histogram.ts';

/** What an engine calls its metrics. */
export interface EngineWords {
  /** As a reader knows it: vLLM. */
  readonly engine: string;
  /** Histograms of seconds. The first name is that of today; the later ones stand in where it is missing. */
  readonly histograms: readonly (readonly [LatencyFigure['metric'], readonly string[]])[];
  /** Counters of requests that were answered, each perhaps once for each reason why it ended. */
  readonly finished: string;
  /** A counter of its own for those that failed, where there is one. */
  readonly failed?: string;
  readonly inputTokens: string;
  readonly outputTokens: string;
}

/** Values of finished_reason that stand for an answer that did not come to its end. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['abort', 'error', 'cancelled', 'timeout']);

/** What is read; an engine without any of these says nothing that is used here. */
export const isRead =
  ({ histograms, finished, failed, inputTokens, outputTokens }: EngineWords) =>
  (name: string): boolean =>
    [finished, failed, inputTokens, outputTokens].includes(name) ||
    histograms.some(([, names]) => names.some(known => name === `${known}_bucket` || name === `${known}_sum`));

export interface EngineRun {
  readonly row: RunSummary;
  readonly warnings: readonly string[];
}

/** What one engine has told since it started. */
export const toRun = (metrics: readonly Metric[], words: EngineWords): EngineRun => {
  const [first] = metrics;
  const warnings: string[] = [];
  const latency = words.histograms.flatMap(([metric, names]) => {
    for (const name of names) {
      const histogram = histogramOf(metrics, name);
      if (histogram === undefined) continue;
      const fault = faultOf(histogram);
      if (fault === undefined) return figuresOf(metric, histogram);
      warnings.push(`${name} ${fault}, so it was left out.`);
    }
    return [];
  });
  const engine = first === undefined ? undefined : engineOf(first);
  const named = (wanted: string | undefined) => metrics.filter(({ name }) => name === wanted);
  const finished = (broken: boolean) =>
    total(
      named(words.finished).filter(({ labels }) => BROKEN_OFF.has(labels.get('finished_reason') ?? '') === broken),
      warnings,
    );
  const row = {
    ...UNTOLD,
    label: engine === undefined ? null : `engine ${engine}`,
    model: first?.labels.get('model_name') ?? null,
    completed: finished(false),
    failed: words.failed === undefined ? finished(true) : total(named(words.failed), warnings),
    input_tokens: total(named(words.inputTokens), warnings),
    output_tokens: total(named(words.outputTokens), warnings),
    latency,
  };
  return { row, warnings };
};

/** What tells engines of one server apart: vLLM numbers them, SGLang by data-parallel rank. */
export const engineOf = ({ labels }: Metric): string | undefined => labels.get('engine') ?? labels.get('dp_rank');

const total = (metrics: readonly Metric[], warnings: string[]): number | null => {
  const wrong = metrics.find(({ value }) => !Number.isFinite(value) || value < 0);
  if (wrong !== undefined) warnings.push(`${wrong.name} is ${wrong.value}, so it was left out.`);
  return metrics.length === 0 || wrong !== undefined ? null : metrics.reduce((sum, { value }) => sum + value, 0);
};

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
