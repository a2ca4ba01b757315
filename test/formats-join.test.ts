import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { ClockOptions } from '#diagnosis/clock/clock';
import nativeRequests from '#input/formats/native-requests/importer';
import type { RequestRow } from '#schema/relation';
import type { Report } from '#schema/report';
import { reportOn } from './report-on.ts';
import { some } from './thorough.ts';

/** One real load test, written as other tools would have written it: whatever the format, the report must say the same. */
const FOLDER = resolve(import.meta.dirname, '../fixtures/host-compute');
const TRACE = join(FOLDER, 'trace.sqlite.gz');
const BESIDE = { gpu: [join(FOLDER, 'gpu.csv')], host: [join(FOLDER, 'host.csv')] };
const series = nativeRequests.parse(readFileSync(join(FOLDER, 'requests.jsonl'), 'utf8'), 'requests.jsonl');
const done = series.rows.filter(r => r.status === 'ok');
const epochNs = (ms: number | null) => series.origin_ns + BigInt(Math.round((ms ?? 0) * 1e6));
const seconds = (ms: number) => ms / 1000;
/** The host had been up for some days; its monotonic clock at the first arrival. */
const UP_NS = 353_399_730_000_000n;

const aiperf = (r: RequestRow) =>
  `{"metadata": {"x_request_id": "${r.id}", "benchmark_phase": "profiling", "request_start_ns": ${epochNs(r.arrival_ms)}, "request_ack_ns": ${epochNs(r.arrival_ms)}, "request_end_ns": ${epochNs(r.finish_ms)}, "was_cancelled": false}, "metrics": ${JSON.stringify(
    {
      time_to_first_token: { value: (r.first_token_ms ?? 0) - r.arrival_ms, unit: 'ms' },
      inter_chunk_latency: { value: r.itl_ms === null ? null : [...r.itl_ms], unit: 'ms' },
      output_sequence_length: { value: r.output_tokens, unit: 'tokens' },
      input_sequence_length: { value: r.prompt_tokens, unit: 'tokens' },
    },
  )}, "error": null}`;

const vllm = () =>
  JSON.stringify({
    date: '20261122-010000',
    endpoint_type: 'openai',
    backend: 'vllm',
    model_id: 'm',
    tokenizer_id: 'm',
    num_prompts: done.length,
    request_rate: 20,
    burstiness: 1,
    max_concurrency: null,
    duration: 2,
    completed: done.length,
    failed: 0,
    total_input_tokens: done.reduce((s, r) => s + (r.prompt_tokens ?? 0), 0),
    total_output_tokens: done.reduce((s, r) => s + (r.output_tokens ?? 0), 0),
    input_lens: done.map(r => r.prompt_tokens),
    output_lens: done.map(r => r.output_tokens),
    ttfts: done.map(r => seconds((r.first_token_ms ?? 0) - r.arrival_ms)),
    itls: done.map(r => Array.from(r.itl_ms ?? [], seconds)),
    start_times: done.map(r => Number(UP_NS) / 1e9 + seconds(r.arrival_ms)),
    generated_texts: done.map(() => ''),
    errors: done.map(() => ''),
  });

const k6 = (r: RequestRow) =>
  JSON.stringify({
    type: 'Point',
    metric: 'http_req_duration',
    data: {
      time: `${new Date(Number(epochNs(r.finish_ms) / 1_000_000n)).toISOString().slice(0, -1)}${String(epochNs(r.finish_ms) % 1_000_000n).padStart(6, '0')}Z`,
      value: (r.finish_ms ?? 0) - r.arrival_ms,
      tags: { status: '200', expected_response: 'true', method: 'POST', url: 'http://x/', scenario: 'default' },
    },
  });

const scratch = mkdtempSync(join(tmpdir(), 'forensics-formats-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const analyzed = (name: string, text: string, clock: Partial<ClockOptions> = {}): Promise<Report> => {
  writeFileSync(join(scratch, name), text);
  return runAnalysis(TRACE, { requests: join(scratch, name), ...BESIDE }, { ...NO_CORRECTION, ...clock }, () => {});
};
const told = (report: Report) => report.incidents.map(i => ({ cause: i.causes[0]?.cause, start: Math.round(i.start_ms / 5) }));
const pair = { epoch_ns: String(series.origin_ns), monotonic_ns: String(UP_NS), uncertainty_ns: 1000 };

describe('the same load test', { timeout: 60_000 }, () => {
  let native: Report;
  beforeAll(async () => {
    native = await reportOn(FOLDER);
  });
  const formats: readonly [string, string, string, Partial<ClockOptions>][] = [
    ['AIPerf, with epoch times', 'profile_export.jsonl', done.map(aiperf).join('\n'), {}],
    ['vLLM bench serve, with the clocks of the host', 'vllm.json', vllm(), { pairs: [pair] }],
    ['vLLM bench serve, placed by its tokens', 'vllm-auto.json', vllm(), { alignAuto: true }],
  ];
  test.each(some(formats, 2, 'formats of one load test'))('written by %s, gives the same incidents', async (_, name, text, clock) => {
    const report = await analyzed(name, `${text}\n`, clock);
    expect(told(report)).toEqual(told(native));
    expect(report.incidents.length).toBeGreaterThan(0);
    const p99 = (r: Report) => r.latency.find(l => l.metric === 'e2e')?.p99_ms ?? 0;
    expect(Math.abs(p99(report) - p99(native))).toBeLessThan(2);
  });

  test('written by k6, without tokens, still names the cause', async () => {
    const report = await analyzed('k6.json', `${done.map(k6).join('\n')}\n`);
    expect(report.causes[0]?.cause).toBe(native.causes[0]?.cause);
  });

  test('on a clock that nothing ties to the trace is refused, with what to do', async () => {
    await expect(analyzed('vllm.json', vllm())).rejects.toMatchObject({
      code: 'clock-mismatch',
      hint: expect.stringContaining('--align auto'),
    });
  });
});
