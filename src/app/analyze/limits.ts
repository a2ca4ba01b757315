import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import { askable } from '#diagnosis/causes/forbidden';
import { type Completeness, completenessOf, isComputeMissing, lacksCopies } from '#trace/completeness/completeness';
import { windowOf } from '#trace/events/trace-facts';
import type { OpenedTrace } from '#trace/opened-trace';

/** What a trace holds, what it and the others of its run lack, and who may be asked about them. */
export interface Limits {
  /** First and last recorded moment, ns since the session began. */
  readonly window: readonly [Ns, Ns];
  readonly completeness: Completeness;
  /** What the other traces lack, in their order, and when each begins. */
  readonly others: readonly { readonly completeness: Completeness; readonly from: Ns }[];
  /** All work that was launched is in the trace. */
  readonly isWhole: boolean;
  /** A computing thread can be told from a waiting one: calls are at their times and all there, and so are the copies that both wait for. */
  readonly areCallsSure: boolean;
  /** Who may be asked about the trace. @param hasRequests a load test came with it */
  readonly askable: (hasRequests: boolean) => readonly Detector[];
  /** Who may be asked about all of them. @param hasRequests a load test came with the first */
  readonly askableOfAll: (hasRequests: boolean) => readonly Detector[];
}

/** Finds the limits of a trace and of the others of its run, before anything is said of the program. */
export function limitsOf(trace: OpenedTrace, beside: readonly OpenedTrace[], detectors: readonly Detector[]): Limits {
  const window = windowOf(trace.ops, trace.host);
  const others = beside.map(t => ({ ...t, window: windowOf(t.ops, t.host), session: t.clock.session }));
  const [completeness, ...more] = completenessOf([{ ...trace, window, session: trace.clock.session }, ...others]);
  if (completeness === undefined) throw new Error('a trace was given, and nothing was found out about it');
  return {
    window,
    completeness,
    others: others.flatMap((o, k) => (more[k] === undefined ? [] : [{ completeness: more[k], from: o.window[0] }])),
    isWhole: !isComputeMissing(completeness),
    areCallsSure: completeness.osCalls === undefined && completeness.lostCalls === undefined && !lacksCopies(completeness),
    askable: hasRequests => askable(detectors, completeness, hasRequests),
    askableOfAll: hasRequests => more.reduce((some, c) => askable(some, c, hasRequests), askable(detectors, completeness, hasRequests)),
  };
}
