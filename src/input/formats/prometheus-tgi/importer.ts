// Format: https://huggingface.co/docs/text-generation-inference/reference/metrics in https://prometheus.io/docs/instrumenting/exposition_formats/
// (TGI's /metrics, one scrape; seen: the names of 1 to 3). It has no time to first token.

import type { EngineWords } from '#input/formats/shared/engine-metrics';
import { engineSummary, isTimed } from '#input/formats/shared/engine-summary';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'prometheus-tgi';
const WORDS: EngineWords = {
  engine: 'TGI',
  histograms: [
    ['e2e', ['tgi_request_duration']],
    ['tpot', ['tgi_request_mean_time_per_token_duration']],
    ['queue', ['tgi_request_queue_duration']],
  ],
  finished: 'tgi_request_success',
  failed: 'tgi_request_failure',
  inputTokens: 'tgi_request_input_length_sum',
  outputTokens: 'tgi_request_generated_tokens_sum',
};

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'TGI /metrics (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head => /^\ufeff?(?:# (?:TYPE|HELP) )?tgi_[a-z_0-9]{1,100}[ {]/m.test(head) && !isTimed(head),
  parse: (text, source): SummarySeries => engineSummary(ID, text, source, WORDS),
});
