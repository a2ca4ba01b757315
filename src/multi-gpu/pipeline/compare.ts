import { ascending, max, mean, quantileSorted, sum } from 'd3-array';
import type { Bytes, Ms, Share } from '#core/units';
import type { Pipeline, Schedule } from '#schema/pipeline';

/** What else differs between two schedules, and so spoils their comparison. Before, and after. */
export type Difference =
  | { readonly what: 'devices' | 'microbatches'; readonly counts: readonly [number, number] }
  | { readonly what: 'compute'; readonly compute_ms: readonly [Ms, Ms] }
  | { readonly what: 'hand-off size'; readonly bytes: readonly [Bytes, Bytes] }
  | { readonly what: 'hand-off rate'; readonly gbps: readonly [number, number] }
  | { readonly what: 'staging'; readonly where: 'first' | 'second' }
  | { readonly what: 'single iteration' }
  /** Shares of the devices' time in which launches came too late: what a schedule does then hardly shows. */
  | { readonly what: 'host-bound'; readonly shares: readonly [Share, Share] };

/** Two schedules beside one another. */
export interface ComparedSchedules extends Omit<Pipeline['comparison'][number], 'differences'> {
  readonly differences: readonly Difference[];
}

/** What of a schedule is compared. */
type Comparable = Pick<Schedule, 'name' | 'label' | 'p' | 'm' | 'iterations' | 'iteration_ms' | 'bubble' | 'excess'> & {
  readonly handoffs: Pick<Schedule['handoffs'], 'bytes' | 'gbps' | 'staged'>;
};

const RESAMPLES = 2000;
const [LOW, HIGH] = [0.025, 0.975];
/** A difference in the amount of work below this is jitter of clocks. */
const SAME_WORK = 0.02;
const SAME_RATE = 0.2;

/** A fixed sequence of numbers in [0, 1): the same two runs always compare alike. */
function sequence(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** 95 % interval of the ratio of mean lengths, by resampling the iterations of either side. Null where one has a single iteration. */
function speedupInterval(before: readonly number[], after: readonly number[]): [number, number] | null {
  if (before.length < 2 || after.length < 2) return null;
  const next = sequence();
  const resampled = (values: readonly number[]) => mean(values, () => values[Math.floor(next() * values.length)]) ?? 0;
  const ratios = Array.from({ length: RESAMPLES }, () => resampled(before) / resampled(after)).sort(ascending);
  return [quantileSorted(ratios, LOW) ?? 0, quantileSorted(ratios, HIGH) ?? 0];
}

/** What each is called: by its program, unless both are called the same there. */
const titlesOf = (a: Comparable, b: Comparable): readonly [string, string] =>
  a.label !== null && a.label === b.label && a.name !== b.name ? [a.name, b.name] : [a.label ?? a.name, b.label ?? b.name];
const computeOf = (s: Comparable) => sum(s.bubble, b => b.compute_ms);
const changed = (a: number, b: number, limit: number) => Math.abs(b / a - 1) > limit;

/** Less than this share of the time is no reason to doubt a comparison. */
const LEAST_LATE: Share = 0.01;

/** What theory says that one schedule stands still less than the other: launches that are late for longer hide it. */
function theoreticalGain(a: Comparable, b: Comparable): Share {
  const [x, y] = [a.bubble[0]?.theory_share ?? null, b.bubble[0]?.theory_share ?? null];
  return Math.max(LEAST_LATE, x === null || y === null ? 0 : Math.abs(x - y));
}

/** Share of the devices' time that late launches cost. */
const lateShare = (s: Comparable): Share =>
  Math.max(0, s.excess.find(e => e.why === 'launch-starvation')?.ms ?? 0) / (s.p * (mean(s.iteration_ms) ?? 1));

function differences(a: Comparable, b: Comparable): Difference[] {
  const out: Difference[] = [];
  if (a.p !== b.p) out.push({ what: 'devices', counts: [a.p, b.p] });
  if (a.m !== b.m) out.push({ what: 'microbatches', counts: [a.m, b.m] });
  const [before, after] = [computeOf(a), computeOf(b)];
  if (before > 0 && changed(before, after, SAME_WORK)) out.push({ what: 'compute', compute_ms: [before, after] });
  if (a.handoffs.bytes !== null && b.handoffs.bytes !== null && a.handoffs.bytes !== b.handoffs.bytes)
    out.push({ what: 'hand-off size', bytes: [a.handoffs.bytes, b.handoffs.bytes] });
  if (a.handoffs.staged > 0 !== b.handoffs.staged > 0) out.push({ what: 'staging', where: a.handoffs.staged > 0 ? 'first' : 'second' });
  else if (a.handoffs.gbps !== null && b.handoffs.gbps !== null && changed(a.handoffs.gbps, b.handoffs.gbps, SAME_RATE))
    out.push({ what: 'hand-off rate', gbps: [a.handoffs.gbps, b.handoffs.gbps] });
  const late: readonly [Share, Share] = [lateShare(a), lateShare(b)];
  if (Math.min(...late) > theoreticalGain(a, b)) out.push({ what: 'host-bound', shares: late });
  if (Math.min(a.iterations, b.iterations) < 2) out.push({ what: 'single iteration' });
  return out;
}

function compare(a: Comparable, b: Comparable, runs: readonly [string, string]): ComparedSchedules {
  const bubble = (s: Comparable) => mean(s.bubble, x => x.measured_share) ?? 0;
  const exposed = (s: Comparable) => sum(s.bubble, x => x.exposed_communication_ms);
  const [before, after] = titlesOf(a, b);
  const peak = (s: Comparable) => max(s.bubble, x => x.peak_microbatches) ?? 0;
  return {
    before: `${runs[0]}${before}`,
    after: `${runs[1]}${after}`,
    speedup: (mean(a.iteration_ms) ?? 0) / (mean(b.iteration_ms) ?? 1),
    speedup_ci: speedupInterval(a.iteration_ms, b.iteration_ms),
    bubble_share: [bubble(a), bubble(b)],
    exposed_communication_ms: [exposed(a), exposed(b)],
    peak_microbatches: [peak(a), peak(b)],
    differences: differences(a, b),
  };
}

/** Work that took no time has no ratio. */
const tookTime = ({ iteration_ms }: Comparable): boolean => iteration_ms.every(ms => ms > 0);

/**
 * Compares two runs schedule by schedule, or, with one run alone, the schedules in it each with those before it. Schedules of two
 * runs belong together by their name; a run of a single schedule is compared with whatever the other one ran. Schedules of which an
 * iteration took no time are left out.
 */
export function comparePipelines(
  before: { readonly schedules: readonly Comparable[] } | null,
  after: { readonly schedules: readonly Comparable[] } | null,
): ComparedSchedules[] {
  if (after === null) return [];
  const later = after.schedules.filter(tookTime);
  if (before === null) return later.flatMap((b, i) => later.slice(0, i).map(a => compare(a, b, ['', ''])));
  const earlier = before.schedules.filter(tookTime);
  const same = later.flatMap(b =>
    earlier
      .filter(a => a.name === b.name && (a.label === b.label || a.name !== 'unknown'))
      .slice(0, 1)
      .map(a => ({ a, b })),
  );
  const pairs = same.length > 0 ? same : earlier.flatMap(a => later.map(b => ({ a, b })));
  return pairs.map(({ a, b }) => compare(a, b, ['before: ', 'after: ']));
}
