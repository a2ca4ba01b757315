import { describe, expect, test } from 'vitest';
import { namedFigure } from '#decide/metrics/figures';
import { costsOf } from './cost-of-run.ts';

const run = (settings: Record<string, string> = {}) => ({
  ...{ name: 'guide', inputs: [], time_ns: null, commit: null, settings, causes: null, window_s: null, kernels: null, machine: {} },
  figures: [
    ...namedFigure('tok/s', 14_960),
    ...namedFigure('mean power', 14_960 / 8.6),
    ...namedFigure('prompt tok', 300),
    ...namedFigure('output tok', 100),
  ],
});
const terms = {
  kwhUsd: 0.16,
  pue: 1,
  gpuHourUsd: undefined,
  api: [{ name: 'an API', input_usd_per_million: 0.1, output_usd_per_million: 0.4 }],
};
const [electric] = costsOf([run()], terms);

describe('the cost of a run', () => {
  // load-and-telemetry.md §1: 8.6 tok/J at $0.16/kWh is $0.0052 for a million tokens.
  test('is that of the guide for electricity', () => {
    expect(electric?.cost?.usd_per_million_tokens).toBeCloseTo(0.00517, 5);
    expect(electric?.cost?.usd_per_token).toBeCloseTo(0.00517e-6, 11);
    expect(electric?.cost?.tokens_per_usd).toBeCloseTo(1e6 / 0.005168, -5);
  });
  test('an hour is watts times the price', () => {
    expect(electric?.cost?.usd_per_hour).toBeCloseTo((14_960 / 8.6 / 1000) * 0.16, 9);
    expect(electric?.cost?.usd_per_year).toBeCloseTo((14_960 / 8.6 / 1000) * 0.16 * 8760, 6);
  });
  test('is held against an API by the same prompts and answers', () => {
    expect(electric?.api[0]).toMatchObject({ usd_per_million_tokens: 0.4 + 3 * 0.1, with_prompts: true });
    expect(electric?.api[0]?.own_share).toBeCloseTo(0.00517 / 0.7, 5);
  });
  test('takes the GPUs that the run names before those that are said', () => {
    const rented = { ...terms, kwhUsd: undefined, gpuHourUsd: 2, gpus: 4 };
    expect(costsOf([run({ GPUs: '8' })], rented)[0]?.cost?.usd_per_hour).toBeCloseTo(16, 9);
    expect(costsOf([run()], rented)[0]?.cost?.usd_per_hour).toBeCloseTo(8, 9);
  });
  test('says why there is none', () => {
    const none = { ...terms, kwhUsd: undefined };
    expect(costsOf([run()], none)[0]?.why).toBe('no-price');
    expect(costsOf([run()], { ...none, gpuHourUsd: 2 })[0]?.why).toBe('no-gpus');
    expect(costsOf([{ ...run(), figures: [...namedFigure('tok/s', 10)] }], terms)[0]?.why).toBe('no-power');
    expect(costsOf([{ ...run(), figures: [] }], terms)[0]?.why).toBe('no-tokens');
  });
});
