import { ascending, max, mean, quantileSorted, sum } from 'd3-array';
import type { Pipeline, Schedule } from '#schema/pipeline';

type Comparison = Pipeline['comparison'][number];

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

const titleOf = (s: Schedule, run: string) => `${run}${s.label ?? s.name}`;
const computeOf = (s: Schedule) => sum(s.bubble, b => b.compute_ms);
const changed = (a: number, b: number, limit: number) => Math.abs(b / a - 1) > limit;

function differences(a: Schedule, b: Schedule): string[] {
  const out: string[] = [];
  if (a.p !== b.p) out.push(`${a.p} devices against ${b.p}`);
  if (a.m !== b.m) out.push(`${a.m} microbatches against ${b.m}: the batch, or how it is cut, is another one`);
  const [before, after] = [computeOf(a), computeOf(b)];
  if (before > 0 && changed(before, after, SAME_WORK))
    out.push(
      `the devices compute ${before.toFixed(1)} ms an iteration against ${after.toFixed(1)} ms: other work, or other clocks, beside the schedule`,
    );
  if (a.handoffs.bytes !== null && b.handoffs.bytes !== null && a.handoffs.bytes !== b.handoffs.bytes)
    out.push(`hand-offs of ${a.handoffs.bytes} bytes against ${b.handoffs.bytes}`);
  if (a.handoffs.staged > 0 !== b.handoffs.staged > 0)
    out.push(`hand-offs go through the host in ${a.handoffs.staged > 0 ? 'the first' : 'the second'} alone`);
  else if (a.handoffs.gbps !== null && b.handoffs.gbps !== null && changed(a.handoffs.gbps, b.handoffs.gbps, SAME_RATE))
    out.push(`hand-offs at ${a.handoffs.gbps.toFixed(0)} GB/s against ${b.handoffs.gbps.toFixed(0)}`);
  if (Math.min(a.iterations, b.iterations) < 2) out.push('a single iteration on one side: no interval can be given');
  return out;
}

function compare(a: Schedule, b: Schedule, runs: readonly [string, string]): Comparison {
  const bubble = (s: Schedule) => mean(s.bubble, x => x.measured_share) ?? 0;
  const exposed = (s: Schedule) => sum(s.bubble, x => x.exposed_communication_ms);
  const peak = (s: Schedule) => max(s.bubble, x => x.peak_microbatches) ?? 0;
  return {
    before: titleOf(a, runs[0]),
    after: titleOf(b, runs[1]),
    speedup: (mean(a.iteration_ms) ?? 0) / (mean(b.iteration_ms) ?? 1),
    speedup_ci: speedupInterval(a.iteration_ms, b.iteration_ms),
    bubble_share: [bubble(a), bubble(b)],
    exposed_communication_ms: [exposed(a), exposed(b)],
    peak_microbatches: [peak(a), peak(b)],
    differences: differences(a, b),
  };
}

/**
 * Compares two runs schedule by schedule, or, with one run alone, the schedules in it each with those before it. Schedules of two
 * runs belong together by their name; a run of a single schedule is compared with whatever the other one ran.
 */
export function comparePipelines(before: Pick<Pipeline, 'schedules'> | null, after: Pick<Pipeline, 'schedules'> | null): Comparison[] {
  if (after === null) return [];
  if (before === null) return after.schedules.flatMap((b, i) => after.schedules.slice(0, i).map(a => compare(a, b, ['', ''])));
  const same = after.schedules.flatMap(b =>
    before.schedules
      .filter(a => a.name === b.name && (a.label === b.label || a.name !== 'unknown'))
      .slice(0, 1)
      .map(a => ({ a, b })),
  );
  const pairs = same.length > 0 ? same : before.schedules.flatMap(a => after.schedules.map(b => ({ a, b })));
  return pairs.map(({ a, b }) => compare(a, b, ['before: ', 'after: ']));
}
