import { contradiction, defineCheck } from '../../define.ts';
import { over, type Range } from '../../range.ts';
import type { Statement } from '../../statement.ts';
import { beside, ofQuantity, type StatementSet, sameScope } from '../../statement-set.ts';
import { num } from '../../wording.ts';

/** Requests cut by the ends of a step, on top of chance. */
const EDGES = 0.05;
/** Chance moves the mean of n lengths by their spread over √n; the spread is taken as the mean itself (exponential lengths), three times over. */
const SIGMAS = 3;

interface Step {
  readonly statement: Statement;
  readonly others: readonly Statement[];
  readonly tokens: Range;
  readonly value: number;
  readonly how: string;
  readonly noise: number;
}

function stepOf(set: StatementSet, rate: Statement): Step | undefined {
  const tokens = beside(set, rate, 'output_tokens_per_s', c => c.role === 'result');
  if (tokens === undefined || rate.lower <= 0) return undefined;
  const duration = beside(set, rate, 'duration_s');
  const requests = beside(set, rate, 'completed')?.value ?? (duration === undefined ? undefined : rate.value * duration.value);
  return {
    statement: tokens,
    others: [rate],
    tokens: over(tokens, rate),
    value: tokens.value / rate.value,
    how: `${num(tokens.value)} tok/s ÷ ${num(rate.value)} req/s = ${num(tokens.value / rate.value)}`,
    noise: EDGES + (requests === undefined || requests <= 0 ? 0 : SIGMAS / Math.sqrt(requests)),
  };
}

/** Steps of one sweep: rows of one table; or runs of one file and model whose prompts are as long. */
function isSameSweep(set: StatementSet, a: Statement, b: Statement): boolean {
  if (a.sweep === null || a.sweep !== b.sweep || sameScope(a, b)) return false;
  const prompt = (c: Statement) => {
    const tokens = beside(set, c, 'input_tokens');
    const done = beside(set, c, 'completed');
    return tokens === undefined || done === undefined || done.value === 0 ? undefined : tokens.value / done.value;
  };
  const [one, other] = [prompt(a), prompt(b)];
  // A table is one sweep by being one table; runs in a file may be anything.
  if (one === undefined || other === undefined) return a.source.line !== null;
  return Math.abs(one - other) <= EDGES * one;
}

export default defineCheck({
  id: 'tokens-per-request',
  title: 'Tokens per request that change along a sweep',
  formula: '(tok/s) ÷ (requests/s) is the same in every step, within 5 % + 3/√requests of each step',
  source: 'the definition of a sweep: one workload at several rates',
  find: set => {
    const steps = ofQuantity(set, 'requests_per_s', c => c.role === 'result' && c.sweep !== null)
      .map(rate => stepOf(set, rate))
      .filter(s => s !== undefined);
    return steps.flatMap((step, i) => {
      // Each sweep is told once, at its first step, with all others: a reader sees the trend.
      const first = steps.findIndex(s => s.statement.sweep === step.statement.sweep);
      const others = i === first ? steps.filter(s => isSameSweep(set, step.statement, s.statement)) : [];
      const all = [step, ...others];
      const far = others.filter(o => all.some(s => differ(s, o)));
      const [worst] = far.toSorted((a, b) => Math.abs(Math.log(b.value / step.value)) - Math.abs(Math.log(a.value / step.value)));
      if (worst === undefined) return [];
      const sentence = `Tokens per request change along the sweep: ${all.map(s => s.how).join('; ')}. Either the workload is not the same, or requests were cut off.`;
      return [
        contradiction(
          'implausible',
          worst.statement,
          { what: 'tokens per request', value: worst.value, unit: 'tok' },
          sentence,
          all.flatMap(s => [s.statement, ...s.others]),
        ),
      ];
    });
  },
});

/** Whether two steps differ by more than rounding, edges and chance. */
function differ(a: Step, b: Step): boolean {
  const [low, high] = a.value < b.value ? [a, b] : [b, a];
  return high.tokens.lower > low.tokens.upper * (1 + low.noise + high.noise);
}
