import { contradiction, defineCheck } from '../../define.ts';
import { apart, times } from '../../range.ts';
import { beside, ofQuantity, scopesOf } from '../../statement-set.ts';
import { num } from '../../wording.ts';

/** What InferenceX allows between the integral and the counter. */
const SLACK = 0.05;
/** Extremes and means come from the same readings. */
const ROUNDING = 1e-6;

export default defineCheck({
  id: 'energy-total',
  title: 'Energy against mean power × time',
  formula: 'J = mean W × s, within 5 %; min W ≤ mean W ≤ max W; tok/J = output (or all) tokens ÷ J',
  source: 'the definition; tolerance as InferenceX aggregate_power.py',
  find: set => [
    ...scopesOf(ofQuantity(set, 'energy_j')).flatMap(energy => {
      const power = beside(set, energy, 'power_mean_w');
      const time = beside(set, energy, 'sampled_s') ?? beside(set, energy, 'duration_s');
      if (power === undefined || time === undefined || !apart(times(power, time), energy, SLACK)) return [];
      const value = power.value * time.value;
      const sentence = `${num(power.value)} W × ${num(time.value)} s = ${num(value)} J, but ${num(energy.value)} J is stated.`;
      return [contradiction('impossible', energy, { what: 'energy', value, unit: 'J' }, sentence, [power, time])];
    }),
    ...scopesOf(ofQuantity(set, 'energy_j')).flatMap(energy => {
      const efficiency = beside(set, energy, 'tokens_per_joule', c => c.role === 'result');
      const output = beside(set, energy, 'output_tokens');
      const input = beside(set, energy, 'input_tokens');
      if (efficiency === undefined || output === undefined) return [];
      const made = times(efficiency, energy);
      const all = { lower: output.lower + (input?.lower ?? 0), upper: output.upper + (input?.upper ?? 0) };
      if (!apart(made, output, SLACK) || (input !== undefined && !apart(made, all, SLACK))) return [];
      const value = efficiency.value * energy.value;
      const sentence = `${num(efficiency.value)} tok/J × ${num(energy.value)} J = ${num(value)} tokens, but ${num(output.value)} output tokens are counted.`;
      return [contradiction('impossible', efficiency, { what: 'tokens', value, unit: '' }, sentence, [energy, output])];
    }),
    ...scopesOf(ofQuantity(set, 'power_mean_w')).flatMap(mean => {
      const [low, high] = [beside(set, mean, 'power_min_w'), beside(set, mean, 'power_max_w')];
      const [least, most] = [low?.lower ?? -Infinity, high?.upper ?? Infinity];
      if (mean.upper >= least * (1 - ROUNDING) && mean.lower <= most * (1 + ROUNDING)) return [];
      const edge = mean.upper < least ? low : high;
      if (edge === undefined) return [];
      const sentence = `A mean of ${num(mean.value)} W lies outside its own extreme of ${num(edge.value)} W.`;
      return [contradiction('impossible', mean, { what: 'extreme', value: edge.value, unit: 'W' }, sentence, [edge])];
    }),
  ],
});
