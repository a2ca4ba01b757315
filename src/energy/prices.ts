import type { Share } from '#core/units';
import type { EnergyCost } from '#schema/energy';

/** What a run is charged. Rental prices usually include power: then there is no price for a kilowatt-hour to add. */
export interface Prices {
  readonly gpuHourUsd?: number | undefined;
  readonly kwhUsd?: number | undefined;
  /** Power usage effectiveness, 1 where it is not given: no building. */
  readonly pue?: number | undefined;
}

const SECONDS_AN_HOUR = 3600;

/** tokens/J = tokens a second over watts. */
export const tokensPerJoule = (tokensPerSecond: number, watts: number): number | null => (watts > 0 ? tokensPerSecond / watts : null);

/** Share of the energy that the machine would have taken at rest over the same time. */
export const idleShare = (idleWatts: number, meanWatts: number): Share | null =>
  meanWatts > 0 ? Math.min(1, idleWatts / meanWatts) : null;

/**
 * Cost of a million tokens, US dollars: [GPUs × $/GPU-h + W/1000 × PUE × $/kWh] ÷ (tokens/s × 3600) × 10⁶.
 * @returns null without any price or any token
 */
export function costOf(prices: Prices, gpus: number, watts: number, tokensPerSecond: number): EnergyCost | null {
  const { gpuHourUsd, kwhUsd, pue = 1 } = prices;
  if ((gpuHourUsd === undefined && kwhUsd === undefined) || !(tokensPerSecond > 0)) return null;
  const millions = (tokensPerSecond * SECONDS_AN_HOUR) / 1e6;
  const gpu_usd = (gpus * (gpuHourUsd ?? 0)) / millions;
  const electricity_usd = ((watts / 1000) * pue * (kwhUsd ?? 0)) / millions;
  return {
    usd_per_million_tokens: gpu_usd + electricity_usd,
    gpu_usd,
    electricity_usd,
    gpus,
    gpu_hour_usd: gpuHourUsd ?? 0,
    kwh_usd: kwhUsd ?? 0,
    pue,
  };
}

/** What it costs to go on like this, US dollars. */
export interface RunningCost {
  readonly usd_per_token: number;
  readonly tokens_per_usd: number | null;
  readonly usd_per_hour: number;
  /** Day and night. */
  readonly usd_per_year: number;
}

const HOURS_A_YEAR = 365 * 24;

/** A cost by the hour and by the token. @param tokensPerSecond of the run that the cost is of */
export function runningCost(
  { usd_per_million_tokens: million }: Pick<EnergyCost, 'usd_per_million_tokens'>,
  tokensPerSecond: number,
): RunningCost {
  const usd_per_hour = (million * tokensPerSecond * SECONDS_AN_HOUR) / 1e6;
  return {
    usd_per_token: million / 1e6,
    tokens_per_usd: million > 0 ? 1e6 / million : null,
    usd_per_hour,
    usd_per_year: usd_per_hour * HOURS_A_YEAR,
  };
}
