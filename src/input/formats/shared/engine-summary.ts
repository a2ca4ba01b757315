import { NO_END_MARK, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { type EngineWords, engineOf, isRead, toRun } from './engine-metrics.ts';
import type { Metric } from './exposition.ts';
import { readExposition } from './read-exposition.ts';

const BUCKETS = 'Percentiles are known to a bucket of a histogram only; its edges are given, and nothing is interpolated.';
const SINCE_START =
  'Counts run from the start of the server, so what came before the test, such as warm-up, is in them. No time of day is told.';
const NO_GAUGES = 'Gauges of the moment (requests running and waiting, use of the KV cache) have no place in a summary and were left out.';

/** A time before the first scrape tells that there may be several. */
export const isTimed = (head: string): boolean => /^\ufeff?\s*# \d{4}-\d{2}-\d{2}[T ]/.test(head);

/**
 * One scrape of the metrics of an engine, as a summary of what it did since it started.
 * @throws ForensicsError 'bad-record' where none of what is read is in it
 */
export const engineSummary = (format: string, text: Text, source: string, words: EngineWords): SummarySeries => {
  const counter = new WarningCounter();
  const { metrics, ended } = readExposition(text, source, isRead(words), counter);
  if (metrics.length === 0)
    throw badRecord(
      { source },
      `it holds none of the latencies and counters of ${words.engine}`,
      `Give the text of /metrics of a ${words.engine} server.`,
    );
  const runs = byEngine(metrics).map(group => toRun(group, words));
  return summarySeries({
    format,
    rows: runs.map(({ row }) => row),
    limits: [NO_STARTS, BUCKETS, SINCE_START, NO_GAUGES],
    warnings: [...counter.sentences(), ...runs.flatMap(({ warnings }) => warnings), ...(ended ? [] : [NO_END_MARK])],
  });
};

/** Each engine and model counts for itself. */
const byEngine = (metrics: readonly Metric[]): Metric[][] => {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const key = JSON.stringify([metric.labels.get('model_name'), engineOf(metric)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [metric]);
    else group.push(metric);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
};
