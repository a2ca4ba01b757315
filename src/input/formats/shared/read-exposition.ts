import { badRecord, quote } from '#input/text/bad-record';
import { lines } from '#input/text/lines';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { type Metric, metricName, parseMetric } from './exposition.ts';

export interface Exposition {
  readonly metrics: readonly Metric[];
  /** OpenMetrics ends with # EOF; the older text format has no end mark. */
  readonly ended: boolean;
}

/**
 * Reads metrics whose name `wanted` takes; what is written twice, as by a second scrape in the same file, keeps its last value.
 * @throws ForensicsError 'bad-record' for a line that is no metric
 */
export const readExposition = (text: Text, source: string, wanted: (name: string) => boolean, counter: WarningCounter): Exposition => {
  const metrics = new Map<string, Metric>();
  let ended = false;
  for (const { number: line, text: raw, ended: whole } of lines(text, source)) {
    if (raw.startsWith('#')) ended ||= /^# EOF\b/.test(raw);
    else {
      const name = metricName(raw);
      if (name !== '' && !wanted(name) && whole) continue;
      const metric = whole ? parseMetric(raw) : undefined;
      if (metric !== undefined) add(metrics, metric, line, counter);
      else if (whole)
        throw badRecord({ source, line }, `${quote(raw)} is not a metric`, 'Give the text of /metrics as the server sent it.');
      else counter.note('no line break ends the file, so its last line may be cut off and was left out', line);
    }
  }
  return { metrics: [...metrics.values()], ended };
};

const add = (metrics: Map<string, Metric>, metric: Metric, line: number, counter: WarningCounter): void => {
  const key = JSON.stringify([metric.name, [...metric.labels].sort()]);
  if (metrics.has(key))
    counter.note('the metric is there before, as in a file of several scrapes; the last value was taken', line, metric.name);
  metrics.set(key, metric);
};
