// Format: agg_*.json of https://github.com/SemiAnalysisAI/InferenceX (utils/process_result.py: what InferenceMAX publishes). Seen: the flat
// layout of fixed lengths (2025 to 2026), and the nested one of agentic scenarios (request_metrics, 2026). Latencies in seconds.

import { fewRequests } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries } from '#input/series/summary-series';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { gpusOf, rowOf, unreadOf } from './run.ts';
import { Agentic, Flat } from './schema.ts';

const ID = 'inferencex-agg';
const HINT = 'Give agg_*.json as InferenceX wrote it.';
const KEYS = ['hw', 'conc', 'infmax_model_prefix', 'framework', 'precision', 'tput_per_gpu'];
const OF_ALL_GPUS = 'Tokens a second are given for one GPU in the file; here they are multiplied by tp × pp GPUs.';
const ONE_GPU_ONLY =
  'Tokens a second are given for one GPU, and with several nodes, or prefill and decode apart, the file does not say for how many: they were left out.';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'InferenceX aggregate (agg_*.json)',
  extensions: ['.json'],
  keys: KEYS,
  sniff: head => /^\ufeff?\s*\{/.test(head) && head.includes('"infmax_model_prefix"') && !head.includes('"num_prompts"'),
  parse: (text, source): SummarySeries => {
    const json = smallJson(text, source, HINT);
    const isAgentic = typeof json === 'object' && json !== null && 'request_metrics' in json;
    const run = isAgentic ? validate(Agentic, json, { source }, HINT) : validate(Flat, json, { source }, HINT);
    const row = rowOf(run);
    return summarySeries({
      format: ID,
      rows: [row],
      limits: [
        NO_STARTS,
        AGGREGATES_ONLY,
        gpusOf(run) === null ? ONE_GPU_ONLY : OF_ALL_GPUS,
        ...fewRequests(row.completed),
        ...notRead(unreadOf(run)),
      ],
      warnings: [],
    });
  },
});
