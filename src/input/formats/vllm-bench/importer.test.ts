import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import vllmBench from './importer.ts';

/** Invented values in the layout of serve.py at main (November 2026); no real detailed file of a free licence was found. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => vllmBench.parse(text, 'v.json');
const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(SAMPLE));
const ARRAYS = ['input_lens', 'output_lens', 'ttfts', 'itls', 'start_times', 'generated_texts', 'errors'];
const without = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))));
const withFields = (more: Record<string, unknown>) => JSON.stringify({ ...fields, ...more });
const summary = (text: string) => {
  const series = parse(text);
  if (series.kind !== 'summary') throw new Error('not a summary');
  return series;
};

describe('detailed, with start times', () => {
  test('gives requests on the monotonic clock', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({ kind: 'requests', clock: { kind: 'monotonic' }, origin_ns: 353399_500000000n, warnings: [] });
    expect(series.rows[0]).toEqual({
      id: '1',
      intended_ms: null,
      arrival_ms: 0,
      scheduled_ms: null,
      first_token_ms: 125,
      finish_ms: 218.75,
      prompt_tokens: 10,
      output_tokens: 3,
      itl_ms: Float32Array.of(62.5, 31.25),
      status: 'ok',
    });
    expect(series.limits.join(' ')).toMatch(/CLOCK_MONOTONIC.*rate inf.*chunks.*No intended start/);
  });

  test('a failed request has no latency, though its arrays hold zeros', () =>
    expect(parse(SAMPLE).rows[2]).toMatchObject({
      arrival_ms: 500,
      first_token_ms: null,
      finish_ms: null,
      output_tokens: null,
      itl_ms: null,
      status: 'failed',
    }));

  test('latencies, where there are any, say when a request ended', () =>
    expect(parse(withFields({ latencies: [0.5, 0.5, 0, 1] })).rows[0]).toMatchObject({ finish_ms: 500 }));

  test('queue_times say when the schedule released a request', () => {
    const series = parse(withFields({ queue_times: [0, 0.125, -353400, 0.5] }));
    expect(series.rows).toMatchObject([{ intended_ms: 0 }, { intended_ms: 125 }, { intended_ms: null }, { intended_ms: 250 }]);
  });

  test('the fork of InferenceX anchors the clock, to the time that the test lasted longer than its requests', () => {
    // From the first start to the last chunk: 353400.25 + 0.875 - 353399.5 = 1.625 s of 1.75 s.
    const series = parse(withFields({ benchmark_start_time_unix: 1795342500.25, benchmark_end_time_unix: 1795342502 }));
    expect(series).toMatchObject({ origin_ns: 1795342500_250000000n, clock: { kind: 'epoch', uncertainty_ms: 125 } });
  });
});

describe('without start times', () => {
  test('durations give exact percentiles, of successes only', () => {
    const series = summary(without('start_times'));
    expect(series).toMatchObject({ clock: { kind: 'zoneless', uncertainty_ms: 1000 }, origin_ns: 1795342500_000000000n });
    const [row] = series.rows;
    expect(row).toMatchObject({ sent: 4, completed: 3, failed: 1, requested_rate: null, concurrency: 2, end_ms: 0 });
    expect(row?.latency).toContainEqual({ metric: 'ttft', statistic: 'percentile', q: 0.5, lower_ms: 250, upper_ms: 250, n: 3 });
    expect(row?.latency).toContainEqual({ metric: 'e2e', statistic: 'min', q: null, lower_ms: 218.75, upper_ms: 218.75, n: 3 });
    expect(series.limits.join(' ')).toMatch(/cannot be laid over a trace.*no zone.*p99 is the maximum/);
  });

  test('without --save-detailed the figures are those of the tool, a point in the name of a percentile included', () => {
    const series = summary(without(...ARRAYS));
    expect(series.limits.join(' ')).toContain('aggregates only');
    expect(series.rows[0]?.latency).toContainEqual({
      metric: 'ttft',
      statistic: 'percentile',
      q: 0.999,
      lower_ms: 499.5,
      upper_ms: 499.5,
      n: 3,
    });
    expect(series.rows[0]?.latency.filter(figure => figure.metric === 'e2e')).toEqual([]);
  });

  test('latencies that stay without --save-detailed are used, beside the figures of the tool', () => {
    const text = JSON.stringify({
      ...z.record(z.string(), z.unknown()).parse(JSON.parse(without(...ARRAYS))),
      latencies: [0.5, 0.25, 0, 1],
      queue_times: [0, 0.125, 0, 0],
    });
    const latency = summary(text).rows[0]?.latency ?? [];
    expect(latency).toContainEqual({ metric: 'e2e', statistic: 'max', q: null, lower_ms: 1000, upper_ms: 1000, n: 3 });
    expect(latency).toContainEqual({ metric: 'schedule_delay', statistic: 'max', q: null, lower_ms: 125, upper_ms: 125, n: 3 });
    expect(latency.filter(figure => figure.metric === 'ttft')).toHaveLength(5);
  });

  test('a run in which all requests failed has no latency, though its p99 is 0.0', () => {
    const series = summary(
      JSON.stringify({ ...z.record(z.string(), z.unknown()).parse(JSON.parse(without(...ARRAYS))), completed: 0, p99_ttft_ms: 0.0 }),
    );
    expect(series.rows[0]).toMatchObject({ completed: 0, latency: [] });
    expect(series.limits.join(' ')).toContain('No request succeeded');
  });
});

describe('several runs in one file (--append-result)', () => {
  const first = JSON.stringify({ ...z.record(z.string(), z.unknown()).parse(JSON.parse(without(...ARRAYS))), request_rate: 2 });
  const second = first
    .replace('20261122-101500', '20261122-101700')
    .replace('"request_rate":2', '"request_rate":4')
    .replace('"p99_ttft_ms":495', '"p99_ttft_ms":NaN');

  test('each is a row, at its place in time', () => {
    const series = summary(`${first}\n${second}`);
    expect(series.origin_ns).toBe(1795342500_000000000n);
    expect(series.rows).toMatchObject([
      { label: 'rate 2, concurrency 2', requested_rate: 2, end_ms: 0, completed: 3 },
      { label: 'rate 4, concurrency 2', requested_rate: 4, end_ms: 120_000 },
    ]);
    const p99 = series.rows.map(row => row.latency.find(figure => figure.metric === 'ttft' && figure.q === 0.99)?.lower_ms);
    expect(p99).toEqual([495, undefined]);
    expect(new Set(series.limits).size).toBe(series.limits.length);
  });

  test('a last one that is cut off is left out, and that is said', () => {
    const series = summary(`${first}\n${second.slice(0, -20)}`);
    expect(series.rows).toHaveLength(1);
    expect(series.warnings.join()).toContain('Line 2: the file ends in the middle of this record');
  });

  test('with start times they are refused: each is a series of its own', () =>
    expect(() => parse(`${JSON.stringify(fields)}\n${JSON.stringify(fields)}`)).toThrow('v.json, line 1: the file holds several runs'));

  test('a wrong one is named by its line', () =>
    expect(() => parse(`${first}\n${second.replace('"completed":3', '"completed":"three"')}`)).toThrow('v.json, line 2, field completed'));
});

describe('refusals', () => {
  test.each([
    ['a wrong type', withFields({ ttfts: [0.1, 'soon', 0, 0.5] }), 'v.json, field ttfts.1: "soon" is not what belongs here'],
    [
      'arrays of unequal length',
      withFields({ output_lens: [1, 2] }),
      'v.json, field output_lens: it has 2 entries, but there are 4 requests.',
    ],
    ['a negative duration', withFields({ itls: [[-1], [], [], []] }), 'v.json, field itls.0.0: -1 is not what belongs here'],
    ['no JSON', '{"num_prompts": ]', 'v.json: it is not a JSON document'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});

describe('a file of vLLM 0.5', () => {
  const old = (more: Record<string, unknown> = {}) =>
    JSON.stringify({
      ...{ backend: 'openai', tokenizer_id: 'm', model_id: 'm', num_prompts: 1, request_rate: 'inf', duration: 4, completed: 1 },
      ...{
        input_lens: [10],
        output_lens: [3],
        ttfts: [1],
        itls: [[1, 0.1, 0.1]],
        errors: [''],
        mean_ttft_ms: 1000,
        mean_tpot_ms: 100,
        ...more,
      },
    });
  test('has the time to the first token among those between tokens: it is left out there', () => {
    const { rows, warnings } = summary(old());
    const mean = (metric: string) => rows[0]?.latency.find(f => f.metric === metric && f.statistic === 'mean')?.lower_ms;
    expect([mean('e2e'), mean('tpot'), mean('itl')].map(ms => Math.round(ms ?? 0))).toEqual([1200, 100, 100]);
    expect(warnings.join()).toContain('the time to the first token stands among those between tokens too');
  });
  test('and one whose requests contradict its own means says so', () =>
    expect(summary(old({ mean_tpot_ms: 170 })).warnings.join()).toContain(
      'mean_tpot_ms contradicts the requests of the file, whose mean differs (170 against 100 ms)',
    ));
});
