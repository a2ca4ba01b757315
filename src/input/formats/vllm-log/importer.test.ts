import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import ncclLog from '../nccl-log/importer.ts';
import { recognise } from '../recognise.ts';
import vllmLog from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const told = (text: string) => Object.fromEntries(vllmLog.parse(text, 'vllm.log').rows.map(r => [`${r.entity} ${r.name}`, r.value]));

test('how the engine was begun, how full it was, and what went wrong', () =>
  expect(told(SAMPLE)).toEqual({
    'vLLM version': '0.11.0',
    'vLLM tensor_parallel_size': 2,
    'vLLM pipeline_parallel_size': 1,
    'vLLM data_parallel_size': 1,
    'vLLM max_model_len': 8192,
    'vLLM gpu_memory_utilization': 0.92,
    'vLLM dtype': 'bfloat16',
    'vLLM kv_cache_tokens': 1_003_120,
    'vLLM max_concurrency': 122.45,
    'vLLM running_max': 256,
    'vLLM waiting_max': 41,
    'vLLM kv_cache_usage_max': 99.2,
    'vLLM preemptions': 51,
    'vLLM out_of_memory': 1,
    'vLLM nccl_errors': 1,
    'vLLM first_error': 'OutOfMemoryError',
    'NCCL version': '2.27.3',
  }));

test('what NCCL says among its lines is read too', () => {
  const nccl = 'dgx-42:278:278 [0] NCCL INFO ';
  const text = `${SAMPLE}${nccl}NCCL_P2P_DISABLE set by environment to 1.\n${nccl}comm 0x55 rank 0 nranks 2 cudaDev 0 nvmlDev 0\n`;
  expect(recognise(text, [ncclLog, vllmLog])).toBe(vllmLog);
  expect(told(text)).toMatchObject({ 'NCCL warnings': 0, 'NCCL version': '2.27.3', 'NCCL ranks': 2, 'environment NCCL_P2P_DISABLE': '1' });
});

test('nothing names a model, a person, a place or a key', () =>
  expect(JSON.stringify(vllmLog.parse(SAMPLE, 'vllm.log').rows)).not.toMatch(/mallory|llama|10\.7\.3|sk-planted|dgx-42|cmpl-1/));

describe('lines of older versions', () => {
  test.each([
    [
      'V0',
      'INFO 12-24 10:00:00 llm_engine.py:234] Initializing an LLM engine (v0.6.4.post1) with config: tensor_parallel_size=8, max_seq_len=2048',
      { 'vLLM version': '0.6.4.post1', 'vLLM tensor_parallel_size': 8, 'vLLM max_model_len': 2048 },
    ],
    [
      'pending requests',
      'INFO 12-24 10:00:00 metrics.py:349] Running: 2 reqs, Swapped: 0 reqs, Pending: 98 reqs, GPU KV cache usage: 73.8%',
      { 'vLLM waiting_max': 98 },
    ],
    [
      'a cache that is too small',
      "ERROR 12-24 10:00:00 w.py:233] The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (86432).",
      { 'vLLM kv_cache_too_small': true },
    ],
    [
      'nothing wrong',
      'INFO 12-24 10:00:00 metrics.py:349] Running: 2 reqs',
      { 'vLLM out_of_memory': 0, 'vLLM nccl_errors': 0, 'vLLM preemptions': 0 },
    ],
  ])('%s', (_, line, expected) => expect(told(`${line}\n`)).toMatchObject(expected));
});
