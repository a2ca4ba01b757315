// Format: results of https://github.com/SemiAnalysisAI/InferenceX (InferenceMAX): fields of vLLM's serving benchmark, but latencies in
// seconds and without a unit in their names (median_ttft, p99_e2el). Aggregates of one run.
import { servingFigures } from '#input/formats/shared/serving-figures';
import { fewRequests } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, ALL_FAILED, AS_FAST_AS_POSSIBLE, NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { topScalars } from '#input/text/json-scalars';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { localTime } from '#input/time/local-time';
import { ZONELESS_LIMIT } from '#input/time/sample-clock';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { Run } from './schema.ts';

const ID = 'inferencex';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'InferenceX result (JSON)',
  extensions: ['.json'],
  keys: ['num_prompts', 'median_ttft', 'p99_ttft', 'median_e2el', 'completed'],
  sniff: head =>
    /^\ufeff?\s*\{/.test(head) && head.includes('"num_prompts"') && /"(?:median|p99|mean)_(?:ttft|tpot|itl|e2el)"\s*:/.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const scalars = topScalars(text, source, counter);
    const run = validate(Run, scalars, { source }, 'Give the file as InferenceX wrote it.');
    const end = run.date === undefined ? undefined : localTime(run.date);
    const failed = run.completed === 0;
    return summarySeries({
      format: ID,
      ...(end === undefined ? {} : { clock: end.clock, origin_ns: end.ns }),
      rows: [{ ...rowOf(run), end_ms: end === undefined ? null : 0, latency: servingFigures(scalars, run.completed) }],
      limits: [
        NO_STARTS,
        AGGREGATES_ONLY,
        ...(end === undefined ? [] : [`${ZONELESS_LIMIT} "date" is when the run ended.`]),
        ...(failed ? [ALL_FAILED] : fewRequests(run.completed)),
        ...(typeof run.request_rate === 'string' ? [AS_FAST_AS_POSSIBLE] : []),
      ],
      warnings: counter.sentences(),
    });
  },
});

const rowOf = (run: Run) => ({
  ...UNTOLD,
  model: run.model_id ?? null,
  duration_s: run.duration ?? null,
  requested_rate: typeof run.request_rate === 'number' ? run.request_rate : null,
  concurrency: run.max_concurrency ?? null,
  sent: run.num_prompts ?? null,
  completed: run.completed,
  input_tokens: run.total_input_tokens ?? null,
  output_tokens: run.total_output_tokens ?? null,
  requests_per_s: run.request_throughput ?? null,
  output_tokens_per_s: run.output_throughput ?? null,
  total_tokens_per_s: run.total_token_throughput ?? null,
});
