import { dollars, plain } from '#core/format/numbers';
import type { EnergyRuns } from '#schema/energy';
import { energyLines, energySentence } from '../energy-tables.ts';
import { listed } from '../markdown/parallel.ts';
import { md } from '../markdown/text.ts';
import { listing } from '../parallel/listing.ts';
import type { CostMetrics, CostRun } from './cost-metrics.ts';

const known = (value: number | null, text: (value: number) => string): string => (value === null ? 'not known' : text(value));

function answer({ runs, kwh_usd, gpu_hour_usd }: CostMetrics): string {
  if (runs.length === 0) return 'No load has a cost: no power was metered.';
  if (kwh_usd === null && gpu_hour_usd === null) return 'No load has a cost: no price was given.';
  const costs = runs.flatMap(run => run.cost_per_million_tokens_usd ?? []);
  if (costs.length === 0) return 'No load has a cost for a token: no tokens are known.';
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  return `A million tokens cost ${low === high ? dollars(low) : `${dollars(low)} to ${dollars(high)}`}.`;
}

/** What was paid for. */
function prices({ kwh_usd, gpu_hour_usd, pue }: CostMetrics): string[] {
  return [
    ...(kwh_usd === null || kwh_usd === 0 ? [] : [`Electricity: ${dollars(kwh_usd)} a kWh at a PUE of ${pue ?? 1}.`]),
    ...(gpu_hour_usd === null || gpu_hour_usd === 0 ? [] : [`GPUs: ${dollars(gpu_hour_usd)} a GPU-hour.`]),
  ];
}

const table = (runs: readonly CostRun[]) =>
  listing('What each load cost', runs, [
    { head: 'Load', text: r => r.run },
    { head: 'Tokens a second', text: r => known(r.tokens_per_sec, plain), numeric: true },
    { head: 'Mean power', text: r => `${plain(r.avg_watts)} W`, numeric: true },
    { head: 'Tokens per joule', text: r => known(r.tokens_per_joule, plain), numeric: true },
    { head: 'A token', text: r => known(r.cost_per_token_usd, value => `$${value.toExponential(2)}`), numeric: true },
    { head: '1M tokens', text: r => known(r.cost_per_million_tokens_usd, dollars), numeric: true },
    { head: 'Tokens for a dollar', text: r => known(r.tokens_per_dollar, plain), numeric: true },
    { head: 'An hour', text: r => known(r.operating_cost_per_hour_usd, dollars), numeric: true },
  ]);

/** cost_analysis.md. @param notes why a load has no cost */
export const costAnalysis = (energy: EnergyRuns, cost: CostMetrics, notes: readonly string[]): string =>
  [
    '# Cost',
    '',
    `**${md(answer(cost))}**`,
    '',
    ...prices(cost).flatMap(line => [md(line), '']),
    ...listed(table(cost.runs)),
    ...energy.runs.flatMap(({ file, energy: account, why_none }) =>
      account === null
        ? [`- ${md(file)}: ${md(why_none ?? '')}`]
        : [energySentence(account), ...energyLines(account), ...account.notes].map(line => `- ${md(line)}`),
    ),
    ...notes.map(note => `- ${md(note)}`),
    '',
  ].join('\n');
