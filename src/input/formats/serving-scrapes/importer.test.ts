import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import prometheusVllm from '../prometheus-vllm/importer.ts';
import servingScrapes from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.prom', import.meta.url), 'utf8');
const parse = (text: string) => servingScrapes.parse(text, 'm.prom');
const told = (text: string) => parse(text).rows.map(row => `${row.t_ms} ${row.entity}: ${row.metric} ${row.value} ${row.nature}`);

describe('what it reads', () => {
  test('counters, and gauges of how full the engine is, at the time of each scrape; no parts of histograms', () => {
    expect(told(SAMPLE)).toEqual([
      '0 engine 0: vllm:num_requests_running 12 gauge',
      '0 engine 0: vllm:kv_cache_usage_perc 0.97 gauge',
      '0 engine 0: vllm:num_preemptions_total 3 counter',
      '0 engine 0: vllm:request_success_total{stop} 550 counter',
      '0 engine 0: vllm:request_success_total{length} 50 counter',
      '250 engine 0: vllm:num_requests_running 11 gauge',
      '250 engine 0: vllm:kv_cache_usage_perc 0.99 gauge',
      '250 engine 0: vllm:num_preemptions_total 5 counter',
      '250 engine 0: vllm:request_success_total{stop} 551 counter',
      '250 engine 0: vllm:request_success_total{length} 50 counter',
    ]);
    expect(parse(SAMPLE)).toMatchObject({ kind: 'samples', clock: { kind: 'epoch' }, warnings: [] });
  });
  test('SGLang’s counters of retracted requests, of ranks and of a single engine', () => {
    const text = `# 2026-11-22T01:48:26Z\nsglang:num_retracted_requests_total{dp_rank="1"} 4\nsglang:token_usage 0.9\nprocess_cpu_seconds_total 7\n`;
    expect(told(text)).toEqual(['0 engine 1: sglang:num_retracted_requests_total 4 counter', '0 engine: sglang:token_usage 0.9 gauge']);
  });
  test('a time in the line itself wins; what is no number is missing', () => {
    const text = '# 2026-11-22T01:48:26Z\nvllm:num_preemptions_total 4 1795312106337\nvllm:kv_cache_usage_perc NaN\n';
    expect(parse(text).origin_ns).toBe(1795312106337000000n);
    expect(parse(text).rows).toHaveLength(1);
  });
  test('one scrape without a time is a summary, and not this', () => {
    const untimed = SAMPLE.split('\n').slice(1, 13).join('\n');
    expect([servingScrapes.sniff(untimed), prometheusVllm.sniff(untimed)]).toEqual([false, true]);
    expect([servingScrapes.sniff(SAMPLE), prometheusVllm.sniff(SAMPLE)]).toEqual([true, false]);
  });
});

describe('what it refuses', () => {
  test.each([
    [
      'a line that is no sample',
      '# 2026-11-22T01:48:26Z\nvllm:num_preemptions_total\n',
      'm.prom, line 2: "vllm:num_preemptions_total" is no sample of the Prometheus text format',
    ],
    [
      'a sample before the first time',
      'vllm:num_preemptions_total 1\n# 2026-11-22T01:48:26Z\n',
      'm.prom, line 1: a sample stands before the first time',
    ],
    ['nothing of an engine', '# 2026-11-22T01:48:26Z\nprocess_cpu_seconds_total 7\n', 'the file holds nothing that can be used'],
  ])('%s', (_, text, message) => expect(() => parse(text)).toThrow(message));
});

test('TGI and TensorRT-LLM have counters and gauges of their own names', () => {
  const text =
    '# 2026-11-22T10:15:00Z\ntgi_request_success{method="generate"} 5\ntgi_queue_size 2\ntrtllm_request_success_total 7\ntrtllm_kv_cache_utilization 0.5\n';
  expect(servingScrapes.sniff(text)).toBe(true);
  expect(servingScrapes.parse(text, 's.prom').rows.map(row => [row.metric, row.nature, row.value])).toEqual([
    ['tgi_request_success', 'counter', 5],
    ['tgi_queue_size', 'gauge', 2],
    ['trtllm_request_success_total', 'counter', 7],
    ['trtllm_kv_cache_utilization', 'gauge', 0.5],
  ]);
});
