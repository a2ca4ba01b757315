import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { History } from '#schema/history';
import { failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const root = mkdtempSync(join(tmpdir(), 'history '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Sixteen results of the load-testing guide's script: from the tenth on p99 is 15 % longer. */
function results(): string {
  for (let i = 0; i < 16; i++) {
    const noise = 1 + Math.sin(i * 2.7) / 60;
    const p99 = 150 * noise * (i >= 9 ? 1.15 : 1);
    const counts = {
      total_requests: 6000,
      completed_requests: 6000,
      tokens_generated: 720_000,
      elapsed: 60,
      tokens_per_sec: 12_000,
      actual_qps: 100,
    };
    writeFileSync(
      join(root, `run-${i}.json`),
      JSON.stringify({ ...counts, latency_p50_ms: 50 * noise, latency_p95_ms: 90 * noise, latency_p99_ms: p99 }),
    );
  }
  return root;
}
const of = async (...args: readonly string[]) => {
  const { code, stdout } = await runCli(['history', ...args, '--json']);
  return { code, ...History.parse(JSON.parse(stdout)) };
};

describe('forensics history', () => {
  test('finds since which run p99 is longer, and by how much', async () => {
    const found = await of(results(), '--fail-on-regression');
    expect(found.code).toBe(1);
    expect(found.changes).toHaveLength(1);
    expect(found.changes[0]).toMatchObject({ metric: 'e2e p99', direction: 'worse', index: 9, runs: [9, 7] });
    expect(found.changes[0]?.at.run).toContain('run-9.json');
    expect(found.changes[0]?.ratio).toBeCloseTo(1.15, 1);
  });
  test.each([
    ['too few runs', 'time,a\n2026-01-01,1\n2026-01-02,2\n', 'it takes 4'],
    ['a time that is none', 'time,a\nyesterday,1\n', 'line 2: its time is no date'],
    ['a row that is cut off', 'time,a,b\n2026-01-01,1\n', 'it has 2 cells, not 3'],
  ])('refuses %s in one sentence', async (name, text, words) => {
    writeFileSync(join(root, `${name}.csv`), text);
    expect(failureOf(await runCli(['history', join(root, `${name}.csv`)])).sentence).toContain(words);
  });
});

const OTAVA = join(SHARED, 'samples/otava/local_sample.csv');
sayWhatIsMissing('the history that Apache Otava documents was', OTAVA);
describe.skipIf(!existsSync(OTAVA))('the history that Apache Otava documents', () => {
  test('has the change that Otava finds, and no other', async () => {
    // Otava's documentation: metric2 changes by −12.9 % at the seventh run, metric1 does not.
    const found = await of(OTAVA);
    expect(found.changes.map(step => [step.metric, step.index, step.at.commit])).toEqual([['metric2', 6, 'aaa6']]);
    expect(found.changes[0]?.ratio).toBeCloseTo(1 - 0.129, 2);
  });
});
