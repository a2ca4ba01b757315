import { contradiction, defineCheck } from '../../define.ts';
import { QUANTITIES, type Quantity, type Statement } from '../../statement.ts';
import { beside, fileOf, ofQuantity, type StatementSet } from '../../statement-set.ts';
import { num } from '../../wording.ts';

interface Bound {
  readonly measured: Quantity;
  readonly most: Quantity;
  /** What a reading may be above it, as a share: 5 % is NVML's stated accuracy of power.draw. */
  readonly slack: number;
  readonly measuredWords: string;
  readonly mostWords: string;
}
const BOUNDS: readonly Bound[] = [
  {
    measured: 'power_mean_w',
    most: 'power_limit_max_w',
    slack: 0.05,
    measuredWords: 'drew a mean of',
    mostWords: 'can be limited to, at most',
  },
  { measured: 'gpu_memory_used_mib', most: 'gpu_memory_total_mib', slack: 0, measuredWords: 'used', mostWords: 'has' },
];

/** What the other files say of the product, where all of them agree: the same name may stand on boards that differ. */
function mostOf(set: StatementSet, quantity: Quantity, product: Statement): Statement | undefined {
  const told = ofQuantity(set, quantity, c => c.of === product.of && fileOf(c) !== fileOf(product));
  return told.every(c => c.value === told[0]?.value) ? told[0] : undefined;
}

export default defineCheck({
  id: 'machine-capacity',
  title: "More than the machine's own state allows",
  formula: 'mean W of a GPU ≤ 1.05 × the greatest limit, MiB used ≤ MiB in all, of the same product in nvidia-smi -q -x',
  source: 'max_power_limit and fb_memory_usage.total as the driver states them; nothing is said where the files differ in them',
  find: set =>
    ofQuantity(set, 'gpu_number').flatMap(product =>
      BOUNDS.flatMap(({ measured, most, slack, measuredWords, mostWords }) => {
        const statement = beside(set, product, measured);
        const limit = mostOf(set, most, product);
        if (statement === undefined || limit === undefined || statement.lower <= limit.upper * (1 + slack)) return [];
        const unit = QUANTITIES[most];
        const sentence = `${statement.subject} ${measuredWords} ${num(statement.value)} ${unit} in ${fileOf(statement)}, more than the ${num(limit.value)} ${unit} that ${product.of} ${mostWords} (${fileOf(limit)}).`;
        return [
          contradiction('implausible', statement, { what: most.replace(/_/g, ' '), value: limit.value, unit }, sentence, [limit, product]),
        ];
      }),
    ),
});
