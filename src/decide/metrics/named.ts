import type { Metric } from '#schema/run';

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter(word => word !== '');

/** How many words a name has: the more, the more it says. */
export const wordCount = (name: string): number => wordsOf(name).length;

/** Whether a name is part of a metric's: 'p99' of 'ttft p99'. */
function isWithin(name: string, metric: string): boolean {
  const words = new Set(wordsOf(metric));
  const asked = wordsOf(name);
  return asked.length > 0 && asked.every(word => words.has(word));
}

const isSame = (name: string, metric: string): boolean => wordsOf(name).join(' ') === wordsOf(metric).join(' ');

/** The metrics that a name stands for: the one that is called so, else all of whose names it is a part. */
export function metricsNamed<M extends Pick<Metric, 'metric'>>(name: string, all: readonly M[]): readonly M[] {
  const same = all.filter(({ metric }) => isSame(name, metric));
  return same.length > 0 ? same : all.filter(({ metric }) => isWithin(name, metric));
}
