import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Report } from '#schema/report';
import { runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'pipeline-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const TRACE = new URL('../fixtures/handoff-exposed/trace.sqlite.gz', import.meta.url).pathname;

async function compared(name: string, ...options: readonly string[]) {
  const out = join(root, name);
  const { code, stdout, stderr } = await runCli(['pipeline', TRACE, ...options, '--out', out]);
  expect(code, stderr).toBe(0);
  const { pipeline, answer } = Report.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  return { verdict: stdout.split('\n')[1], comparison: pipeline?.comparison ?? [], answer };
}

test('the schedules of one trace are compared with one another, each pair with its speed-up', async () => {
  const { verdict, comparison, answer } = await compared('schedules', '--compare-schedules');
  expect(verdict).toBe('Among the schedules of this run no difference in speed is sure.');
  expect(comparison.map(c => [c.before, c.after])).toEqual([
    ['gpipe', '1f1b'],
    ['gpipe', 'interleaved'],
    ['1f1b', 'interleaved'],
  ]);
  expect(answer).toMatch(/^- GPipe → 1F1B: \d\.\d{3} times as fast/m);
});

test('a run is compared with one before, schedule by schedule: with itself it is as fast', async () => {
  const { verdict, comparison } = await compared('before', '--compare', TRACE);
  expect(verdict).toBe('Against the run before, no difference in speed is sure.');
  expect(comparison).toHaveLength(3);
  for (const { speedup, bubble_share } of comparison) {
    expect(speedup).toBe(1);
    expect(bubble_share[0]).toBe(bubble_share[1]);
  }
});

test('both at once are refused', async () =>
  expect((await runCli(['pipeline', TRACE, '--compare-schedules', '--compare', TRACE])).stderr).toMatch(/cannot be used with/));
