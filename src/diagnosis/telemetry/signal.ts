import { type Spans, spansOf } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { Cause } from '#schema/causes';

/** What telemetry alone shows of one cause. Times in ns since the session began. */
export interface Signal {
  readonly cause: Cause;
  /** When it was beyond what is usual in this run. */
  readonly spans: Spans;
  /** The share of [from, to) that it can have cost at the most. */
  readonly most: (from: Ns, to: Ns) => Share;
  /** In [from, to) it is what more work brings with it: a power cap. */
  readonly followsWork: (from: Ns, to: Ns) => boolean;
  /** What was seen in [from, to). */
  readonly subject: (from: Ns, to: Ns) => string;
}

export const never = () => false;

/** Stretches between neighbouring moments that are picked. */
export const stretches = (t: ArrayLike<number>, since: ArrayLike<number>, isPicked: (from: Ns, to: Ns, i: number) => boolean): Spans =>
  spansOf(Array.from(t, (to, i) => [since[i] ?? to, to] as const).filter(([from, to], i) => isPicked(from, to, i)));
