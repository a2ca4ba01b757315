import { ascending } from 'd3-array';
import type { Ns } from '#core/units';
import type { ScheduleName } from '#schema/pipeline';
import type { PhaseName } from './grammar/meaning.ts';
import type { Iteration, Operation } from './operation.ts';

/**
 * Which phase an operation of a rank belongs to. Warm-up are the forwards before the first of those that alternate with backwards,
 * cool-down is what comes after the last alternation.
 */
export function phasesOf(list: readonly Operation[], name: ScheduleName): PhaseName[] {
  const firstBackward = list.findIndex(o => o.kind === 'B');
  const lastForward = list.findLastIndex(o => o.kind === 'F');
  // With all backwards after all forwards nothing alternates, unless the schedule is one that alternates but once.
  const alternates =
    firstBackward >= 0 && (lastForward > firstBackward || (name !== 'gpipe' && name !== 'unknown' && lastForward === firstBackward - 1));
  if (!alternates) return list.map(o => (o.kind === 'F' ? 'warmup' : 'cooldown'));
  const from = Math.max(0, firstBackward - 1);
  const nextBackward = list.findIndex((o, i) => i > lastForward && o.kind === 'B');
  const to = nextBackward < 0 ? list.length : nextBackward + 1;
  return list.map((_, i) => (i < from ? 'warmup' : i < to ? 'steady' : 'cooldown'));
}

/** From the first to the last compute of an iteration, ns. */
export const spanOf = ({ span, operations }: Iteration): readonly [Ns, Ns] =>
  span ?? [Math.min(...operations.map(o => o.start)), Math.max(...operations.map(o => o.end))];

/** Operations of each rank in order. */
export function byRank(iteration: Iteration): Operation[][] {
  const ranks: Operation[][] = Array.from({ length: iteration.p }, () => []);
  for (const o of iteration.operations) ranks[o.rank]?.push(o);
  return ranks;
}

/** Most microbatches at once whose forward is done and whose backward is not; a virtual stage counts for its part of a device. */
export function peakInFlight(list: readonly Operation[], v: number): number {
  const events = list.flatMap(o => (o.kind === 'W' ? [] : [{ t: o.end, by: o.kind === 'F' ? 1 : -1 }]));
  events.sort((a, b) => ascending(a.t, b.t) || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const e of events) {
    now += e.by;
    most = Math.max(most, now);
  }
  return Math.ceil(most / v);
}
