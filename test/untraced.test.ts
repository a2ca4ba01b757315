import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { Truth } from '#app/score/truth';
import type { Report } from '#schema/report';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';
import { THOROUGH } from './thorough.ts';
import { beside, untraced, writeRepeated } from './untraced-run.ts';

const CAPTURES = join(SHARED, 'captures');
sayWhatIsMissing('captures without their traces were', CAPTURES);

const root = mkdtempSync(join(tmpdir(), 'forensics-untraced-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const verdictOf = (report: Report, cause: string) => report.detectors.find(d => d.cause === cause)?.verdict;
const named = (report: Report) => report.causes.map(c => c.cause);

describe('a clean run without its trace', () => {
  let report: Report;
  beforeAll(async () => {
    report = await untraced('clean');
  });
  test('accuses nobody', () => {
    expect([report.incidents, named(report), report.requests?.slow]).toEqual([[], [], 0]);
    expect(report.summary.verdict).toMatch(/nothing was found that held requests up/);
    expect(report.summary.healthy).toBe(false);
  });
  test('clears what telemetry shows, and leaves open what only a trace does', () => {
    expect([verdictOf(report, 'paging'), verdictOf(report, 'storage-io'), verdictOf(report, 'clock-throttle')]).toEqual([
      'clear',
      'clear',
      'clear',
    ]);
    for (const cause of ['host-compute', 'host-blocked', 'blocking-copy', 'gpu-contention', 'device-sync', 'code-load'])
      expect(verdictOf(report, cause)).toBe('cannot-tell');
    expect(report.cannot_tell.join(' ')).toMatch(/no trace was given, and only one would show it/);
  });
  test('has no device, no trace among its inputs, and nothing that rests on one', () => {
    expect(report.devices).toEqual([]);
    expect(report.inputs.map(i => i.kind)).toEqual(['requests', 'gpu', 'host']);
    expect(report.grounds.find(g => g.need === 'kernel')?.available).toBe(false);
    expect(report.statements.flatMap(s => s.needs)).not.toContain('kernel');
  });
  test('has its energy and its latencies', () => {
    expect(report.energy?.totals[0]?.valid).toBe(true);
    expect(report.latency.map(l => l.metric)).toEqual(['e2e', 'ttft', 'tpot', 'itl']);
  });
});

describe('what telemetry shows', () => {
  test('of a sync of files: the disks, where tokens stood still', async () => {
    const report = await untraced('storage-io');
    expect(named(report)).toEqual(['storage-io']);
    expect(report.causes[0]).toMatchObject({ confidence: 'low', subject: expect.stringMatching(/waited for a disk/) });
  });
  test('of page faults that came once: what was seen, and no accusation', async () => {
    const report = await untraced('paging');
    expect([named(report), verdictOf(report, 'paging')]).toEqual([[], 'cannot-tell']);
    expect(report.incidents[0]?.causes[0]).toMatchObject({ cause: 'unexplained', subject: expect.stringMatching(/major page faults/) });
  });
  test('of page faults that come again and again: paging', async () => {
    const folder = join(root, 'again');
    writeRepeated('paging', folder, 6);
    const report = await runAnalysis(folder, {}, NO_CORRECTION, () => {});
    expect(named(report)).toEqual(['paging']);
    expect(report.causes[0]).toMatchObject({ confidence: 'medium', share: expect.closeTo(1, 1) });
    expect(report.incidents).toHaveLength(6);
  });
  test('of a burst of arrivals: a queue, whatever the clocks did', async () => {
    const report = await untraced('clock-throttle');
    expect(named(report)).toEqual(['queueing']);
    expect(verdictOf(report, 'clock-throttle')).toBe('cannot-tell');
  });
});

describe('any two of the three', () => {
  test('no host samples: what they would show is open', async () => {
    const report = await untraced('storage-io', ['host']);
    expect([named(report), verdictOf(report, 'storage-io')]).toEqual([[], 'cannot-tell']);
    expect(report.incidents).toHaveLength(1);
  });
  test('no load test: energy and telemetry, and nothing about requests', async () => {
    const report = await untraced('clean', ['requests']);
    expect([report.requests, report.causes, report.incidents]).toEqual([null, [], []]);
    expect(report.answer).toMatch(/how requests fared is not known/);
    expect(report.energy).not.toBeNull();
  });
  test.each([
    ['one', { gpu: beside('clean').gpu }, 'GPU samples alone'],
    ['none', {}, 'nothing beside it'],
  ])('%s is refused in a sentence', async (_, given, had) => {
    const refusal = { code: 'bad-argument', message: expect.stringContaining(`${had}: without a trace it takes two of a load test`) };
    await expect(runAnalysis(undefined, given, NO_CORRECTION, () => {})).rejects.toMatchObject(refusal);
  });
  test('what takes a trace is refused in a sentence', async () => {
    const run = (clock: Partial<typeof NO_CORRECTION>, extras = {}) =>
      runAnalysis(undefined, beside('clean'), { ...NO_CORRECTION, ...clock }, () => {}, extras);
    await expect(run({ alignAuto: true })).rejects.toThrow(/^--align auto matches .* there is none here$/);
    await expect(run({}, { withTrace: () => {} })).rejects.toThrow(/^--perfetto draws/);
    await expect(run({}, { stated: { tokensPerStep: 1 } })).rejects.toThrow(/there is none here/);
  });
});

describe.skipIf(!existsSync(CAPTURES))('captures without their traces', () => {
  const NEAR_MS = 100;
  const planted = [['cpu_stall'], ...(THOROUGH ? [['sync_copy'], ['noisy'], ['mixed1']] : [])];
  test.each(planted)('%s: each fault is an incident, and no cause that only a trace shows is named', async name => {
    const report = await untraced(join(CAPTURES, name));
    const truth = Truth.parse(JSON.parse(readFileSync(join(CAPTURES, name, 'truth.json'), 'utf8')));
    const begin = Number(BigInt(report.window.start_ns) / 1000n) / 1000;
    for (const fault of truth.faults) {
      const start = Number(fault.start_ns) / 1e6 - begin;
      expect(report.incidents.filter(i => i.start_ms < start + NEAR_MS && i.end_ms > start - NEAR_MS)).toHaveLength(1);
    }
    expect(named(report).filter(c => c !== 'queueing')).toEqual([]);
  });
  test('clean accuses nobody', async () => expect(named(await untraced(join(CAPTURES, 'clean')))).toEqual([]));
});
