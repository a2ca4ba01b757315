import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const count = fc.integer({ min: 1, max: 5000 });
const rows = fc
  .record({
    version: fc.constantFrom('0.6.4', '0.11.0'),
    tensor_parallel_size: fc.constantFrom(1, 2, 8),
    max_model_len: count,
    kv_cache_tokens: fc.integer({ min: 1, max: 9_999_999 }),
    waiting_max: fc.nat(500),
    running_max: fc.nat(500),
    kv_cache_usage_max: fc.nat(1000).map(tenths => tenths / 10),
    preemptions: fc.nat(5),
    out_of_memory: fc.nat(2),
    nccl_errors: fc.nat(2),
  })
  .map(record => Object.entries(record).map(([name, value]) => ({ entity: 'vLLM', name, value })));

/** What `vllm serve` prints: how it began, its load, and what went wrong. */
export default writing(rows, facts => {
  const of = (name: string) => Number(facts.find(f => f.name === name)?.value);
  const version = facts.find(f => f.name === 'version')?.value;
  const info = (said: string) => `(EngineCore pid=120) INFO 11-22 10:15:30 [core.py:76] ${said}`;
  const many = (name: string, said: string) => Array.from({ length: of(name) }, () => info(said));
  return lined([
    info(
      `Initializing a V1 LLM engine (v${version}) with config: model='m', max_seq_len=${of('max_model_len')}, tensor_parallel_size=${of('tensor_parallel_size')}, seed=0`,
    ),
    info(`GPU KV cache size: ${of('kv_cache_tokens').toLocaleString('en-US')} tokens`),
    info(
      `Engine 000: Avg prompt throughput: 10.0 tokens/s, Running: ${of('running_max')} reqs, Waiting: ${of('waiting_max')} reqs, GPU KV cache usage: ${of('kv_cache_usage_max').toFixed(1)}%, Prefix cache hit rate: 0.0%`,
    ),
    ...many('preemptions', 'Preempting request cmpl-1'),
    ...many('out_of_memory', 'CUDA out of memory.'),
    ...many('nccl_errors', 'NCCL error: unhandled system error'),
  ]);
});
