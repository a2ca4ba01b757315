import { expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { statementsOfEnergy } from '#audit/series/report-energy';
import type { Energy, EnergyCost } from '#schema/energy';

const WATTS = 4600;
const RATE = 12_000;
/** 8 x 3.2 $/h and 4.6 kW x 1.3 x 0.16 $/kWh over 43.2 million tokens an hour. */
const [GPU, ELECTRICITY] = [25.6 / 43.2, 0.9568 / 43.2];
const cost: EnergyCost = {
  ...{ usd_per_million_tokens: GPU + ELECTRICITY, gpu_usd: GPU, electricity_usd: ELECTRICITY },
  ...{ gpus: 8, gpu_hour_usd: 3.2, kwh_usd: 0.16, pue: 1.3 },
};
const said = (change: (c: EnergyCost) => Partial<EnergyCost>) => {
  const energy: Energy = {
    window: { start_ns: '0', length_s: 60, what: 'the load test' },
    tokens: { which: 'output', count: 60 * RATE, per_s: RATE },
    metered: [],
    totals: [
      {
        level: 'wall',
        entities: 1,
        energy_j: 60 * WATTS,
        mean_w: WATTS,
        mean_of_readings_w: WATTS,
        valid: true,
        codes: [],
        tokens_per_joule: RATE / WATTS,
        idle_w: null,
        idle_share: null,
        cost: { ...cost, ...change(cost) },
      },
    ],
    notes: [],
  };
  return audit(statementsOfEnergy(energy, '', 'report.json'))
    .filter(c => c.check === 'token-cost')
    .map(c => c.sentence);
};

test('a cost that follows from its prices', () => expect(said(() => ({}))).toEqual([]));
test('electricity of another power', () =>
  expect(said(c => ({ electricity_usd: c.electricity_usd / 10 }))).toEqual([
    '4,600 W × PUE 1.3 × $0.16/kWh ÷ 12,000 tok/s = $0.0221 per 1M tokens, but $0.00221 is stated for electricity.',
  ]));
test('GPUs of another number', () =>
  expect(said(() => ({ gpus: 4 }))).toEqual(['4 GPUs × $3.2/h ÷ 12,000 tok/s = $0.296 per 1M tokens, but $0.593 is stated for GPUs.']));
