import { count, dollars, percent, plain } from '#core/format/numbers';
import type { CostFacts } from '#decide/cost/cost-of-run';
import { Cost, type NoCost } from '#schema/cost';

/** Costs before they are put into sentences. */
type Found = Omit<Cost, 'schema' | 'answer' | 'rows' | 'notes'> & { readonly rows: readonly CostFacts[] };

const WHY: Readonly<Record<NoCost, string>> = {
  'no-price': 'no price is given: --kwh-usd for electricity, --gpu-hour-usd for rent',
  'no-tokens': 'the run does not say how many tokens a second it wrote',
  'no-power': 'it needs the power of the same time: GPU samples beside the load test, or a result that tells it',
  'no-gpus': 'the run does not say how many GPUs it took: say it with --gpus',
};

/** What a run is called among others. */
const loadName = ({ run, setting }: Pick<CostFacts, 'run' | 'setting'>): string => (setting === '' ? run : `${run}, ${setting}`);

/** What is paid, as a phrase. */
function termsText({ kwh_usd, pue, gpu_hour_usd }: Cost['prices']): string {
  const rent = gpu_hour_usd === null ? [] : [`${dollars(gpu_hour_usd)} a GPU-hour`];
  const power = kwh_usd === null ? [] : [`${dollars(kwh_usd)} a kWh${pue === 1 ? '' : ` and a PUE of ${plain(pue)}`}`];
  return [...rent, ...power].join(' and ');
}

function answerOf({ rows, prices }: Found): string {
  const priced = rows.flatMap(row => (row.cost === null ? [] : [{ row, cost: row.cost }]));
  const [cheapest] = priced.toSorted((a, b) => a.cost.usd_per_million_tokens - b.cost.usd_per_million_tokens);
  const [first] = rows;
  if (cheapest === undefined) return `No cost: ${first?.why == null ? 'nothing was measured' : WHY[first.why]}.`;
  const { row, cost } = cheapest;
  const which = priced.length === 1 ? '' : ` with ${loadName(row)}, the cheapest of ${count(priced.length, 'load')}`;
  const [api] = row.api.toSorted((a, b) => a.usd_per_million_tokens - b.usd_per_million_tokens);
  const other =
    api === undefined || api.own_share === null
      ? ''
      : ` That is ${percent(api.own_share)} of what ${api.name} asks (${dollars(api.usd_per_million_tokens)}).`;
  return `A million tokens cost ${dollars(cost.usd_per_million_tokens)}${which}, and an hour ${dollars(cost.usd_per_hour)}, at ${termsText(prices)}.${other}`;
}

function notesOf({ rows, prices, api_prices_as_of }: Found): string[] {
  const api = rows.flatMap(row => row.api);
  return [
    ...(rows.some(row => row.cost !== null)
      ? ['Costs hold at full use: a machine that waits costs the same and writes nothing. A year has 8,760 hours.']
      : []),
    ...(prices.kwh_usd !== null && prices.gpu_hour_usd !== null
      ? ['Rental prices usually include power: with both prices it may be paid twice.']
      : []),
    ...(prices.kwh_usd !== null && prices.gpu_hour_usd === null ? ['Electricity alone: neither the machine nor its room is in it.'] : []),
    ...(api.some(one => one.with_prompts) ? ['What an API asks counts the prompts of the same requests.'] : []),
    ...(api.some(one => !one.with_prompts)
      ? ['What an API asks counts answers alone where a run does not say how long its prompts were.']
      : []),
    ...(api.length > 0 && api_prices_as_of !== null ? [`API prices as of ${api_prices_as_of}.`] : []),
  ];
}

/** Puts costs into sentences. */
export const wordCost = (found: Found): Cost =>
  Cost.parse({
    schema: 'forensics.cost/1',
    ...found,
    answer: answerOf(found),
    rows: found.rows.map(row => ({ ...row, reason: row.why === null ? '' : WHY[row.why] })),
    notes: notesOf(found),
  } satisfies Record<keyof Cost, unknown>);
