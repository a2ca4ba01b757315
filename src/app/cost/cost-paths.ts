import { readConfig } from '#app/inputs/config-file';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { readRuns } from '#app/runs/read-runs';
import { costsOf } from '#decide/cost/cost-of-run';
import { wordCost } from '#report/build/decide/cost';
import { ApiPrices, type Cost } from '#schema/cost';
import type { Run } from '#schema/run';

/** What is paid for what. */
export interface CostRequest {
  readonly kwhUsd?: number | undefined;
  readonly pue?: number | undefined;
  readonly gpuHourUsd?: number | undefined;
  /** GPUs that are paid for, where a run names none. */
  readonly gpus?: number | undefined;
  /** A file of what others ask for tokens. */
  readonly apiPrices?: string | undefined;
}

const API_PRICES = {
  what: 'list of prices',
  hint: 'docs/sweep.md shows one, and schemas/forensics.api-prices-1.schema.json says what it may hold.',
};

/** What others ask, as a file says. @throws ForensicsError not-found, bad-record */
const readApiPrices = (file: string | undefined): ApiPrices | undefined =>
  file === undefined ? undefined : readConfig(file, ApiPrices, API_PRICES);

/** What each load of each run costs, in words. @throws ForensicsError not-found, bad-record, of the list of prices */
export function costOfRuns(runs: readonly Run[], request: CostRequest): Cost {
  const list = readApiPrices(request.apiPrices);
  const { kwhUsd, pue = 1, gpuHourUsd, gpus } = request;
  return wordCost({
    rows: costsOf(runs, { kwhUsd, pue, gpuHourUsd, gpus, api: list?.models ?? [] }),
    prices: { kwh_usd: kwhUsd ?? null, pue, gpu_hour_usd: gpuHourUsd ?? null },
    api_prices_as_of: list?.as_of ?? null,
  });
}

/**
 * What runs cost: for each token, a million, an hour and a year.
 * @param paths as those of a comparison: a folder with a load test and GPU samples is one run
 * @throws ForensicsError as `readRuns`, and of the list of prices
 */
export const costOfPaths = (paths: readonly string[], request: CostRequest, around: Surroundings): Promise<Cost> =>
  withScratch(around, async scratch => {
    const runs: Run[] = [];
    for (const path of paths)
      runs.push(...(await readRuns(path, { scratch, env: around.env, tell: around.progress })).map(({ run }) => run));
    return costOfRuns(runs, request);
  });
