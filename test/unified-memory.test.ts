import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { buildTrace, type SyntheticApiCall, type SyntheticCopy, type SyntheticKernel } from './synthetic-trace.ts';

const MS = 1e6;
const US = 1e3;
const STEPS = 400;
const SLOW_STEP = 250;
/** When the kernel of the slow step runs: 60 ms instead of one. */
const SLOW = { from: 10 * MS + SLOW_STEP * 1.5 * MS, length: 60 * MS };

/** A program of one kernel and one copy of results a step, whose kernel takes 60 ms once; pages of managed memory move in [from, to). */
async function told(from?: number, to?: number, kind?: 'faults' | 'program') {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'trace.sqlite');
  const kernels: SyntheticKernel[] = [];
  const copies: SyntheticCopy[] = [];
  const apiCalls: SyntheticApiCall[] = [];
  let at = 10 * MS;
  for (let i = 0; i < STEPS; i++) {
    const work = i === SLOW_STEP ? SLOW.length : MS;
    const call = (name: string, correlation: number, start: number, end: number) =>
      apiCalls.push({ pid: 1, tid: 1, name, correlation, start, end });
    call('cudaLaunchKernel', 2 * i + 1, at - 30 * US, at - 20 * US);
    kernels.push({ pid: 1, correlation: 2 * i + 1, name: 'gemm', start: at, end: at + work });
    call('cudaMemcpyAsync', 2 * i + 2, at - 15 * US, at - 10 * US);
    copies.push({
      pid: 1,
      correlation: 2 * i + 2,
      start: at + work + US,
      end: at + work + 3 * US,
      bytes: 64,
      kind: 2,
      srcKind: 2,
      dstKind: 1,
    });
    call('cudaStreamSynchronize', 9000 + i, at - 5 * US, at + work + 10 * US);
    at += work + 0.5 * MS;
  }
  buildTrace(path, {
    version: '3.20.3',
    epochNs: 1_795_311_000_000_000_000n,
    processes: [{ pid: 1, name: 'serve' }],
    kernels,
    copies,
    apiCalls,
  });
  if (from !== undefined && to !== undefined) {
    const db = new Database(path);
    db.exec(`CREATE TABLE CUDA_UM_GPU_PAGE_FAULT_EVENTS (start, "end", globalPid, deviceId, address, numberOfPageFaults, faultAccessType);
      CREATE TEMP TABLE page AS WITH RECURSIVE t(x) AS (SELECT ${from} UNION ALL SELECT x + 100000 FROM t WHERE x + 100000 < ${to}) SELECT x FROM t`);
    db.exec(
      kind === 'program'
        ? `INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY (start, "end", deviceId, contextId, streamId, correlationId, globalPid, bytes, copyKind, migrationCause)
           SELECT x, x + 100000, 0, 1, 0, 0, (SELECT globalPid FROM CUPTI_ACTIVITY_KIND_KERNEL LIMIT 1), 65536, 11, 1 FROM page`
        : `INSERT INTO CUDA_UM_GPU_PAGE_FAULT_EVENTS SELECT x, x + 100000, (SELECT globalPid FROM CUPTI_ACTIVITY_KIND_KERNEL LIMIT 1), 0, x, 3, 1 FROM page`,
    );
    db.close();
  }
  const report = await runAnalysis(path, {}, NO_CORRECTION, () => {});
  return {
    causes: report.incidents.map(i => i.causes.map(c => ({ cause: c.cause, subject: c.subject }))),
    verdict: report.detectors.find(d => d.cause === 'unified-memory')?.verdict,
    evidence: report.incidents.flatMap(i => i.evidence.map(e => e.query)),
  };
}

test('a kernel that took long while it waited for pages was slow because of that, and the faults are shown', async () => {
  const { causes, verdict, evidence } = await told(SLOW.from, SLOW.from + SLOW.length);
  expect(causes).toHaveLength(1);
  expect(causes[0]?.[0]).toMatchObject({ cause: 'unified-memory', subject: expect.stringMatching(/^\d+ page faults on managed memory$/) });
  expect(verdict).toBe('found');
  expect(evidence).toContain('managed_memory');
});
test('without records of page faults nobody can tell', async () => {
  const { causes, verdict } = await told();
  expect(causes.flat().map(c => c.cause)).not.toContain('unified-memory');
  expect(verdict).toBe('cannot-tell');
});
test('faults at another time, however dense, are no cause', async () => {
  const { causes, verdict } = await told(100 * MS, 300 * MS);
  expect(causes.flat().map(c => c.cause)).not.toContain('unified-memory');
  expect(verdict).toBe('clear');
});
test('a prefetch that the program made at that time is none', async () =>
  expect((await told(SLOW.from, SLOW.from + SLOW.length, 'program')).causes.flat().map(c => c.cause)).not.toContain('unified-memory'));
