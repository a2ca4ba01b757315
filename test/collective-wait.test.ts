import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runAnalysis } from '#app/analyze/run-analysis';
import { buildTrace, type SyntheticApiCall, type SyntheticCopy, type SyntheticKernel } from './synthetic-trace.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'collective wait '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const [US, MS] = [1000, 1e6];
const EPOCH = 1_795_311_000_000_000_000n;
const STEPS = 240;
const LATE = { step: 120, ns: 80 * MS };

/**
 * A server of two ranks on two GPUs: a step is a kernel of 1 ms and a collective on each, and rank 0 reads the result back.
 * @param name of the collective's kernel
 */
function writeServer(folder: string, name: string, late: number | undefined, ranks: readonly number[] = [0, 1]): void {
  mkdirSync(folder, { recursive: true });
  const kernels: SyntheticKernel[] = [];
  const copies: SyntheticCopy[] = [];
  const apiCalls: SyntheticApiCall[] = [];
  const results: number[] = [];
  const begins: number[] = [];
  let at = 10 * MS;
  for (let step = 0; step < STEPS; step++) {
    const entered = [0, 1].map(
      rank => at + (rank === late && step === LATE.step ? LATE.ns : 0) + 1.1 * MS + ((step * (rank + 3)) % 7) * US,
    );
    const end = Math.max(...entered) + 50 * US;
    for (const rank of ranks) {
      const own = { pid: 1000 + rank, device: rank };
      const launched = (entered[rank] ?? 0) - 1.05 * MS;
      const call = (correlation: number, called: string, start: number, stop = start + 5 * US) =>
        apiCalls.push({ pid: own.pid, tid: own.pid, name: called, correlation, start, end: stop });
      call(5 * step + 1, 'cudaLaunchKernel', launched - 20 * US);
      call(5 * step + 2, 'cudaLaunchKernel', launched - 10 * US);
      kernels.push({ ...own, correlation: 5 * step + 1, name: 'gemm', start: launched, end: launched + MS });
      kernels.push({ ...own, correlation: 5 * step + 2, name, start: entered[rank] ?? 0, end });
      if (rank === 0) {
        call(5 * step + 3, 'cudaMemcpyAsync', launched - 4 * US, launched - US);
        copies.push({ ...own, correlation: 5 * step + 3, bytes: 64, kind: 2, srcKind: 2, dstKind: 1, start: end + US, end: end + 3 * US });
      }
      call(5 * step + 4, 'cudaStreamSynchronize', launched + US, end + 4 * US);
    }
    begins.push(at);
    results.push(end + 4 * US);
    at = end + 10 * US;
  }
  buildTrace(join(folder, 'trace.sqlite'), {
    version: '3.20.3',
    epochNs: EPOCH,
    kernels,
    copies,
    apiCalls,
    osCalls: [{ pid: 1000, tid: 1000, name: 'sem_wait', start: 0, end: 5 * MS }],
  });
  const stamp = (ns: number | undefined) => EPOCH + BigInt(Math.round(ns ?? 0));
  const rows: string[] = [];
  for (let i = 2; i + 21 < STEPS; i += 4)
    rows.push(
      `{"id":${i},"arrival_ns":${stamp((begins[i] ?? 0) - 0.2 * MS)},"scheduled_ns":${stamp(begins[i])},"first_token_ns":${stamp(results[i])},` +
        `"finish_ns":${stamp((results[i + 20] ?? 0) + 20 * US)},"prompt_tokens":64,"output_tokens":21,"status":"ok"}`,
    );
  writeFileSync(join(folder, 'requests.jsonl'), `${rows.join('\n')}\n`);
}

const REDUCE = 'ncclDevKernel_AllReduce_Sum_bf16_RING_LL';
let made = 0;
async function analyzed(...[name, late, ranks]: readonly [string, number | undefined, (readonly number[])?]) {
  const folder = join(FOLDER, `${++made}`);
  writeServer(folder, name, late, ranks);
  return await runAnalysis(folder, {}, { requestsOffsetMs: undefined, zoneHours: undefined, alignAuto: false, pairs: [] }, () => {});
}

test('requests that wait in a collective for a late rank: the rank is named, with its own cause', async () => {
  const { books, causes, incidents, detectors } = await analyzed(REDUCE, 1);
  expect(books.parts[0]).toMatchObject({ cause: 'collective-wait' });
  expect(books.parts[0]?.share).toBeGreaterThan(0.95);
  expect(incidents.map(i => i.causes[0]?.cause)).toEqual(['collective-wait']);
  expect(causes.filter(c => c.cause === 'collective-wait')).toHaveLength(1);
  expect(causes[0]).toMatchObject({ cause: 'collective-wait', rank: 1, scope: 'incident' });
  expect(causes[0]?.subject).toMatch(/^rank 1 was late: host-compute \(/);
  expect(detectors.find(d => d.cause === 'collective-wait')?.verdict).toBe('found');
});

test('where the rank that serves is itself the late one, requests waited for its own cause; that it kept others waiting stands beside it', async () => {
  const { books, causes, incidents, detectors } = await analyzed(REDUCE, 0);
  expect(books.parts[0]).toMatchObject({ cause: 'host-compute' });
  expect(books.parts[0]?.share).toBeGreaterThan(0.95);
  expect(incidents.map(i => i.causes[0]?.cause)).toEqual(['host-compute']);
  expect(causes.map(c => [c.cause, c.scope])).toEqual([
    ['host-compute', 'incident'],
    ['collective-wait', 'chronic'],
  ]);
  expect(causes[1]?.subject).toMatch(/^rank 0, late 1 time: host-compute/);
  expect(detectors.find(d => d.cause === 'collective-wait')?.verdict).toBe('found');
});

test('a partner of sends and receives that is late beyond the scatter of all of them is a late rank too: all-to-alls are made of them', async () => {
  const { books, causes, collectives } = await analyzed('ncclDevKernel_SendRecv', 1);
  expect(books.parts[0]).toMatchObject({ cause: 'collective-wait' });
  expect(books.parts[0]?.share).toBeGreaterThan(0.95);
  // The comparison of all ranks leaves them out; the lane that waited shows it.
  expect(collectives?.late).toEqual([]);
  expect(causes.map(c => [c.cause, c.scope])).toEqual([['collective-wait', 'incident']]);
  expect(causes[0]?.subject).toMatch(/^GPU 1 was late: host-compute/);
});

test('partners of sends and receives that keep their times are no late ranks', async () => {
  const { books, causes } = await analyzed('ncclDevKernel_SendRecv', undefined);
  expect(books.parts.map(p => p.cause)).not.toContain('collective-wait');
  expect(causes.map(c => c.cause)).not.toContain('collective-wait');
});

test('without a late rank there is nothing to tell; with one rank alone it cannot be told', async () => {
  const verdictOf = (report: Awaited<ReturnType<typeof analyzed>>) => report.detectors.find(d => d.cause === 'collective-wait');
  expect(verdictOf(await analyzed(REDUCE, undefined))?.verdict).toBe('clear');
  expect(verdictOf(await analyzed(REDUCE, 1, [0]))).toMatchObject({
    verdict: 'cannot-tell',
    reason: 'of its collectives one rank alone was recorded',
  });
  expect(verdictOf(await analyzed('gemm2', 1, [0]))?.verdict).toBe('clear');
});
