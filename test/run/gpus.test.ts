import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readSeries } from '#app/inputs/read-series';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import { Card } from '#schema/card';
import { knowState, pretendNvidiaSmi } from '../pretend-nvidia-smi.ts';
import { assertBuilt, runCli } from '../run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'run with gpus '));
const bin = join(root, 'bin');
let server: MockServer;
/** Watts that the pretended board draws. */
const WATTS = 412.34;

beforeAll(async () => {
  assertBuilt();
  mkdirSync(bin);
  pretendNvidiaSmi(bin);
  knowState(bin);
  server = await startMock(MockScript.parse({ ttft_ms: 5, itl_ms: 1 }), 0);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

test('on two GPUs power, energy and cost are accounted for, by the names of the guide, and targets rest on them', async () => {
  const out = join(root, 'out');
  const limits = [
    { metric: 'usd/1M tok', below: 1000 },
    { metric: 'tok/J', at_least: 1e6 },
  ];
  writeFileSync(join(root, 'targets.json'), JSON.stringify({ schema: 'forensics.targets/1', kwh_usd: 0.16, targets: limits }));
  const load = { urls: [`http://127.0.0.1:${server.port}/v1/completions`], rate: 20, duration: '12s', prompt_tokens: 8, output_tokens: 4 };
  const plan = { name: 'gpus', expect: '2xH200', stop_at: 'never', load, cost: { kwh_usd: 0.16 }, targets: 'targets.json' };
  writeFileSync(join(root, 'plan.yaml'), stringify(plan));
  const run = await runCli(['run', join(root, 'plan.yaml'), '--out', out], { PATH: `${bin}:${process.env['PATH']}` });
  const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'));
  expect([run.code, run.stderr]).toEqual([1, expect.any(String)]);
  const power = read('power_metrics.json');
  expect(power.avg_watts).toBeCloseTo(2 * WATTS, 3);
  expect(power.max_watts).toBeCloseTo(2 * WATTS, 3);
  expect(power.energy_joules).toBeCloseTo(2 * WATTS * 12, -1);
  expect(power.per_device).toMatchObject([{ gpu_index: 0 }, { gpu_index: 1 }]);
  expect(readSeries(join(out, 'power_metrics.json'))?.series).toMatchObject({ format: 'brief-power' });
  const [row] = read('cost_metrics.json').rows;
  expect(row).toMatchObject({ run: 'loads/1', gpus: 2 });
  // Tokens per joule count tokens of the requests that ended in the window, tokens a second those that came in it: a hundredth apart.
  expect(row.cost.usd_per_hour).toBeCloseTo(((2 * WATTS) / 1000) * 0.16, 2);
  const rows = Card.parse(read('card.json')).sections.flatMap(s => s.rows);
  expect(rows).toContainEqual(expect.objectContaining({ what: 'usd/1M tok', verdict: 'pass', section: 'energy' }));
  expect(rows).toContainEqual(expect.objectContaining({ what: 'tok/J', verdict: 'fail', limit: '≥ 1,000,000 tok/J' }));
  expect(rows).toContainEqual(expect.objectContaining({ section: 'energy', verdict: 'pass', figure: 'fit for use' }));
});
