import type { EnergyRuns, EnergyTotal } from '#schema/energy';

/** What one load cost, by the names of the load-testing guide ("Cost Metrics"). US dollars. */
export interface CostRun {
  readonly run: string;
  readonly tokens_per_sec: number | null;
  readonly avg_watts: number;
  readonly tokens_per_joule: number | null;
  readonly cost_per_token_usd: number | null;
  readonly cost_per_million_tokens_usd: number | null;
  readonly tokens_per_dollar: number | null;
  readonly operating_cost_per_hour_usd: number | null;
}
export interface CostMetrics {
  readonly written_by: 'forensics';
  readonly kwh_usd: number | null;
  readonly gpu_hour_usd: number | null;
  readonly pue: number | null;
  readonly runs: readonly CostRun[];
}

const MILLION = 1e6;
const SECONDS_AN_HOUR = 3600;

/** The level that says most: the wall before modules, these before GPUs. */
const widest = (totals: readonly EnergyTotal[]): EnergyTotal | undefined =>
  (['wall', 'module', 'gpu'] as const).flatMap(level => totals.find(total => total.level === level) ?? [])[0];

/** cost_metrics.json: what each load cost. Null where no price was given, or no tokens are known. */
export function costMetrics({ runs }: EnergyRuns): CostMetrics {
  const costed = runs.flatMap(({ file, run, label, concurrency, energy }) => {
    const total = widest(energy?.totals ?? []);
    if (energy === null || total === undefined) return [];
    const setting = concurrency === null ? (label ?? (run > 1 ? String(run) : '')) : `concurrency ${concurrency}`;
    return [{ name: `${file}${setting === '' ? '' : ` ${setting}`}`, tokens: energy.tokens?.per_s ?? null, total }];
  });
  const [paid] = costed.flatMap(({ total }) => total.cost ?? []);
  return {
    written_by: 'forensics',
    kwh_usd: paid?.kwh_usd ?? null,
    gpu_hour_usd: paid?.gpu_hour_usd ?? null,
    pue: paid?.pue ?? null,
    runs: costed.map(({ name, tokens, total }) => {
      const million = total.cost?.usd_per_million_tokens ?? null;
      return {
        run: name,
        tokens_per_sec: tokens,
        avg_watts: total.mean_w,
        tokens_per_joule: total.tokens_per_joule,
        cost_per_token_usd: million === null ? null : million / MILLION,
        cost_per_million_tokens_usd: million,
        tokens_per_dollar: million === null || million === 0 ? null : MILLION / million,
        operating_cost_per_hour_usd: million === null || tokens === null ? null : (million * tokens * SECONDS_AN_HOUR) / MILLION,
      };
    }),
  };
}
