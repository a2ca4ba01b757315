import { expect, test } from 'vitest';
import { costOf } from '#energy/prices';
import type { Energy, EnergyCost } from '#schema/energy';
import { audit } from '../../audit.ts';
import { statementsOfEnergy } from '../../series/report-energy.ts';

const WATTS = 4600;
const RATE = 12_000;
const cost = costOf({ gpuHourUsd: 3.2, kwhUsd: 0.16, pue: 1.3 }, 8, WATTS, RATE);
const said = (change: (c: EnergyCost) => Partial<EnergyCost>) => {
  if (cost === null) throw new Error('no cost');
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

// 8 × 3.2 $/h and 4.6 kW × 1.3 × 0.16 $/kWh over 43.2 million tokens an hour.
test('a cost that follows from its prices', () => {
  expect(cost?.gpu_usd).toBeCloseTo(0.5926, 4);
  expect(cost?.electricity_usd).toBeCloseTo(0.02215, 5);
  expect(said(() => ({}))).toEqual([]);
});
test('electricity of another power', () =>
  expect(said(c => ({ electricity_usd: c.electricity_usd / 10 }))).toEqual([
    '4,600 W × PUE 1.3 × $0.16/kWh ÷ 12,000 tok/s = $0.0221 per 1M tokens, but $0.00221 is stated for electricity.',
  ]));
test('GPUs of another number', () =>
  expect(said(() => ({ gpus: 4 }))).toEqual(['4 GPUs × $3.2/h ÷ 12,000 tok/s = $0.296 per 1M tokens, but $0.593 is stated for GPUs.']));
