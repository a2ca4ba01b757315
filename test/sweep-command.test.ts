import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { Sweep } from '#schema/sweep';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'sweep '));
let server: MockServer;
beforeAll(async () => {
  assertBuilt();
  server = await startMock(MockScript.parse({ ttft_ms: 10, itl_ms: 2, slots: 4 }), 0);
}, PATIENCE);
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});
const written = (name: string, value: unknown): string => {
  writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value));
  return join(root, name);
};
const out = (name: string) => join(root, name);
async function swept(...args: readonly string[]): Promise<Sweep> {
  const { code, stdout, stderr } = await runCli(['sweep', ...args, '--json']);
  expect(code, stderr).toBe(0);
  return Sweep.parse(JSON.parse(stdout));
}

/** The tables of the second brief. */
const TABLES = written(
  'brief.md',
  `# Evidence

| Concurrency | Throughput (tok/s) |
|-------------|--------------------|
${[
  [1, 365.43],
  [16, 5941.8],
  [32, 10898.08],
  [64, 18745.13],
  [128, 29088.76],
  [256, 40503.24],
  [512, 47490.86],
  [1024, 50148.57],
  [2048, 51166.16],
  [4196, 51551.06],
]
  .map(([n, tok]) => `| ${n} | ${tok} |`)
  .join('\n')}

| Max Batch | Throughput (tok/s) | Gain |
|-----------|--------------------| --- |
| 16 | 2520.57 | Baseline
| 64 | 8927.50 | + 254%
| 256 | 25579.36 | + 186%
| 512 | 38077.25 | + 48%
| 2048 | 38248.70 | + 0.4%

| Dtype | Throughput | Analysis |
| :--- | :--- | :--- |
| float16 | 37,646 tok/s | Baseline |
| **bfloat16** | **37,810 tok/s** | **+0.4% (Preferred for Stability)** |
`,
);

