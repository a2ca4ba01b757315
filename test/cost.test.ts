import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CostRequest, costOfPaths } from '#app/cost/cost-paths';
import { writeCost } from '#app/cost/write-cost';
import { Cost } from '#schema/cost';
import { guideRun } from './guide-run.ts';

const root = mkdtempSync(join(tmpdir(), 'cost '));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const run = guideRun(join(root, 'run'), 180);
const costOf = (request: CostRequest) => costOfPaths([run], request, { env: {}, progress: () => {} });
const listed = (name: string, value: unknown): string => {
  writeFileSync(join(root, name), typeof value === 'string' ? value : JSON.stringify(value));
  return join(root, name);
};
const models = [{ name: 'a <b> API', input_usd_per_million: 0.05, output_usd_per_million: 0.22 }];
const prices = listed('api.json', { schema: 'forensics.api-prices/1', as_of: '2026-12-01', models });

describe('the cost of the run of the guide', () => {
  test('is that of its tokens and its power, written as the guide promises it', async () => {
    writeCost(root, await costOf({ kwhUsd: 0.16, apiPrices: prices }));
    const cost = Cost.parse(JSON.parse(readFileSync(join(root, 'cost_metrics.json'), 'utf8')));
    // 7,400 W at $0.16 are $1.184 an hour, for 53.856 million tokens.
    expect(cost.rows[0]?.cost?.usd_per_hour).toBeCloseTo(1.184, 6);
    expect(cost.rows[0]?.cost?.usd_per_million_tokens).toBeCloseTo(1.184 / 53.856, 6);
    expect(cost.rows[0]?.api[0]?.own_share).toBeCloseTo(1.184 / 53.856 / 0.22, 6);
    expect(cost.answer).toBe(
      'A million tokens cost $0.022, and an hour $1.18, at $0.16 a kWh. That is 10 % of what a <b> API asks ($0.22).',
    );
    const page = readFileSync(join(root, 'cost_analysis.md'), 'utf8');
    expect(page).toContain('$10371.84');
    expect(page).toContain('a &lt;b&gt; API');
    expect(page).toContain('API prices as of 2026-12-01.');
  });
  test('is none without a price, and says what is missing', async () =>
    expect((await costOf({})).answer).toBe('No cost: no price is given: --kwh-usd for electricity, --gpu-hour-usd for rent.'));
  test('needs the number of GPUs for a price of their hours', async () => {
    expect((await costOf({ gpuHourUsd: 3 })).rows[0]?.why).toBe('no-gpus');
    expect((await costOf({ gpuHourUsd: 3, gpus: 8 })).rows[0]?.cost?.usd_per_hour).toBeCloseTo(24, 9);
  });
  test.each([
    ['{', /is not JSON/],
    [{ schema: 'forensics.api-prices/1', models: [{ name: 'x', output_usd_per_million: -1 }] }, /at models\.0\.output_usd_per_million/],
    [{ schema: 'forensics.api-prices/1', models: [] }, /at models/],
  ])('refuses a broken list of prices: %j', async (value, message) =>
    expect(costOf({ kwhUsd: 0.16, apiPrices: listed('broken.json', value) })).rejects.toThrow(message),
  );
});
