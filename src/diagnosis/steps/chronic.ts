import { sum } from 'd3-array';
import { itemAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { coverage, intersect, measure, type Spans } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { Lane } from '#diagnosis/lanes/lane';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import { CAUSES_BY_FLAG } from '#schema/causes';
import { BUCKETS, type Bucket } from './buckets.ts';
import type { EngineSteps } from './engine-steps.ts';
import { isOfPrompts, PLAIN, STEP_KINDS, type StepKind } from './step-kinds.ts';

/** What every step of a kind loses: no single one stands out, and no request escapes it. */
export interface ChronicIdle {
  readonly kind: StepKind;
  /** A usual step of that kind, and how long the GPU ran nothing in it, ns. */
  readonly step: Ns;
  readonly idle: Ns;
  /** The parts of the idle time, the largest first; `launches` are gaps too short to be more than the cost of a launch. */
  readonly parts: readonly { readonly what: Bucket | 'launches'; readonly ns: Ns }[];
}

/** How much prompts of others hold up those that decode, in every run of this load. */
export interface Interference {
  /** A usual plain step, and how much longer a usual one on prompts takes, ns. */
  readonly step: Ns;
  readonly pause: Ns;
  /** Steps on prompts of a usual length or more, and the share of the time with requests in flight by which they were longer than plain ones. */
  readonly count: number;
  readonly share: Share;
}

/** What is wrong throughout, measured against absolutes: the run's own median would call it usual. */
export interface Chronic {
  readonly idle: readonly ChronicIdle[];
  /** Share of the time with requests in flight in which work of others ran on the GPU. */
  readonly shared: Share;
  /** Share of the GPU's samples with a reason to hold the clock down, and these reasons; undefined where there are none. */
  readonly throttled: { readonly share: Share; readonly reason: string } | undefined;
  /** undefined where too few steps are on prompts to say how long they usually are. */
  readonly interference: Interference | undefined;
}

/** Steps of a kind must hold this share of the time to be worth a word. */
const WORTH: Share = 0.1;
/** Losses in which the GPU runs nothing; the others are work that took longer. */
const RUNNING: ReadonlySet<Bucket> = new Set<Bucket>(['work', ...CAUSES_BY_FLAG.busy]);

/** What is launched and waits in every step waits for no neighbour: for its graph to begin, or for other work of its own. */
const WAITING: ReadonlySet<Bucket> = new Set<Bucket>(CAUSES_BY_FLAG.launched);

/** Measures what a lane loses in every step. @param demand when requests were in flight */
export function chronicOf(lane: Lane, steps: EngineSteps, demand: Spans, samples: SampleTimeline): Chronic {
  const busy = coverage(intersect(lane.busy, demand));
  const total = sum(steps.duration);
  const idle = STEP_KINDS.flatMap((kind, k): ChronicIdle[] => {
    const rows = [...steps.duration.keys()].filter(i => steps.kind[i] === k && realAt(steps.duration, i) > 0);
    if (rows.length === 0 || sum(rows, i => realAt(steps.duration, i)) < WORTH * total) return [];
    const step = medianOf(rows.map(i => realAt(steps.duration, i)));
    const still = medianOf(rows.map(i => realAt(steps.duration, i) - busy(realAt(steps.start, i), realAt(steps.end, i))));
    const usual = itemAt(steps.normal.losses, k).buckets;
    const known = BUCKETS.flatMap((what, b) =>
      RUNNING.has(what) ? [] : [{ what: WAITING.has(what) ? ('unattributed' as const) : what, ns: valueAt(usual, b) }],
    ).filter(p => p.ns > 0);
    const launches = { what: 'launches' as const, ns: Math.max(0, still - sum(known, p => p.ns)) };
    return [{ kind, step, idle: still, parts: [...known, launches].toSorted((a, b) => b.ns - a.ns) }];
  });
  const inFlight = measure(demand);
  return {
    idle,
    interference: interferenceOf(steps, total),
    shared: inFlight > 0 ? measure(intersect(lane.foreign, demand)) / inFlight : 0,
    throttled: samples.throttled(realAt(steps.start, 0), realAt(steps.end, steps.n - 1)),
  };
}

/** @param total time with requests in flight, ns */
function interferenceOf({ duration, kind, n, normal: { pause } }: EngineSteps, total: Ns): Interference | undefined {
  if (pause <= 0 || total <= 0) return undefined;
  const plain: Ns[] = [];
  for (let i = 0; i < n; i++) if (kind[i] === PLAIN && realAt(duration, i) > 0) plain.push(realAt(duration, i));
  const step = medianOf(plain);
  let [count, longer] = [0, 0];
  for (let i = 0; i < n; i++) {
    const more = realAt(duration, i) - step;
    if (!isOfPrompts(kind[i]) || more <= 0) continue;
    longer += more;
    if (more >= pause) count++;
  }
  return { step, pause, count, share: longer / total };
}
