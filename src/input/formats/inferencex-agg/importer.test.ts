import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import inferencexAgg from './importer.ts';

/** Invented values in the layout of published results. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => inferencexAgg.parse(text, 'agg.json');
const changed = (fields: object) => parse(JSON.stringify({ ...JSON.parse(SAMPLE), ...fields }));

test('tokens of one GPU become those of all; seconds become ms', () => {
  const [row] = parse(SAMPLE).rows;
  expect(row).toMatchObject({
    label: 'h200, vllm, fp8',
    model: 'm/small',
    concurrency: 4,
    gpus: 8,
    output_tokens_per_s: 226,
    total_tokens_per_s: 452,
  });
  expect(row?.latency).toContainEqual({ metric: 'ttft', statistic: 'percentile', q: 0.999, lower_ms: 750, upper_ms: 750, n: null });
  expect(row?.latency).toHaveLength(8);
  expect(parse(SAMPLE).limits.at(-1)).toBe('In the file, but not read: input_tput_per_gpu, mean_intvty.');
});

test.each([{ is_multinode: true }, { disagg: true }, { tp: null }])(
  'with %j the number of GPUs is not known, so neither are all tokens',
  fields => {
    const { rows, limits } = changed(fields);
    expect(rows[0]).toMatchObject({ gpus: null, output_tokens_per_s: null, total_tokens_per_s: null });
    expect(limits.join(' ')).toContain('does not say for how many');
  },
);

describe('agentic scenarios', () => {
  const agentic = (completed: number, ttft: object) =>
    changed({
      num_requests_successful: completed,
      request_accounting: { records_error_dropped: 2 },
      request_metrics: {
        latency: { ttft, itl: ttft },
        throughput: { output: { tokens_per_second: 164 }, total: { tokens_per_second: 19382 }, duration_seconds: 3543.5 },
      },
    });
  test('are nested', () =>
    expect(agentic(667, { mean: 9.5, p95: 24 }).rows[0]).toMatchObject({
      completed: 667,
      failed: 2,
      duration_s: 3543.5,
      output_tokens_per_s: 164,
      latency: [
        { metric: 'ttft', statistic: 'mean', lower_ms: 9500, n: 667 },
        { metric: 'ttft', q: 0.95, lower_ms: 24_000 },
      ],
    }));
  test('without a success have no latency', () => expect(agentic(0, { mean: 0 }).rows[0]?.latency).toEqual([]));
});

test.each([
  ['a wrong type', SAMPLE.replace('56.5', '"fast"'), 'agg.json, field tput_per_gpu: "fast"'],
  ['a part', SAMPLE.slice(0, 200), 'agg.json: it is not a whole JSON document'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
