// Format: https://docs.vllm.ai/en/latest/usage/metrics.html in https://prometheus.io/docs/instrumenting/exposition_formats/ (the text of vLLM's
// /metrics, one scrape; seen: 0.4 to 0.25). Histograms of latencies and counters of requests and tokens.

import type { EngineWords } from '#input/formats/shared/engine-metrics';
import { engineSummary, isTimed } from '#input/formats/shared/engine-summary';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'prometheus-vllm';
const WORDS: EngineWords = {
  engine: 'vLLM',
  histograms: [
    ['e2e', ['vllm:e2e_request_latency_seconds']],
    ['ttft', ['vllm:time_to_first_token_seconds']],
    ['tpot', ['vllm:request_time_per_output_token_seconds']],
    ['itl', ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds']],
    ['queue', ['vllm:request_queue_time_seconds']],
  ],
  finished: 'vllm:request_success_total',
  inputTokens: 'vllm:prompt_tokens_total',
  outputTokens: 'vllm:generation_tokens_total',
};

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'vLLM /metrics (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head => /^\ufeff?(?:# (?:TYPE|HELP) )?vllm:[a-z_0-9]{1,100}[ {]/m.test(head) && !isTimed(head),
  parse: (text, source): SummarySeries => engineSummary(ID, text, source, WORDS),
});
