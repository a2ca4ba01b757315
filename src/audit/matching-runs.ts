import { group } from 'd3-array';
import { QUANTITIES, type Quantity, type Statement } from './statement.ts';
import { fileOf, ofScope, type StatementSet, scopeKey } from './statement-set.ts';
import { num, statisticName } from './wording.ts';

export const THOUSAND = 1000;
/** Digits that make a number hard to hit by chance: three, with the last one rounded. */
const DISTINCT_DIGITS = 2.5;
/** What a clock measured and nobody rounded has more; 125 ms in two files is a round number. */
const EXACT_DIGITS = 5;

const MEASURED: ReadonlySet<Quantity> = new Set<Quantity>([
  'duration_s',
  'sampled_s',
  'requests_per_s',
  'completed',
  'input_tokens',
  'output_tokens',
  'output_tokens_per_s',
  'total_tokens_per_s',
  'latency_ms',
  'power_mean_w',
  'energy_j',
  'tokens_per_joule',
]);
const RUN = 2;
/** What comes out of a whole run, as against what was set, and stretches of it. */
const isMeasured = (statement: Statement): boolean =>
  MEASURED.has(statement.quantity) && (statement.source.path === null || statement.scope.length <= RUN);

/** Two statements about one figure. Latencies of another number of requests are of another choice among them. */
export const isSameFigure = (a: Statement, b: Statement): boolean =>
  a.quantity === b.quantity &&
  (a.n === null || b.n === null || a.n === b.n) &&
  a.statistic === b.statistic &&
  (a.of === b.of || a.quantity !== 'latency_ms');

/** "At least 14,000" is no account of what was measured. */
const isBounded = (c: Statement): boolean => Number.isFinite(c.lower) && Number.isFinite(c.upper);
const agrees = (a: Statement, b: Statement): boolean => isBounded(a) && isBounded(b) && a.lower <= b.upper && b.lower <= a.upper;

/** Digits that are known of a statement's number. */
const digits = (c: Statement): number => {
  const doubt = (c.upper - c.lower) / 2;
  if (doubt > 0) return Math.log10(Math.abs(c.value) / doubt);
  return String(Math.abs(c.value))
    .replace(/[.]|e.*$/g, '')
    .replace(/^0+|0+$/g, '').length;
};
/** Equal to so many digits that chance is hardly the reason. */
export const sharedExactly = (a: Statement, b: Statement): boolean => {
  const isExact = a.lower === a.upper && b.lower === b.upper;
  return agrees(a, b) && Math.min(digits(a), digits(b)) >= (isExact ? EXACT_DIGITS : DISTINCT_DIGITS);
};

const TIMES: ReadonlySet<Quantity> = new Set<Quantity>(['duration_s', 'requests_per_s', 'output_tokens_per_s', 'total_tokens_per_s']);
const POWERS: ReadonlySet<Quantity> = new Set<Quantity>(['sampled_s', 'power_mean_w', 'energy_j', 'tokens_per_joule']);
/**
 * Figures of one family follow from each other, so that one is as good as all; counts are set, not measured, and prove nothing.
 * undefined for those.
 */
export const familyOf = (statement: Statement): string | undefined =>
  TIMES.has(statement.quantity)
    ? 'time'
    : POWERS.has(statement.quantity)
      ? 'power'
      : statement.quantity === 'latency_ms'
        ? `${statement.of} ${statement.statistic}`
        : undefined;

/** Whether the first, as written, is the second times a thousand. */
export const thousandfold = (big: Statement, small: Statement): boolean =>
  isBounded(big) && isBounded(small) && big.lower <= small.value * THOUSAND && small.value * THOUSAND <= big.upper && big.value > 0;

const runs = new WeakMap<StatementSet, readonly Statement[][]>();
/** What was measured, run by run. */
export function runsOf(set: StatementSet): readonly Statement[][] {
  const known = runs.get(set);
  if (known !== undefined) return known;
  const made = [
    ...group(
      set.filter(c => c.role === 'result' && isMeasured(c)),
      scopeKey,
    ).values(),
  ];
  runs.set(set, made);
  return made;
}

/** Another account, in another file, of the run that a statement belongs to. */
export interface MatchingRun {
  readonly scope: readonly string[];
  /** The figure that is the same in both, in words. */
  readonly shared: string;
}

/**
 * Accounts in other files that agree with this run in one figure to the written digits, and differ by a thousand in another:
 * two coincidences at once, which is how a misread unit looks.
 */
export function matchingRunsOf(set: StatementSet, statement: Statement): MatchingRun[] {
  const own = ofScope(set, statement.scope).filter(c => c.role === 'result' && isMeasured(c));
  return runsOf(set).flatMap(other => {
    // Of two exact numbers neither is a reading of the other.
    const [any] = other;
    if (any === undefined || fileOf(any) === fileOf(statement) || (any.source.path !== null && statement.source.path !== null)) return [];
    const pairs = own.flatMap(a => other.filter(b => isSameFigure(a, b)).map(b => [a, b] as const));
    const same = pairs.find(([a, b]) => agrees(a, b));
    const off = pairs.some(([a, b]) => thousandfold(a, b) || thousandfold(b, a));
    if (same === undefined || !off) return [];
    const [a, b] = same;
    const name = [a.of, statisticName(a.statistic)].filter(s => s !== '').join(' ') || a.quantity.replace(/_/g, ' ');
    return [{ scope: any.scope, shared: `${name} (${num(a.value)} ${QUANTITIES[a.quantity]}, "${b.text}")` }];
  });
}
