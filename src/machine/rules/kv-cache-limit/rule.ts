import { defineRule } from '#machine/define';
import { numberOf } from '#machine/gpus';

/** What the log writes with one decimal: full to its last. */
const FULL_PCT = 99.9;

export default defineRule({
  id: 'kv-cache-limit',
  title: 'The KV cache was full, or is too small for one request',
  reason: 'Requests wait for cache that others hold, or lose theirs and are computed again: both show in the tail.',
  source: 'vLLM documentation, optimization and tuning: preemption; the log’s own figures',
  severity: 'medium',
  fix: 'Raise --gpu-memory-utilization where memory is free, lower --max-model-len or --max-num-seqs, store the cache in 8 bits (--kv-cache-dtype fp8), or use more GPUs.',
  needs: 'the log of vLLM',
  judges: ['vllm-log'],
  bears_on: ['kv-preemption', 'queueing'],
  find({ facts }) {
    const [preemptions, usage, tokens, longest] = ['preemptions', 'kv_cache_usage_max', 'kv_cache_tokens', 'max_model_len'].map(name =>
      numberOf(facts, 'vLLM', name),
    );
    if (preemptions === undefined && usage === undefined && tokens === undefined) return undefined;
    const isShort = tokens !== undefined && longest !== undefined && tokens < longest;
    const seen = {
      ...(preemptions === undefined || preemptions === 0 ? {} : { preemptions }),
      ...(usage === undefined || usage < FULL_PCT ? {} : { 'highest use (%)': usage }),
      ...(isShort ? { 'tokens of the cache': tokens, 'tokens of the longest request': longest } : {}),
    };
    return Object.keys(seen).length > 0 ? [{ entity: 'log of vLLM', seen }] : [];
  },
});
