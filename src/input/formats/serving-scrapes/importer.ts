// Format: https://prometheus.io/docs/instrumenting/exposition_formats/, as vLLM (https://docs.vllm.ai/en/latest/usage/metrics.html) and SGLang
// (https://docs.sglang.ai/references/production_metrics.html), TGI and TensorRT-LLM serve it at /metrics: scrapes with a line "# <time>" before each.

import { parseMetric } from '#input/formats/shared/exposition';
import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseTimestamp } from '#input/time/timestamp';
import type { SampleRow, SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'serving-scrapes';
/** A line of the time before the first scrape: without it, the text of one scrape is a summary (prometheus-vllm). */
const TIMED = /^\ufeff?\s*# \d{4}-\d{2}-\d{2}[T ]/;
const HINT =
  "Give what the engine serves at /metrics, with a time before each scrape: (date -u '+# %FT%T.%NZ'; curl -s host:8000/metrics) >> file.";
const LIMITS = ['Counters are known at the times of the scrapes: what happened between two cannot be placed closer.'];
/** Gauges that say how full the engine is; histograms and their parts are no readings of a moment. */
const GAUGES =
  /^(vllm:(num_requests_(running|waiting)|(gpu|kv)_cache_usage_perc)|sglang:(num_running_reqs|num_queue_reqs|token_usage)|tgi_(queue_size|batch_current_size)|trtllm_(num_requests_(running|waiting)|kv_cache_(utilization|hit_rate)))$/;
/** TGI names its counters without the ending _total. */
const TGI_COUNTERS = /^tgi_request_(count|success|failure)$/;
const ENGINE = /^(?:vllm:|sglang:|tgi_|trtllm_)/;

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'vLLM, SGLang, TGI or TensorRT-LLM /metrics (Prometheus text), several scrapes',
  extensions: ['.prom', '.txt'],
  sniff: head => TIMED.test(head) && /^(?:# (?:TYPE|HELP) )?(?:vllm:|sglang:|tgi_|trtllm_)[a-z_0-9]{1,100}[ {]/m.test(head),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const readings = readScrapes(text, source, counter);
    return sampleSeries(readings, { format: ID, source, when: { kind: 'zoned', resolution_ms: 1 }, limits: LIMITS, counter, hint: HINT });
  },
});

function readScrapes(text: Text, source: string, counter: WarningCounter): Reading[] {
  const readings: Reading[] = [];
  let scraped: bigint | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    if (raw.startsWith('#')) {
      scraped = parseTimestamp(raw.slice(1).trim())?.ns ?? scraped;
      continue;
    }
    const metric = parseMetric(raw);
    if (metric === undefined)
      throw badRecord({ source, line }, `${quote(raw)} is no sample of the Prometheus text format`, 'Mend or delete this line.');
    const nature = natureOf(metric.name);
    if (nature === undefined || !Number.isFinite(metric.value)) continue;
    if (metric.value < 0) throw badRecord({ source, line }, `${quote(raw)} counts less than nothing`, 'Mend or delete this line.');
    const ns = metric.ns ?? scraped;
    if (ns === undefined) throw badRecord({ source, line }, 'a sample stands before the first time', HINT);
    readings.push({ line, ns, row: rowOf(metric.name, metric.labels, metric.value, nature) });
  }
  return readings;
}

/** What is read of a metric's kind; undefined for what is left out. */
function natureOf(name: string): SampleRow['nature'] | undefined {
  if (!ENGINE.test(name)) return undefined;
  if (name.endsWith('_total') || TGI_COUNTERS.test(name)) return 'counter';
  return GAUGES.test(name) ? 'gauge' : undefined;
}

const rowOf = (metric: string, labels: ReadonlyMap<string, string>, value: number, nature: SampleRow['nature']): Reading['row'] => {
  const engine = labels.get('engine') ?? labels.get('dp_rank') ?? '';
  // Several series of one counter (by why requests ended, say) stay apart by what tells them apart.
  const reason = labels.get('finished_reason') ?? labels.get('reason');
  return {
    entity: /^\d{1,6}$/.test(engine) ? `engine ${engine}` : 'engine',
    metric: reason === undefined ? metric : `${metric}{${reason}}`,
    unit: '',
    value,
    nature,
    window_ms: null,
  };
};
