// Format: https://docs.sglang.ai/references/production_metrics.html in https://prometheus.io/docs/instrumenting/exposition_formats/ (SGLang's
// /metrics with --enable-metrics, one scrape; seen: the names of 0.3 to 0.5).

import type { EngineWords } from '#input/formats/shared/engine-metrics';
import { engineSummary, isTimed } from '#input/formats/shared/engine-summary';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'prometheus-sglang';
const WORDS: EngineWords = {
  engine: 'SGLang',
  histograms: [
    ['e2e', ['sglang:e2e_request_latency_seconds']],
    ['ttft', ['sglang:time_to_first_token_seconds']],
    ['itl', ['sglang:inter_token_latency_seconds', 'sglang:time_per_output_token_seconds']],
    ['queue', ['sglang:queue_time_seconds']],
  ],
  finished: 'sglang:num_requests_total',
  failed: 'sglang:num_aborted_requests_total',
  inputTokens: 'sglang:prompt_tokens_total',
  outputTokens: 'sglang:generation_tokens_total',
};

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'SGLang /metrics (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head => /^\ufeff?(?:# (?:TYPE|HELP) )?sglang:[a-z_0-9]{1,100}[ {]/m.test(head) && !isTimed(head),
  parse: (text, source): SummarySeries => engineSummary(ID, text, source, WORDS),
});
