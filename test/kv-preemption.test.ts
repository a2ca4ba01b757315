import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { Truth } from '#app/score/truth';

/** One step did far more work than this load asks for: a long prompt, or what a preempted request had. */
const FIXTURE = resolve(import.meta.dirname, '../fixtures/head-of-line');
const [fault] = Truth.parse(JSON.parse(readFileSync(join(FIXTURE, 'truth.json'), 'utf8'))).faults;
const BEGAN = BigInt(fault?.start_ns ?? 0);

/**
 * What is said of the fixture if the engine's metrics had been scraped every so many ms, and its count of preempted requests had risen by two `risen`
 * ms after the long step began.
 */
async function told(every: number, risen: number) {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(FIXTURE, folder, { recursive: true });
  const scrapes = Array.from({ length: 30 }, (_, i) => (i - 15) * every).map(ms => {
    const time = new Date(Number((BEGAN + BigInt(ms) * 1_000_000n) / 1_000_000n)).toISOString();
    return `# ${time}\nvllm:num_preemptions_total{engine="0"} ${ms >= risen ? 5 : 3}\n`;
  });
  writeFileSync(join(folder, 'metrics.prom'), scrapes.join(''));
  const report = await runAnalysis(folder, {}, NO_CORRECTION, () => {});
  return {
    first: report.incidents.map(i => i.causes[0]?.cause),
    subject: report.causes.find(c => c.cause === 'kv-preemption')?.subject,
    verdict: report.detectors.find(d => d.cause === 'kv-preemption')?.verdict,
  };
}

test('a long step while the engine counted preempted requests is what they had, computed again', async () => {
  expect(await told(100, 100)).toMatchObject({
    first: ['kv-preemption'],
    subject: expect.stringMatching(/^2 running requests preempted and computed again/),
    verdict: 'found',
  });
});
test('a count that rose at another time leaves the long step what it was', async () =>
  expect(await told(100, -900)).toEqual({ first: ['head-of-line'], subject: undefined, verdict: 'clear' }));
test('scrapes too far apart cannot tell', async () =>
  expect(await told(1500, 0)).toEqual({ first: ['head-of-line'], subject: undefined, verdict: 'cannot-tell' }));
