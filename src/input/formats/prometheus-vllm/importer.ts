// Format: https://docs.vllm.ai/en/latest/usage/metrics.html in https://prometheus.io/docs/instrumenting/exposition_formats/ (the text of vLLM's
// /metrics, one scrape). Histograms of latencies and counters of requests and tokens.

import type { Metric } from '#input/formats/shared/exposition';
import { NO_END_MARK, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { isRead, toRun } from './engine.ts';
import { readExposition } from './exposition.ts';

const ID = 'prometheus-vllm';
const BUCKETS = 'Percentiles are known to a bucket of a histogram only; its edges are given, and nothing is interpolated.';
const SINCE_START =
  'Counts run from the start of the server, so what came before the test, such as warm-up, is in them. No time of day is told.';
const NO_GAUGES = 'Gauges of the moment (requests running and waiting, use of the KV cache) have no place in a summary and were left out.';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'vLLM /metrics (Prometheus text)',
  extensions: ['.prom', '.txt'],
  // A time before the first scrape tells that there may be several: serving-scrapes.
  sniff: head =>
    /^(?:\ufeff)?(?:# (?:TYPE|HELP) )?vllm:[a-z_0-9]{1,100}[ {]/m.test(head) && !/^\ufeff?\s*# \d{4}-\d{2}-\d{2}[T ]/.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const { metrics, ended } = readExposition(text, source, isRead, counter);
    if (metrics.length === 0)
      throw badRecord({ source }, 'it holds none of the latencies and counters of vLLM', 'Give the text of /metrics of a vLLM server.');
    const runs = byEngine(metrics).map(toRun);
    return summarySeries({
      format: ID,
      rows: runs.map(({ row }) => row),
      limits: [NO_STARTS, BUCKETS, SINCE_START, NO_GAUGES],
      warnings: [...counter.sentences(), ...runs.flatMap(({ warnings }) => warnings), ...(ended ? [] : [NO_END_MARK])],
    });
  },
});

/** Each engine and model counts for itself. */
const byEngine = (metrics: readonly Metric[]): Metric[][] => {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const key = JSON.stringify([metric.labels.get('model_name'), metric.labels.get('engine')]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [metric]);
    else group.push(metric);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
};
