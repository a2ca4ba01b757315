import { ms, msOf, percent, rangeWords } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { BUCKETS } from '#diagnosis/steps/buckets';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { CAUSE_TEXT, CAUSES_BY_FLAG, type Cause } from '#schema/causes';
import type { Finding, Latency } from '#schema/report';
import type { JudgedCause } from './ranked-causes.ts';
import { isFault } from './summary/verdict.ts';
import { staysWithout } from './wording.ts';

/** More waiting for the host than working: what "host-bound" means. */
const HOST_BOUND: Share = 0.5;
/** Share of p99 that a cause must be worth, at the least, for each severity. */
const HIGH: Share = 0.2;
const MEDIUM: Share = 0.05;

export interface HostBound {
  readonly share: Share;
  readonly cause: Cause;
  readonly sentence: string;
}

/**
 * Whether a lane waited for the host more than it worked while requests were in flight, over the whole run: a fault that no
 * single stretch shows when it is in most of them.
 */
export const hostBoundOf = (
  lanes: readonly { readonly steps: EngineSteps | undefined; readonly attributed: readonly AttributedLoss[] }[],
  hasRequests: boolean,
): HostBound | undefined =>
  lanes
    .flatMap(({ steps, attributed }) => (steps === undefined ? [] : (hostBoundLane(steps, attributed, hasRequests) ?? [])))
    .toSorted((a, b) => b.share - a.share)[0];

function hostBoundLane(steps: EngineSteps, attributed: readonly AttributedLoss[], hasRequests: boolean): HostBound | undefined {
  const sum = (values: ArrayLike<number> | undefined) => Array.from(values ?? []).reduce((a, b) => a + b, 0);
  // Without a load test the time in which a lane may have had nothing to do is neither held against it nor for it.
  const waited = hasRequests
    ? 0
    : attributed.reduce((s, { loss: l }) => (l.kind === 'starved' && l.isInput === true ? s + l.end - l.start : s), 0);
  const total = sum(steps.duration) - waited;
  const byCause = CAUSES_BY_FLAG.host
    .map(cause => ({ cause, ns: sum(steps.buckets[BUCKETS.indexOf(cause)]) }))
    .toSorted((a, b) => b.ns - a.ns);
  const share = total > 0 ? byCause.reduce((s, c) => s + c.ns, 0) / total : 0;
  const main = byCause[0];
  if (main === undefined || share < HOST_BOUND) return undefined;
  const slow = steps.normal.duration;
  return {
    share,
    cause: main.cause,
    sentence: `The serving steps are host-bound: ${percent(share)} of the time ${hasRequests ? 'with requests in flight' : 'that it had work, as far as the trace shows,'} the GPU waited for the host: for ${percent(main.ns / total)} of the time, ${CAUSE_TEXT[main.cause].title.toLowerCase()} on the launch path (a normal step takes ${msOf(slow.median)}).`,
  };
}

/**
 * Share of p99 that a cause is worth: what its removal alone would gain, or its share of what the removal of all would gain. Equal causes
 * hide one another from the first measure: p99 stays where it is as long as one of them is left.
 */
const worthOf = (c: JudgedCause, p99: Ms, withoutAll: Ms): Share =>
  Math.max(p99 - c.p99_without_ms.upper, c.share * (p99 - withoutAll)) / p99;

/** What a reader should act on, by how much of p99 it is worth. */
export function findingsOf(
  causes: readonly JudgedCause[],
  e2e: Latency | undefined,
  withoutAll: { readonly upper: Ms } | undefined,
  hostBound: HostBound | undefined,
): Finding[] {
  const fromCauses = causes.map(c => {
    const worth = e2e === undefined ? 0 : worthOf(c, e2e.p99_ms, withoutAll?.upper ?? e2e.p99_ms);
    return {
      id: c.cause,
      // Waits for admission beside which nothing was wrong are how a server under load works.
      severity: !isFault(c)
        ? ('info' as const)
        : worth >= HIGH
          ? ('high' as const)
          : worth >= MEDIUM
            ? ('medium' as const)
            : ('low' as const),
      title: `${CAUSE_TEXT[c.cause].title}: ${c.subject}`,
      detail: `${CAUSE_TEXT[c.cause].meaning} It accounts for ${percent(c.share)} of the time lost (${ms(c.excess_ms)}); ${e2e !== undefined && staysWithout(c, e2e.p99_ms) ? 'p99 would not move without it' : `p99 without it would have been ${rangeWords(c.p99_without_ms.lower, c.p99_without_ms.upper)}`}.`,
      advice: c.advice,
      evidence: [],
    };
  });
  const bound: Finding[] =
    hostBound === undefined
      ? []
      : [
          {
            id: 'host-bound',
            severity: 'high',
            title: 'Serving steps are host-bound',
            detail: hostBound.sentence,
            advice: CAUSE_TEXT[hostBound.cause].advice,
            evidence: [],
          },
        ];
  return [...bound, ...fromCauses];
}
