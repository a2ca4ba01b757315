import { realAt } from '#core/columns';
import type { Ms, Share } from '#core/units';
import { CAUSES, CAUSES_BY_FLAG, type Cause } from '#schema/causes';
import { BUCKETS } from './buckets.ts';
import { beyondUsual, type EngineSteps } from './engine-steps.ts';
import { leastDelay } from './is-incident.ts';

/** What the steps of all lanes can show of one cause, and what they lost to it without an incident. */
export interface Visible {
  /** A delay of this length would have been an incident. */
  readonly aboveMs: Ms;
  /** What the steps lost to the cause in all, incidents or not. */
  readonly lostMs: Ms;
  /** The same as a share of the time with requests in flight. */
  readonly share: Share;
  /** The most that one step lost to it beyond the usual. */
  readonly mostMs: Ms;
}

const NS_PER_MS = 1e6;
const SUSTAINED: ReadonlySet<Cause> = new Set(CAUSES_BY_FLAG.sustained);

/**
 * How long a delay must be to be seen: the least that counts, and beyond what steps lose by chance. A cause that slows many steps a little is
 * judged by what it took in all, so the noise of one step does not hide it.
 */
function aboveNs(steps: EngineSteps, cause: Cause): number {
  const least = leastDelay(steps);
  return SUSTAINED.has(cause) ? least : Math.max(least, ...steps.normal.losses.map(l => l.extreme));
}

/** What could be seen of each cause; undefined where no lane has steps to compare. */
export function visibleCauses(lanes: readonly EngineSteps[]): ReadonlyMap<Cause, Visible> | undefined {
  if (lanes.length === 0) return undefined;
  return new Map(CAUSES.map(cause => [cause, visibleIn(lanes, cause)]));
}

function visibleIn(lanes: readonly EngineSteps[], cause: Cause): Visible {
  const bucket = BUCKETS.indexOf(cause);
  let [above, lost, most, time] = [0, 0, 0, 0];
  for (const steps of lanes) {
    above = Math.max(above, aboveNs(steps, cause));
    for (let i = 0; i < steps.n; i++) {
      lost += realAt(steps.buckets[bucket], i);
      time += realAt(steps.duration, i);
      most = Math.max(most, beyondUsual(steps, bucket, i));
    }
  }
  return { aboveMs: above / NS_PER_MS, lostMs: lost / NS_PER_MS, share: time > 0 ? lost / time : 0, mostMs: most / NS_PER_MS };
}
