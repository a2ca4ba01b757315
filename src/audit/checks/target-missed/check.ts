import { contradiction, defineCheck } from '../../define.ts';
import { QUANTITIES, type Quantity, type Statement } from '../../statement.ts';
import { fileOf, inContext, ofQuantity, type StatementSet, sameScope } from '../../statement-set.ts';

/** Of these less is better: a target without a sign is a bound from above. */
const LESS_IS_BETTER: ReadonlySet<Quantity> = new Set<Quantity>([
  'latency_ms',
  'usd_per_million_tokens',
  'bubble_share',
  'power_mean_w',
  'energy_j',
]);
const isUpperBound = (target: Statement): boolean =>
  target.lower === -Infinity || (target.upper !== Infinity && LESS_IS_BETTER.has(target.quantity));

/** Results of the target's own document, for the same figure and the same machine. A step of a sweep, not a number in passing. */
const resultsFor = (set: StatementSet, target: Statement): Statement[] => {
  const machine = inContext(set, target, 'gpus');
  return ofQuantity(set, target.quantity, c => {
    const own = inContext(set, c, 'gpus');
    return (
      c.role === 'result' &&
      c.sweep !== null &&
      fileOf(c) === fileOf(target) &&
      !sameScope(c, target) &&
      c.of === target.of &&
      c.statistic === target.statistic &&
      own?.value === machine?.value &&
      own?.of === machine?.of
    );
  });
};

export default defineCheck({
  id: 'target-missed',
  title: "A target that the document's own results miss",
  formula: 'result < bound for "below" targets, in every step; for "above" targets, in the best step',
  source: "the document's own target",
  find: set =>
    set
      .filter(c => c.role === 'target')
      .flatMap(target => {
        const results = resultsFor(set, target);
        if (results.length === 0) return [];
        const below = isUpperBound(target);
        const missed = results.filter(r => (below ? r.lower >= target.upper : r.upper < target.lower));
        // A step at a low rate need not reach the most that the machine can do.
        if (missed.length === 0 || (!below && missed.length < results.length)) return [];
        const [worst] = missed.toSorted((a, b) => (below ? b.value - a.value : a.value - b.value));
        if (worst === undefined) return [];
        const sentence = `The target ${target.text} is missed by ${missed.length} of ${results.length} of the document's own results: ${missed
          .map(r => `${r.text} (${r.subject})`)
          .join(', ')}.`;
        return [
          contradiction(
            'impossible',
            target,
            { what: 'worst result', value: worst.value, unit: QUANTITIES[worst.quantity] },
            sentence,
            missed,
          ),
        ];
      }),
});
