// Format: https://nvidia.github.io/TensorRT-LLM (trtllm-serve's /prometheus/metrics, one scrape) in
// https://prometheus.io/docs/instrumenting/exposition_formats/; seen: the names of 1.0, as Dynamo serves them as well.

import type { EngineWords } from '#input/formats/shared/engine-metrics';
import { engineSummary, isTimed } from '#input/formats/shared/engine-summary';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'prometheus-trtllm';
const WORDS: EngineWords = {
  engine: 'TensorRT-LLM',
  histograms: [
    ['e2e', ['trtllm_e2e_request_latency_seconds']],
    ['ttft', ['trtllm_time_to_first_token_seconds']],
    ['tpot', ['trtllm_time_per_output_token_seconds']],
    ['queue', ['trtllm_request_queue_time_seconds']],
  ],
  finished: 'trtllm_request_success_total',
  inputTokens: 'trtllm_prompt_tokens_total',
  outputTokens: 'trtllm_generation_tokens_total',
};

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'TensorRT-LLM /metrics (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head => /^\ufeff?(?:# (?:TYPE|HELP) )?trtllm_[a-z_0-9]{1,100}[ {]/m.test(head) && !isTimed(head),
  parse: (text, source): SummarySeries => engineSummary(ID, text, source, WORDS),
});
