import type { Metric } from '#schema/run';

const LATENCY = /^(\w+) (?:p([\d.]+)|mean)$/;

/** Which latency a metric is of, and which share lies below it; undefined for other metrics. */
export function latencyOf({ metric }: Pick<Metric, 'metric'>): { readonly of: string; readonly q: number } | undefined {
  const [, of, percent] = LATENCY.exec(metric) ?? [];
  return of === undefined ? undefined : { of, q: percent === undefined ? 0.5 : Number(percent) / 100 };
}

/** Whether so many requests carry a percentile: with fewer than one beyond it, it is their maximum. */
export function isCarriedBy(metric: Pick<Metric, 'metric'>, n: number | null): boolean {
  const latency = latencyOf(metric);
  return latency === undefined || n === null || n * (1 - latency.q) >= 1 - 1e-9;
}
