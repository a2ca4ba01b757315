import { type Charged, costAt, gpusOf } from '#decide/metrics/derived';
import { runningCost } from '#energy/prices';
import type { AgainstApi, ApiPrices, CostRow, NoCost } from '#schema/cost';
import type { Run, RunFigure } from '#schema/run';

/** A cost without words. */
export type CostFacts = Omit<CostRow, 'reason'>;

/** What is paid, and what others ask. */
export interface CostTerms extends Charged {
  /** GPUs that are paid for, where the run names none. */
  readonly gpus?: number | undefined;
  readonly api: ApiPrices['models'];
}

/** What an API asks for a million tokens of answers, and for the prompts of the same requests. */
function againstApi(models: ApiPrices['models'], promptsPerToken: number | null, own: number): AgainstApi[] {
  return models.map(({ name, input_usd_per_million: input = 0, output_usd_per_million: output }) => {
    const usd_per_million_tokens = output + input * (promptsPerToken ?? 0);
    return {
      ...{ name, usd_per_million_tokens, with_prompts: promptsPerToken !== null },
      own_share: usd_per_million_tokens > 0 ? own / usd_per_million_tokens : null,
    };
  });
}

function whyNone({ kwhUsd, gpuHourUsd }: Charged, rate: number | null, gpus: number | undefined): NoCost {
  if (kwhUsd === undefined && gpuHourUsd === undefined) return 'no-price';
  if (rate === null || rate <= 0) return 'no-tokens';
  return gpuHourUsd !== undefined && gpus === undefined ? 'no-gpus' : 'no-power';
}

function costOfLoad(run: Run, setting: string, terms: CostTerms): CostFacts {
  const of = (name: RunFigure['metric']) => run.figures.find(figure => figure.metric === name && figure.setting === setting)?.value ?? null;
  const [rate, prompt, output, mean_w] = [of('tok/s'), of('prompt tok'), of('output tok'), of('mean power')];
  const gpus = gpusOf(run) ?? terms.gpus;
  const known = { run: run.name, setting, tokens_per_s: rate, mean_w, gpus: gpus ?? null };
  const cost = rate === null || rate <= 0 ? null : costAt(run.figures, setting, gpus, terms);
  if (cost === null || rate === null) return { ...known, cost: null, api: [], why: whyNone(terms, rate, gpus) };
  const { usd_per_million_tokens, gpu_usd, electricity_usd } = cost;
  return {
    ...known,
    cost: { usd_per_million_tokens, gpu_usd, electricity_usd, ...runningCost(cost, rate) },
    api: againstApi(terms.api, prompt === null || output === null || output <= 0 ? null : prompt / output, usd_per_million_tokens),
    why: null,
  };
}

/** What each load of each run costs, in the order of the runs. */
export const costsOf = (runs: readonly Run[], terms: CostTerms): readonly CostFacts[] =>
  runs.flatMap(run => {
    const settings = [...new Set(run.figures.filter(({ metric }) => metric === 'tok/s').map(({ setting }) => setting))];
    return (settings.length === 0 ? [''] : settings).map(setting => costOfLoad(run, setting, terms));
  });
