import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { examineTrace } from '#app/doctor/examine';
import { reportPipeline } from '#app/pipeline/report-pipeline';
import { askTrace } from '#app/query/ask-trace';
import { redactCopy } from '#app/redact/redact-copy';
import type { Report } from '#schema/report';
import { reportOn } from '#test/report-on';
import { SHARED, sayWhatIsMissing } from '#test/shared-files';
import { convertKineto } from '#trace/kineto/convert';
import { TraceStore } from '#trace/nsys/trace-store';
import { readTrace } from '#trace/opened-trace';
import { kinetoOf } from './write-kineto.ts';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');
const folder = mkdtempSync(join(tmpdir(), 'kineto-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const own = (name: string) => join(import.meta.dirname, name);
const stop = new AbortController().signal;

/** A fixture's one process as PyTorch's profiler would have written it. */
async function written(fixture: string, pid: number, base?: bigint): Promise<string> {
  const store = await TraceStore.open(join(FIXTURES, fixture, 'trace.sqlite.gz'));
  try {
    return kinetoOf(store, { pid, base });
  } finally {
    store.close();
  }
}

async function openJson(name: string, json: string): Promise<TraceStore> {
  writeFileSync(at(`${name}.json`), json);
  convertKineto(at(`${name}.json`), at(`${name}.sqlite`), `${name}.json`);
  return TraceStore.open(at(`${name}.sqlite`));
}

describe('a fixture, written as PyTorch’s profiler would have', () => {
  const base = 1_790_857_026_000_000_000n;
  const asked = {
    kernels:
      'SELECT k.name, full.name AS full, device_id, stream_id, correlation_id, grid_x, grid_yz, block, end_ns - start_ns AS ns FROM kernel AS k LEFT JOIN name AS full ON full.name_id = k.full_name_id ORDER BY start_ns, correlation_id',
    copies: 'SELECT bytes, copy_kind, src_kind, dst_kind, device_id, end_ns - start_ns AS ns FROM memcpy ORDER BY start_ns',
    fills: 'SELECT bytes, mem_kind, device_id, end_ns - start_ns AS ns FROM memset ORDER BY start_ns',
    ranges: 'SELECT name, thread_id, end_ns - start_ns AS ns FROM nvtx_range ORDER BY start_ns, ns, name',
  };
  const epochOf = (store: TraceStore) =>
    store.run('SELECT (SELECT epoch_s * 1000000000 + epoch_ns FROM session) + min(start_ns) AS first FROM kernel', 1).rows;
  test.each([
    ['times count from a base', 'openai-load', 557, base],
    ['times count from 1970, as before PyTorch 2.4', 'openai-load', 557, undefined],
    ['one process uses two GPUs', 'handoff-exposed', 970, base],
  ])('has the same rows, to the nanosecond, at the same moment: %s', async (_, fixture, pid, from) => {
    const nsys = await TraceStore.open(join(FIXTURES, fixture, 'trace.sqlite.gz'));
    const kineto = await openJson(`same-${from}-${fixture}`, await written(fixture, pid, from));
    for (const sql of Object.values(asked)) expect(kineto.run(sql, 1e6).rows).toEqual(nsys.run(sql, 1e6).rows);
    expect(epochOf(kineto)).toEqual(epochOf(nsys));
    const [a, b] = [readTrace(nsys), readTrace(kineto)];
    expect(b.ops.n).toBe(a.ops.n);
    expect(kineto.damaged()).toEqual([]);
    nsys.close();
    kineto.close();
  });

  describe('is analyzed with its requests', () => {
    let [nsys, kineto] = [undefined, undefined] as unknown as [Report, Report];
    beforeAll(async () => {
      nsys = await reportOn('openai-load');
      writeFileSync(at('trace.json.gz'), gzipSync(await written('openai-load', 557, base)));
      const requests = join(FIXTURES, 'openai-load', 'requests.jsonl');
      kineto = await runAnalysis(at('trace.json.gz'), { requests }, NO_CORRECTION, () => {});
    });
    test('with the same latencies, laid over it by the clock', () => {
      expect(kineto.latency).toEqual(nsys.latency);
      expect(kineto.clock.method).toBe(nsys.clock.method);
    });
    test('with the same time busy on each GPU', () =>
      expect(kineto.devices.map(d => [d.device, d.busy_ms])).toEqual(nsys.devices.map(d => [d.device, d.busy_ms])));
    test('and says what it cannot tell: no call into the operating system is in it', () => {
      const of = (id: string) => kineto.detectors.find(d => d.cause === id);
      expect(of('host-blocked')).toMatchObject({ verdict: 'cannot-tell' });
      expect(JSON.stringify(of('host-blocked'))).toContain("PyTorch's profiler records no calls into the operating system");
      expect(JSON.stringify(kineto.capabilities)).not.toContain('-t osrt');
    });
    test('and the report names the writer', () =>
      expect(kineto.inputs[0]).toMatchObject({ format: 'kineto-json', written_by: 'PyTorch profiler (version not told), schema 1' }));
  });
});

describe('traces of two ranks that PyTorch 2.11 wrote on two H200s', () => {
  const ranks = [0, 1].map(r => own(`rank${r}.pt.trace.json.gz`));
  test('show the rank that slept for 20 ms before the fifth all-reduce', async () => {
    const report = await reportPipeline({ paths: ranks, before: undefined, nvtx: [], env: {} }, () => {});
    const sleep = report.collectives?.late.find(l => l.cause === 'host-compute');
    expect(sleep).toMatchObject({ rank: 'rank 1', count: 1 });
    expect(sleep?.wait_ms).toBeGreaterThan(20);
    expect(sleep?.wait_ms).toBeLessThan(21);
    expect(report.collectives?.matched_by).toMatch(/^communicator/);
  });
  test('say which messages their collectives had, by communicators that are the same on both', async () => {
    const calls = [];
    for (const [r, rank] of ranks.entries()) {
      const store = await openJson(`rank${r}`, gunzipSync(readFileSync(rank)).toString());
      calls.push(store.run('SELECT communicator_high, communicator_low, bytes FROM nccl_call', 100).rows);
      store.close();
    }
    expect(calls[0]).toHaveLength(8);
    expect(calls[0]).toEqual(calls[1]);
    expect(calls[0]?.[0]).toMatchObject({ bytes: 4n * 1024n * 1024n });
  });
  test('answer questions by hand', async () => {
    const job = { trace: ranks[0]!, limit: 5, kind: 'sql', sql: 'SELECT count(*) AS n FROM collective' } as const;
    const answer = await askTrace(job, 60, { env: process.env, progress: () => {} }, stop);
    expect(answer).toMatchObject({ kind: 'rows', rows: [{ n: 8n }] });
  });
  test('doctor says what can be told, and what nsys would add', async () => {
    const { writtenBy, warning, capabilities } = await examineTrace(ranks[0]!, {}, () => {});
    expect([writtenBy, warning]).toEqual(['PyTorch profiler (version not told), schema 1', undefined]);
    expect(capabilities.filter(c => c.available).map(c => c.what)).toContain('what the GPU ran, and when it was idle');
    expect(capabilities.find(c => c.what === 'when a thread was on a CPU')?.why).toMatch(/To get it: record with nsys/);
  });
  test('a folder of them is the traces of one run, and one of its own is found beside other files', async () => {
    const run = mkdtempSync(join(folder, 'run-'));
    for (const rank of ranks) copyFileSync(rank, join(run, rank.split('/').at(-1) ?? ''));
    const report = await reportPipeline({ paths: [run], before: undefined, nvtx: [], env: {} }, () => {});
    expect(report.inputs.map(i => i.path)).toEqual(['rank0.pt.trace.json.gz', 'rank1.pt.trace.json.gz']);
  });
  test('no copy without what is private is made of them', async () => {
    await expect(redactCopy({ trace: ranks[0]!, out: at('x.sqlite'), keepEnv: [] }, () => {}, stop, {})).rejects.toThrow(
      /is a trace of PyTorch's profiler, of which no copy/,
    );
  });
});

const REAL = resolve(SHARED, 'samples/kineto');
sayWhatIsMissing('traces that others published were', REAL);
/** Counted in Python, from the text, with decimal numbers: kernels, their ns, copies, CUDA calls, ranges. */
const COUNTED: Readonly<Record<string, readonly number[]>> = existsSync(join(REAL, 'counted.json'))
  ? (JSON.parse(readFileSync(join(REAL, 'counted.json'), 'utf8')) as Record<string, number[]>)
  : {};
describe.skipIf(!existsSync(REAL))('traces that others published', () => {
  const files = existsSync(REAL) ? readdirSync(REAL).filter(f => f in COUNTED) : [];
  test.each(files)('%s holds what was counted in it', async file => {
    const store = await openJson(file, gunzipSync(readFileSync(join(REAL, file))).toString());
    const count = (relation: string) => store.run(`SELECT count(*) AS n FROM ${relation}`, 1).rows[0]?.['n'];
    const ns = store.run('SELECT coalesce(sum(end_ns - start_ns), 0) AS ns FROM kernel', 1).rows[0]?.['ns'];
    expect([count('kernel'), ns, count('memcpy'), count('api_call'), count('nvtx_range')].map(Number)).toEqual(COUNTED[file]);
    store.close();
  });
});
