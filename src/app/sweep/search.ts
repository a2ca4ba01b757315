import { significant } from '#core/math/round';

/** From where to where is searched, and how close. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  /** As a share of what is found. */
  readonly within: number;
  /** Requests in flight and tokens are whole. */
  readonly isWhole: boolean;
}

/** More digits than this say nothing of a rate. */
const DIGITS = 3;

/**
 * Looks for the highest setting that holds, each asked once: doubles until one does not, then halves the distance on logarithms. It supposes that what fails at
 * one setting fails at all higher ones.
 * @returns undefined where the first does not hold
 */
export async function highestThatHolds(
  { from, to, within, isWhole }: SearchRange,
  holds: (value: number) => Promise<boolean>,
): Promise<number | undefined> {
  const settle = (value: number) => (isWhole ? Math.round(value) : significant(value, DIGITS));
  let [low, high]: [number | undefined, number | undefined] = [undefined, undefined];
  for (let value = from; high === undefined; value = Math.min(settle(2 * value), to)) {
    if (!(await holds(value))) high = value;
    else {
      low = value;
      if (value >= to) return value;
    }
  }
  if (low === undefined) return undefined;
  while (high / low > 1 + within) {
    const middle: number = settle(Math.sqrt(low * high));
    if (middle <= low || middle >= high) break;
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
