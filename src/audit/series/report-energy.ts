import type { Statement } from '#audit/statement';
import type { Energy, EnergyCost, EnergyTotal, MeteredPower } from '#schema/energy';
import { type Teller, tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

/** Sums of doubles that were written in full. */
const ROUNDING = 1e-6;

/** Modules and walls hold more than a GPU: what bounds a GPU does not bound them. */
const ofLevel = (level: string, entity: string): string => (level === 'gpu' ? entity : level);

/** What one thing drew. Where the report itself says that a figure cannot be relied on, that is no statement. */
function statementsOfMetered(power: MeteredPower, window_s: number, model: string, file: string): Statement[] {
  const { entity, level } = power;
  const of = ofLevel(level, entity);
  const own = tellerOf(file, ['report', `energy of ${entity}`], entity);
  const at = `energy.metered ${entity}`;
  own.tell('gpus', level === 'gpu' ? 1 : null, 'devices', { of: model, text: entity });
  own.tell('energy_j', power.energy_j, `${at} energy_j`, { of });
  own.tell('power_mean_w', power.mean_w, `${at} mean_w`, { of });
  own.tell('sampled_s', power.covered_s, `${at} covered_s`);
  if (!power.codes.includes('window-not-covered')) own.tell('asked_duration_s', window_s, 'energy.window.length_s');
  // The mean over time also holds the stretches before the first reading and after the last: only the readings have these extremes.
  const readings = tellerOf(file, ['report', `energy of ${entity}`, 'readings'], entity);
  readings.tell('power_mean_w', power.mean_of_readings_w, `${at} mean_of_readings_w`, { of });
  readings.tell('power_min_w', power.min_w, `${at} min_w`, { of });
  readings.tell('power_max_w', power.max_w, `${at} max_w`, { of });
  const counted = tellerOf(file, ['report', `energy of ${entity}`, 'counter'], `${entity} by its energy counter`);
  if (!power.codes.includes('counter-disagrees')) {
    counted.tell('energy_j', power.counter_j, `${at} counter_j`, { of });
    counted.tell('power_mean_w', power.counter_j === null ? null : power.mean_w, `${at} mean_w`, { of });
    counted.tell('sampled_s', power.counter_j === null ? null : power.covered_s, `${at} covered_s`);
  }
  return [...own.statements, ...readings.statements, ...counted.statements];
}

/** A total is the sum of what is in use at its level. */
function tellTotal(teller: Teller, total: EnergyTotal, metered: readonly MeteredPower[]): void {
  const own = metered.filter(m => m.level === total.level && m.in_use);
  for (const [field, unit] of [
    ['energy_j', 'J'],
    ['mean_w', 'W'],
  ] as const) {
    const parts = own.flatMap(m => (m[field] === null ? [] : [[m.entity, m[field]] as const]));
    if (parts.length < own.length) continue;
    tellSum(teller, {
      of: field,
      parts,
      whole: ['the total of', total[field]],
      unit,
      doubt: ROUNDING * total[field],
      rule: 'equal',
      path: `energy.totals ${total.level} ${field}`,
    });
  }
  if (total.cost !== null) tellCost(teller, total.cost, `energy.totals ${total.level} cost`);
}

/** What a million tokens cost, and the prices that this follows from. */
function tellCost(teller: Teller, cost: EnergyCost, path: string): void {
  const { gpu_usd, electricity_usd, usd_per_million_tokens } = cost;
  const { tell } = teller;
  tell('gpus_paid', cost.gpus, `${path} gpus`);
  tell('gpu_usd_per_hour', cost.gpu_hour_usd, `${path} gpu_hour_usd`);
  tell('electricity_usd_per_kwh', cost.kwh_usd, `${path} kwh_usd`);
  tell('pue', cost.pue, `${path} pue`);
  tell('usd_per_million_tokens', gpu_usd, `${path} gpu_usd`, { of: 'GPUs' });
  tell('usd_per_million_tokens', electricity_usd, `${path} electricity_usd`, { of: 'electricity' });
  tellSum(teller, {
    of: 'cost of a million tokens',
    parts: [
      ['GPUs', gpu_usd],
      ['electricity', electricity_usd],
    ],
    whole: ['the cost of', usd_per_million_tokens],
    unit: '$',
    doubt: ROUNDING * usd_per_million_tokens,
    rule: 'equal',
    path,
  });
}

/** What a report of ours says of power and energy. @param model of all its GPUs, as the table of machines has it; else '' */
export function statementsOfEnergy(energy: Energy, model: string, file: string): Statement[] {
  const { tokens, window } = energy;
  const run = tellerOf(file, ['report', 'energy'], energy.window.what);
  const [rate, count] =
    tokens?.which === 'total' ? (['total_tokens_per_s', null] as const) : (['output_tokens_per_s', 'output_tokens'] as const);
  if (tokens !== null) {
    run.tell('duration_s', window.length_s, 'energy.window.length_s');
    run.tell(rate, tokens.per_s, 'energy.tokens.per_s');
    if (count !== null) run.tell(count, tokens.count, 'energy.tokens.count');
  }
  const totals = energy.totals.flatMap(total => {
    const what = `energy of all at level ${total.level}`;
    const teller = tellerOf(file, ['report', what], what);
    const of = ofLevel(total.level, `${total.entities} GPUs`);
    // Without the model: a window may lie at rest, and that is no contradiction here.
    teller.tell('gpus', total.level === 'gpu' ? total.entities : null, `energy.totals ${total.level} entities`, { text: of });
    teller.tell('power_mean_w', total.mean_w, `energy.totals ${total.level} mean_w`, { of });
    if (tokens !== null) teller.tell(rate, tokens.per_s, 'energy.tokens.per_s');
    teller.tell('tokens_per_joule', total.tokens_per_joule, `energy.totals ${total.level} tokens_per_joule`);
    tellTotal(teller, total, energy.metered);
    return teller.statements;
  });
  return [...run.statements, ...energy.metered.flatMap(m => statementsOfMetered(m, window.length_s, model, file)), ...totals];
}
