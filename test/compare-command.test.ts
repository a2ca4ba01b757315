import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Comparison } from '#schema/comparison';
import { Baseline } from '#schema/run';
import { failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const root = mkdtempSync(join(tmpdir(), 'compare '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A result of the load-testing guide's script. */
function result(name: string, p99: number, tokensPerS: number): string {
  const file = join(root, name);
  const latencies = { latency_p50_ms: p99 / 3, latency_p95_ms: p99 / 1.4, latency_p99_ms: p99 };
  const counts = { total_requests: 6000, completed_requests: 6000, tokens_generated: Math.round(tokensPerS * 60), elapsed: 60 };
  writeFileSync(file, JSON.stringify({ ...counts, tokens_per_sec: tokensPerS, actual_qps: 100, ...latencies }));
  return file;
}
const NOISE = [1, 1.012, 0.991, 1.006, 0.996];
const side = (name: string, factor: number) =>
  NOISE.map((noise, i) => result(`${name}-${i}.json`, 150 * noise * factor * (1 + i / 1000), (12_000 / noise) * (1 + i / 2000)));
const [before, slower, alike] = [side('before', 1), side('slower', 1.12), side('alike', 1.001)];

const compared = async (...args: readonly string[]) => {
  const { code, stdout } = await runCli(['compare', ...args, '--json', '--fail-on-regression']);
  return { code, ...Comparison.parse(JSON.parse(stdout)) };
};

describe('forensics compare', () => {
  test('finds a p99 that is 12 % longer in five runs a side, and ends a gate with 1', async () => {
    const { code, stdout } = await runCli(['compare', '--fail-on-regression', ...before, '--', ...slower]);
    expect(code).toBe(1);
    expect(stdout.split('\n')[0]).toMatch(
      /^Regression: e2e p99 \+12\.\d % \(95 % interval \+1\d\.\d % to \+1\d\.\d %\), with a budget of 5\.0 %\.$/,
    );
  });
  test('without a gate it only says so', async () => expect((await runCli(['compare', ...before, '--', ...slower])).code).toBe(0));
  test('lets pass what stays within its budgets', async () => {
    expect(await compared(...before, '--budget', 'p99=5%', '--budget', 'tok/s=2%', '--', ...alike)).toMatchObject({
      code: 0,
      verdict: 'equivalent',
    });
  });
  test('has a code of its own for what cannot be judged', async () => {
    const found = await compared(before[0]!, '--', slower[0]!);
    expect(found).toMatchObject({ code: 3, verdict: 'not-evaluable' });
    expect(found.metrics.every(metric => metric.why === 'one-run')).toBe(true);
  });
  test('takes the first of two for the base without --', async () => {
    expect(await compared(before[0]!, slower[0]!)).toMatchObject({ base: [before[0]], candidate: [slower[0]] });
  });
  test('judges runs of unlike number as independent', async () => {
    expect(await compared(...before.slice(0, 4), '--', ...slower)).toMatchObject({ pairing: 'independent', verdict: 'regression' });
  });
  test('refuses a run that is named twice: noise would look small', async () => {
    const copy = join(root, 'copy.json');
    copyFileSync(before[0]!, copy);
    expect(failureOf(await runCli(['compare', before[0]!, copy, '--', slower[0]!])).sentence).toContain('are one run');
  });
  test.each([
    ['no candidate', () => [before[0]!], 'the runs to judge are missing'],
    ['no base', () => ['--', before[0]!], 'the runs to compare with are missing'],
    ['a file that is not there', () => ['nowhere.json', before[0]!], 'does not exist'],
    ['a file of samples', () => ['fixtures/clock-throttle/gpu.csv', before[0]!], 'tells of no run'],
    ['a baseline that is not there', () => ['baseline:none', '--baselines', root, '--', before[0]!], 'holds no baseline none'],
    ['a report of another version', () => [spoilt(), before[0]!], 'is not as this version writes it'],
  ])('refuses %s in one sentence', async (_, args, words) =>
    expect(failureOf(await runCli(['compare', ...args()])).sentence).toContain(words),
  );
  test('refuses a budget that is none, and names how one is written', async () => {
    const { code, stderr } = await runCli(['compare', '--budget', 'p99=5', ...before, '--', ...alike]);
    expect(code).toBe(2);
    expect(stderr).toContain('as in p99=5% or tok/s=2%');
  });
});

function spoilt(): string {
  const file = join(root, 'spoilt.json');
  writeFileSync(file, '{ "schema": "forensics.report/1", "answer": 7 }');
  return file;
}

describe('reports', () => {
  test('are compared by their latencies, causes and steps', async () => {
    const found = await compared('reports/clean/report.json', '--', 'reports/host-blocked/report.json');
    expect(found.causes[0]).toMatchObject({ cause: 'host-blocked', base_ms: 0 });
    expect(found.causes[0]?.candidate_ms).toBeGreaterThan(400);
    expect(found.metrics.map(m => m.metric)).toEqual(expect.arrayContaining(['e2e p99', 'step plain', 'tok/J']));
    expect(found.verdict).toBe('not-evaluable');
  });
});

describe('two traces', () => {
  test('without requests show the bubble, the iterations and the kernels that got slower', async () => {
    const found = await compared('fixtures/nccl-handoff/trace.sqlite.gz', 'fixtures/nccl-handoff/trace.sqlite.gz');
    expect(found.metrics.filter(m => m.judged).map(m => m.metric)).toEqual(expect.arrayContaining(['bubble']));
    // The same trace: nothing took longer.
    expect(found.kernels).toEqual([]);
    expect(found.metrics.every(m => m.ratio === null || m.ratio === 1)).toBe(true);
  });
});

describe('forensics baseline', () => {
  test('keeps runs that a comparison takes by their name, and nothing of their requests', async () => {
    const saved = await runCli(['baseline', 'save', 'main', ...before, '--baselines', root]);
    expect(saved).toMatchObject({ code: 0, stdout: `Wrote 5 runs to ${join(root, 'main.json')}\n` });
    expect(Baseline.parse(JSON.parse(readFileSync(join(root, 'main.json'), 'utf8'))).runs).toHaveLength(5);
    expect((await runCli(['baseline', 'list', '--baselines', root])).stdout.split('\n')).toContain('main');
    expect(await compared('baseline:main', '--baselines', root, '--', ...slower)).toMatchObject({ code: 1, pairing: 'paired' });
  });
  test('replaces none without --force, and takes no name that leads elsewhere', async () => {
    await runCli(['baseline', 'save', 'kept', before[0]!, '--baselines', root]);
    expect(failureOf(await runCli(['baseline', 'save', 'kept', before[1]!, '--baselines', root])).hint).toContain('--force');
    expect(failureOf(await runCli(['baseline', 'save', '../kept', before[1]!, '--baselines', root])).sentence).toContain(
      'cannot be the name',
    );
    expect(existsSync(join(root, '..', 'kept.json'))).toBe(false);
  });
});

const SAMPLES = join(SHARED, 'samples/loadtest');
sayWhatIsMissing('comparing results of other tools was', SAMPLES);
describe.skipIf(!existsSync(SAMPLES))('results of other tools', () => {
  test('of InferenceX: what was set otherwise is said', async () => {
    const of = (n: number) => join(SAMPLES, `inferencex_glm5_fp8_vllm_tp8_isl8192_osl128_conc${n}.json`);
    const found = await compared(of(4), of(16));
    expect(found.settings).toEqual([{ what: 'concurrency', base: ['4'], candidate: ['16'] }]);
    // The file says 82.7 and 115.3 tokens a second.
    expect(found.metrics.find(m => m.metric === 'tok/s')?.ratio).toBeCloseTo(1.394, 3);
  });
});
