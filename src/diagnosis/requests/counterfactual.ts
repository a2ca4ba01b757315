import { itemAt, valueAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { bootstrapClusterQuantile } from '#core/math/bootstrap';
import { percentile } from '#core/math/percentiles';
import type { Ms } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import { clustersOf, incidentOf } from './clusters.ts';
import type { DelayBreakdown } from './delay-breakdown.ts';
import { replayer } from './replay-requests.ts';

/** p99 of the judged requests had some causes not been there. */
export interface Without {
  /** The interval: at 95 % the true one lies inside. */
  readonly lower: Ms;
  readonly upper: Ms;
  /** What the replay gives. */
  readonly point: Ms;
}

const p99 = (times: readonly Ms[]): Ms => percentile(Float64Array.from(times).sort(), 0.99);

/** From fewer incidents than this their spread is not known, and the lower end is what the delayed requests' own work takes. */
const FEWEST_INCIDENTS = 5;

/** What p99 would have been without some causes. */
export type Counterfactual = (causes: readonly CauseOrRest[]) => Without;

/**
 * Answers what p99 would have been without some causes: the queue and the steps replayed without them, drawn anew by incidents and blocks
 * of time. The lower end also takes away by-products in the incidents that these causes lead (causes that lead none), and lets no
 * lasting cause (a neighbour) slow what would have run in the time won; the upper end takes away only their own part, and lets it. Both
 * ends are as wide as the replay is coarse.
 */
export function counterfactual(delays: readonly DelayBreakdown[], incidents: readonly ExplainedStall[]): Counterfactual {
  const requests = delays.map(b => b.request);
  const now = p99(requests.map(r => r.timeMs));
  const leads = new Set(incidents.map(i => i.causes[0]?.cause));
  // Learned once, and only where a cause that had a part in anything is asked about.
  const learned = lazily(() => ({ clusters: clustersOf(delays), replay: replayer(requests, incidents) }));
  const shown = incidents.map(i => new Set(i.shares.map(s => s.cause)));
  return causes => {
    const removed = new Set(causes);
    const own = (cause: CauseOrRest) => removed.has(cause);
    const hits = shown.filter(inSteps => causes.some(c => inSteps.has(c))).length;
    const booked = delays.map(b => bookedApart(b, causes, shown));
    if (hits === 0 && booked.every(ms => ms === 0)) return { lower: now, upper: now, point: now };

    const { clusters, replay } = learned();
    const isLed = incidents.map(i => i.causes[0] !== undefined && own(i.causes[0].cause));
    const less = (times: readonly Ms[]) => times.map((t, i) => Math.max(Math.min(t, itemAt(delays, i).expectedMs), t - valueAt(booked, i)));
    const most = replay((c, k) => own(c) || (isLed[k] === true && !leads.has(c)), 0);
    const least = replay(own, 1);
    // What others did to this run is given: only incidents that these causes lead, and ordinary times, are drawn.
    const fixed = new Set(
      delays.flatMap((b, i) => {
        const incident = incidentOf(b);
        return incident === undefined || isLed[incident] === true ? [] : [valueAt(clusters, i)];
      }),
    );
    const point = Math.min(now, p99(less(replay(own, 0.5).timesMs)));
    const low = bootstrapClusterQuantile(less(most.timesMs), clusters, 0.99, { fixed }).low - most.grainMs;
    const high = bootstrapClusterQuantile(less(least.timesMs), clusters, 0.99, { fixed }).high + least.grainMs;
    const alone = (t: Ms, i: number) => {
      const b = itemAt(delays, i);
      const others = [...b.full].reduce((sum, [cause, ms]) => (own(cause) ? sum : sum + ms), 0);
      return t < b.request.timeMs ? Math.min(t, valueAt(most.workMs, i) + others) : t;
    };
    const lowest = hits < FEWEST_INCIDENTS ? p99(less(most.timesMs).map(alone)) : low;
    return { lower: Math.max(0, Math.min(low, lowest, point)), upper: Math.max(point, Math.min(high, now)), point };
  };
}

/** What the books give a slow request for causes that no step shows: its wait beyond the usual, which no replay of the steps takes away. */
function bookedApart(b: DelayBreakdown, causes: readonly CauseOrRest[], shown: readonly ReadonlySet<CauseOrRest>[]): Ms {
  if (!b.slow) return 0;
  let ms = 0;
  for (const cause of causes) {
    ms += b.parts.get(cause) ?? 0;
    for (const [k, parts] of b.byIncident) if (shown[k]?.has(cause)) ms -= parts.get(cause) ?? 0;
  }
  return Math.max(0, ms);
}
