import type { Share } from '#core/units';
import type { Statement } from './statement.ts';

/** What a number may be, both ends included, in the unit of its quantity. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
}
type Positive = Pick<Statement, 'lower' | 'upper'>;

/** The range of a product of two positive quantities. */
export const times = (a: Positive, b: Positive): Range => ({ lower: a.lower * b.lower, upper: a.upper * b.upper });
/** The range of a quotient of two positive quantities. */
export const over = (a: Positive, b: Positive): Range => ({ lower: a.lower / b.upper, upper: b.lower > 0 ? a.upper / b.lower : Infinity });

/** Whether two ranges have nothing in common even when each is widened by a share of itself. */
export const apart = (a: Positive, b: Positive, slack: Share): boolean =>
  a.lower > b.upper * (1 + slack) || b.lower > a.upper * (1 + slack);