describe('forensics sweep reads tables', () => {
  test('and finds the knee of both of the brief at 512', async () => {
    for (const [table, over] of [
      ['1', 'concurrency'],
      ['2', 'max batch'],
    ] as const)
      expect(await swept(TABLES, '--table', table, '--out', out(`table ${table}`))).toMatchObject({
        over,
        knee: { at: 512 },
        sweet_spot: { value: '512' },
      });
  });
  test('and says so first, in twelve lines at the most', async () => {
    const { stdout } = await runCli(['sweep', TABLES, '--table', '2', '--out', out('lines')]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('The knee is at max batch 512: 38,077 tok/s, 100 % of the most.');
    expect(lines[1]).toContain('The next, 2048 (×4), buys +0.5 % by one run of each, which tells no noise');
    expect(lines.length).toBeLessThanOrEqual(12);
  });
  test('and calls +0.4 % of one run of each precision no difference', async () => {
    const { answer, sweet_spot } = await swept(TABLES, '--table', '3', '--out', out('dtype'));
    expect(sweet_spot).toBeNull();
    expect(answer).toBe(
      'No difference between settings of dtype is shown. bfloat16 against float16: +0.4 % by one run of each, which tells no noise.',
    );
  });
  test('and asks which of several', async () =>
    expect(failureOf(await runCli(['sweep', TABLES])).sentence).toContain(
      'holds 3 tables of sweeps: 1 over concurrency (line 3), 2 over max batch (line 16), 3 over dtype (line 24)',
    ));
  test('and writes a page that needs nothing else, its charts, Markdown and JSON', async () => {
    await swept(TABLES, '--table', '1', '--out', out('page'));
    expect(readdirSync(out('page')).sort()).toEqual(['charts', 'sweep.html', 'sweep.json', 'sweep.md']);
    const page = readFileSync(join(out('page'), 'sweep.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(Sweep.parse(JSON.parse(readFileSync(join(out('page'), 'sweep.json'), 'utf8'))).usl?.peak).toBeCloseTo(2029.8, 0);
  });
});

/** A result of vllm bench serve. */
const bench = (name: string, over: Readonly<Record<string, unknown>>, tok: number, p99_ms = 100): string =>
  written(name, {
    ...{
      date: '20261130-120000',
      backend: 'vllm',
      model_id: 'm',
      tokenizer_id: 'm',
      num_prompts: 1000,
      request_rate: 'inf',
      burstiness: 1,
      max_concurrency: 8,
    },
    ...{ duration: 10, completed: 1000, failed: 0, total_input_tokens: 300_000, total_output_tokens: 10 * tok, request_throughput: 100 },
    ...{
      output_throughput: tok,
      total_token_throughput: 4 * tok,
      mean_ttft_ms: 20,
      p99_ttft_ms: 50,
      mean_e2el_ms: 50,
      p99_e2el_ms: p99_ms,
    },
    ...over,
  });

describe('forensics sweep reads results', () => {
  const files = () =>
    [1, 1.01, 0.99].flatMap((noise, k) =>
      (
        [
          [8, 800, 50],
          [16, 1500, 60],
          [32, 2600, 90],
          [64, 3000, 190],
          [128, 3100, 700],
        ] as const
      ).map(([n, tok, p99]) =>
        bench(
          `b${k}-${n}.json`,
          { max_concurrency: n, date: `2026113${k}-12${n % 60}00` },
          Math.round(tok * noise * (1 + 0.003 * ((n + k) % 3))),
          p99,
        ),
      ),
    );
  test('of repeated runs: knee with interval, law, objective, cost against an API, Pareto', async () => {
    const api = written('api.json', { schema: 'forensics.api-prices/1', models: [{ name: 'API', output_usd_per_million: 2 }] });
    const found = await swept(
      ...files(),
      '--slo',
      'e2e p99 < 200',
      '--gpu-hour-usd',
      '2',
      '--gpus',
      '4',
      '--api-prices',
      api,
      '--out',
      out('runs'),
    );
    expect(found.knee.at).toBe(32);
    expect(found.knee.interval?.[0]).toBeLessThanOrEqual(32);
    expect(found.usl?.alpha_ci).not.toBeNull();
    expect(found.slo).toMatchObject({ highest: '64', first_failing: '128' });
    // 4 GPUs at $2 an hour, over 3,600 × 3,100 tokens.
    expect(found.cost?.rows.at(-1)?.cost?.usd_per_million_tokens).toBeCloseTo((8 / (3600 * 3105)) * 1e6, 1);
    expect(found.cost?.rows[0]?.api[0]?.name).toBe('API');
    expect(found.pareto).toContain('32');
    expect(readdirSync(join(out('runs'), 'charts'))).toContain('pareto-cost.vl.json');
    expect(existsSync(join(out('runs'), 'cost_metrics.json'))).toBe(true);
  });
  test('whose setting the user says', async () => {
    const runs = [1000, 1010, 990].flatMap((tok, k) => [
      `fp16=${bench(`f${k}.json`, {}, tok)}`,
      `bf16=${bench(`g${k}.json`, {}, Math.round(tok * 1.2) + k)}`,
    ]);
    expect(await swept('--over', 'dtype', ...runs, '--out', out('words'))).toMatchObject({
      sweet_spot: { value: 'bf16' },
      steps: [{ verdict: 'gain' }],
    });
  });
  test('and refuses what is no sweep, in one sentence', async () => {
    const one = bench('one.json', {}, 100);
    expect(failureOf(await runCli(['sweep', one])).sentence).toContain('nothing was varied');
    const [a, b] = [
      bench('x.json', { max_concurrency: 1, request_rate: 3 }, 1),
      bench('y.json', { max_concurrency: 2, request_rate: 3 }, 2),
    ];
    const [c, d] = [
      bench('z.json', { max_concurrency: 1, request_rate: 4 }, 1),
      bench('w.json', { max_concurrency: 2, request_rate: 4 }, 2),
    ];
    expect(failureOf(await runCli(['sweep', a, b, c, d])).sentence).toContain('differ in rate too');
    expect(failureOf(await runCli(['sweep', one, '--slo', 'fast'])).sentence).toContain('fast is no limit');
    expect(failureOf(await runCli(['sweep'])).sentence).toContain('nothing is named');
    expect(failureOf(await runCli(['sweep', written('t.md', '| a | b |\n|---|---|\n| 1 | 2 |\n')])).sentence).toContain(
      'no table of a sweep',
    );
  });
});

describe('forensics sweep --plan', () => {
  const load = { duration_s: 0.4, prompt_tokens: '4', output_tokens: '3', drain_s: 2, generators: 1 };
  const plan = (name: string, more: object) =>
    written(name, { schema: 'forensics.sweep-plan/1', url: `http://127.0.0.1:${server.port}/v1/completions`, load, ...more });
  test('says what it would do, and does nothing', async () => {
    const { code, stdout } = await runCli([
      'sweep',
      '--plan',
      plan('dry.json', { over: 'concurrency', values: [1, 2], repeats: 2 }),
      '--dry-run',
      '--out',
      out('dry'),
    ]);
    expect([code, existsSync(out('dry'))]).toEqual([0, false]);
    expect(stdout).toContain('Goes over concurrency: 1, 2.');
    expect(stdout).toContain('4 runs');
  });
  test(
    'measures against a server, and what was interrupted is measured again, alone',
    async () => {
      const file = plan('go.json', { over: 'concurrency', values: [1, 2], repeats: 1 });
      const found = await swept('--plan', file, '--out', out('go'));
      expect(found.points.map(point => point.value)).toEqual(['1', '2']);
      expect(found.points.every(point => point.figures.some(figure => figure.metric === 'tok/s'))).toBe(true);
      const done = (value: string) => join(out('go'), `at-${value}`, 'run-1', 'measured.json');
      const before = statSync(done('1')).mtimeMs;
      rmSync(done('2'));
      await swept('--plan', file, '--out', out('go'));
      expect(statSync(done('1')).mtimeMs).toBe(before);
      expect(existsSync(done('2'))).toBe(true);
      const other = plan('other.json', { over: 'concurrency', values: [1, 4], repeats: 1 });
      expect((await runCli(['sweep', '--plan', other, '--out', out('go')])).stderr).toContain('holds a sweep by another plan');
    },
    PATIENCE,
  );
  /** A command that restarts nothing, writes down each setting, and fails above one of them. */
  const restartUpTo = (most: number, log: string) => {
    const script = `require('fs').appendFileSync(process.argv[1], process.argv[2] + ' '); process.exit(Number(process.argv[2]) > ${most} ? 3 : 0)`;
    const ready_url = `http://127.0.0.1:${server.port}/health`;
    return { restart: [process.execPath, '-e', script, out(log), '{value}'], ready_url, ready_within_s: 60 };
  };
  test(
    'searches the highest setting that holds an objective',
    async () => {
      const search = {
        ...{ over: 'context length', search: { from: 16, to: 64, within: 0.2 }, repeats: 1, slo: ['ok share >= 0.5'] },
        ...{ load: { ...load, concurrency: 2 }, server: restartUpTo(20, 'asked') },
      };
      expect((await swept('--plan', plan('search.json', search), '--out', out('search'))).slo).toMatchObject({
        highest: '19',
        first_failing: '21',
      });
      expect(readFileSync(out('asked'), 'utf8')).toBe('16 32 23 19 21 ');
    },
    PATIENCE,
  );
  test(
    'restarts the server for each setting, and ends at one with which it does not come up',
    async () => {
      const kv = {
        ...{ over: 'context length', values: [32, 48, 64, 128], repeats: 1, stop_at_failure: true },
        load: { ...load, concurrency: 2 },
        server: restartUpTo(63, 'restarts'),
      };
      const found = await swept('--plan', plan('kv.json', kv), '--out', out('kv'));
      expect(readFileSync(out('restarts'), 'utf8')).toBe('32 48 64 ');
      expect(found).toMatchObject({ first_failure: '64', largest_whole: '48', points: [{}, {}, { failure: 'no-start' }] });
      expect(found.answer).toContain('First failure at context length 64: the server did not come up. The largest without any is 48.');
    },
    PATIENCE,
  );
  test.each([
    [{ over: 'concurrency', values: [1, 2], search: { from: 1, to: 2 } }, 'values or a search'],
    [{ over: 'concurrency', search: { from: 1, to: 2 } }, 'a search needs an objective'],
    [{ over: 'concurrency', values: [1, 0.5] }, '0.5 is no concurrency'],
    [{ over: 'rate', values: [1, 'x'] }, 'x is no rate'],
    [{ over: 'dtype', values: ['a', 'b'], load: { ...load, concurrency: 1 } }, 'dtype is no setting of a load'],
    [{ over: 'rate', values: [1, 1] }, 'names 1 twice'],
    [{ over: 'prompt tokens', values: [1, 0], load: { ...load, concurrency: 1 } }, 'cannot be 0'],
    [{ over: 'rate', values: [1, 2], load: { ...load, arrivals: 'ramp:1-2' } }, 'one rate at a time'],
  ])('refuses the plan %j', async (more, words) =>
    expect(failureOf(await runCli(['sweep', '--plan', plan('bad.json', more), '--out', out('bad')])).sentence).toContain(words),
  );
});
