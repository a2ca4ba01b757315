// Format: https://docs.vllm.ai/en/latest/benchmarking/sweeps.html (summary.json of vllm bench sweep serve: an array with one result of vllm
// bench serve for each run); seen: the layout of vLLM 0.11 to 0.25.

import { fewestOf, ServingRun, servingRunOf } from '#input/formats/shared/serving-run';
import { fewRequests } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, ALL_FAILED, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'vllm-sweep';
const HINT = 'Give summary.json as vllm bench sweep wrote it.';
const ONE_RUN = 'Requests of a run, where it was saved with --save-detailed, are in its own file (run=N.json).';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'vllm bench sweep summary (JSON)',
  extensions: ['.json'],
  keys: ['request_throughput', 'output_throughput', 'mean_ttft_ms', 'run_number'],
  sniff: head => /^\ufeff?\s*\[\s*\{/.test(head) && head.includes('"request_throughput"') && /"(?:mean|median|p\d+)_ttft_ms"/.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter('document');
    const runs = Array.from(jsonValues(text, source, ['$.*'], counter), ({ path, value }) =>
      validate(ServingRun, value, { source, path: path.join('.') }, HINT),
    );
    if (runs.length === 0) throw badRecord({ source }, 'it holds no complete run', HINT);
    const fewest = fewestOf(runs);
    return summarySeries({
      format: ID,
      rows: runs.map(servingRunOf),
      limits: [NO_STARTS, AGGREGATES_ONLY, ONE_RUN, ...(fewest === 0 ? [ALL_FAILED] : fewRequests(fewest))],
      warnings: counter.sentences(),
    });
  },
});
