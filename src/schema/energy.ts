import { z } from 'zod';
import { EpochNs } from './relation.ts';

const count = z.number().int().nonnegative();
const watts = z.number().describe('watts');
const joules = z.number().describe('joules');
const seconds = z.number().describe('seconds');
const dollars = z.number().describe('US dollars');

/** Why a figure of energy must not be relied on. No code: it may be. */
export const ENERGY_CODES = [
  'window-too-short',
  'averaged-power',
  'too-few-readings',
  'gap',
  'window-not-covered',
  'counter-disagrees',
  'clock-not-confirmed',
  'clock-ran-back',
] as const;
export const EnergyCode = z.enum(ENERGY_CODES);
export type EnergyCode = z.infer<typeof EnergyCode>;

/** Where power is measured: at a GPU, at a module that holds a GPU and more, at the wall. Never added up across levels. */
export const POWER_LEVELS = ['gpu', 'module', 'wall'] as const;
export const PowerLevel = z.enum(POWER_LEVELS);
export type PowerLevel = z.infer<typeof PowerLevel>;

/** The power of one thing in the window. null where nothing can be said. */
export const MeteredPower = z.strictObject({
  entity: z.string(),
  level: PowerLevel,
  in_use: z.boolean().describe('whether the run worked on it; what stood by is left out of the totals'),
  readings: count.describe('in the window, each refresh of the sensor counted once'),
  refresh_s: seconds.nullable().describe('median time between readings'),
  covered_s: seconds.describe('part of the window between readings no further apart than 3 s'),
  energy_by: z
    .enum(['readings', 'counter'])
    .describe('what energy_j is from: readings of power, or the energy counter where these leave too much unseen'),
  energy_j: joules.nullable().describe('trapezoids over the covered part, or the rise of the counter over the window'),
  energy_low_j: joules
    .nullable()
    .describe('what it is at least over the whole window, if power unseen stayed between the lowest and the highest reading'),
  energy_high_j: joules.nullable().describe('the same, at most'),
  sensor_window_s: seconds.nullable().describe('over how long each reading is a mean; null where that is not known'),
  mean_w: watts.nullable().describe('energy_j over the time that it is of'),
  mean_of_readings_w: watts.nullable().describe('plain mean of the readings in the window, as MLPerf Power takes it'),
  min_w: watts.nullable(),
  max_w: watts.nullable(),
  counter_j: joules.nullable().describe('the same by the energy counter, where there is one'),
  codes: z.array(EnergyCode),
});
export type MeteredPower = z.infer<typeof MeteredPower>;

export const EnergyCost = z.strictObject({
  usd_per_million_tokens: dollars,
  gpu_usd: dollars.describe('part of it for GPU-hours'),
  electricity_usd: dollars.describe('part of it for electricity'),
  gpus: count,
  gpu_hour_usd: dollars,
  kwh_usd: dollars,
  pue: z.number().describe('power usage effectiveness: what the building draws for each watt of the machine'),
});
export type EnergyCost = z.infer<typeof EnergyCost>;

/** All that is in use at one level, together. */
export const EnergyTotal = z.strictObject({
  level: PowerLevel,
  entities: count,
  energy_j: joules,
  mean_w: watts,
  mean_of_readings_w: watts,
  valid: z.boolean().describe('false: see codes; then nothing is worked out from it'),
  codes: z.array(EnergyCode),
  tokens_per_joule: z.number().nullable().describe('tokens a second over mean_w; null where not valid or no tokens are known'),
  idle_w: watts.nullable().describe('power at rest; null where it was not seen'),
  idle_share: z.number().nullable().describe('energy that would have gone at rest, over energy_j'),
  cost: EnergyCost.nullable().describe('null where no price was given'),
});
export type EnergyTotal = z.infer<typeof EnergyTotal>;

/** Power, energy and cost of a run in one window. */
export const Energy = z.strictObject({
  window: z.strictObject({
    start_ns: EpochNs,
    length_s: seconds,
    /** Which window this is, in words. */
    what: z.string(),
  }),
  tokens: z
    .strictObject({ which: z.enum(['output', 'total']), count: z.number().nullable(), per_s: z.number() })
    .nullable()
    .describe('null where no tokens are known for this window'),
  metered: z.array(MeteredPower),
  totals: z.array(EnergyTotal),
  notes: z.array(z.string()),
});
export type Energy = z.infer<typeof Energy>;

/** One run of several, and its account. */
export const EnergyRun = z.strictObject({
  file: z.string().describe('the result of a load test that it stands in'),
  run: count.describe('its number in that file, from 1'),
  label: z.string().nullable().describe('what the load test calls it'),
  concurrency: z.number().nullable().describe('most requests in flight that were allowed'),
  requested_rate: z.number().nullable().describe('requests a second that were asked for'),
  energy: Energy.nullable().describe('null where it cannot be placed on the power log'),
  why_none: z.string().nullable().describe('why energy is null'),
});
export type EnergyRun = z.infer<typeof EnergyRun>;

/** What `forensics energy --json` prints for several runs; for one it prints its Energy alone. */
export const EnergyRuns = z.strictObject({
  schema: z.literal('forensics.energy-runs/1'),
  runs: z.array(EnergyRun).describe('in the order of the files, and of the runs in each'),
  notes: z.array(z.string()).describe('what holds for the runs together'),
});
export type EnergyRuns = z.infer<typeof EnergyRuns>;
