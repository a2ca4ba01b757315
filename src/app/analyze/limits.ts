import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import { askable } from '#diagnosis/causes/forbidden';
import { type Completeness, completenessOf, isComputeMissing } from '#trace/completeness/completeness';
import { windowOf } from '#trace/events/trace-facts';
import type { OpenedTrace } from '#trace/opened-trace';

/** What a trace holds, what it lacks, and who may be asked about it. */
export interface Limits {
  /** First and last recorded moment, ns since the session began. */
  readonly window: readonly [Ns, Ns];
  readonly completeness: Completeness;
  /** All work that was launched is in the trace. */
  readonly isWhole: boolean;
  /** @param hasRequests a load test came with the trace */
  readonly askable: (hasRequests: boolean) => readonly Detector[];
}

/** Finds the limits of a trace, before anything is said of the program. */
export function limitsOf({ source, ops, host }: OpenedTrace, detectors: readonly Detector[]): Limits {
  const window = windowOf(ops, host);
  const completeness = completenessOf(source, ops, host, window);
  return {
    window,
    completeness,
    isWhole: !isComputeMissing(completeness),
    askable: hasRequests => askable(detectors, completeness, hasRequests),
  };
}
