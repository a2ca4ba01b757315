import { realAt, valueAt } from '#core/columns';
import { containingOf } from '#core/math/containing';
import { largestOf } from '#core/math/normal-range';
import { coverage, type Spans, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { JudgedRequest } from './requests.ts';
import { tokenTimesOf } from './token-times.ts';

/** A stretch in which the engine's steps went on, or it had nothing to do, while requests did not reach it or its tokens did not leave. */
export interface OutsideStall {
  readonly start: Ns;
  readonly end: Ns;
  /** Requests did not come in, tokens did not go out, or both. */
  readonly way: 'in' | 'out' | 'both';
}

/** The steps of a lane as far as this needs them. */
export interface StepTimes {
  /** Ends of its plain steps, in which every running request gets a token, ascending, ns. */
  readonly plainEnds: Float64Array;
  /** A usual one, ns. */
  readonly step: Ns;
  /** The least delay that counts, ns. */
  readonly least: Ns;
  /** When the engine sat in the wait in which it sits without any request. */
  readonly idle: Spans;
}

/** Tokens of so many steps in a row must be missing before a gap in a stream is no coarse stamp. */
const MISSING_STEPS = 3;
/** Most streams: more than half of them, and more than one, which may have paused by itself. */
const MOST: Share = 0.5;
const FEWEST_STREAMS = 2;

/** Quartiles of fewer say nothing. */
const FEWEST_KEPT = 8;

interface Stretch {
  readonly start: Ns;
  readonly end: Ns;
}

/**
 * Finds when requests were held up outside the engine: most of the streams in flight got no token although the lane completed several normal
 * steps, or requests that had arrived were not admitted although the engine had room for them.
 * @param requests of the lane
 */
export function heldOutside(requests: readonly JudgedRequest[], steps: StepTimes): readonly OutsideStall[] {
  const out = deliveryStalls(requests, steps).map(s => ({ ...s, way: 'out' as const }));
  const come = admissionStalls(requests, steps).map(s => ({ ...s, way: 'in' as const }));
  const merged: { start: Ns; end: Ns; way: OutsideStall['way'] }[] = [];
  for (const s of [...out, ...come].toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || s.start > last.end) merged.push({ ...s });
    else {
      last.end = Math.max(last.end, s.end);
      if (last.way !== s.way) last.way = 'both';
    }
  }
  return merged;
}

/** Stretches in which most streams that were decoding got no token, though the lane went on. */
function deliveryStalls(requests: readonly JudgedRequest[], { plainEnds, step, least }: StepTimes): readonly Stretch[] {
  const streams = requests.map(tokenTimesOf).filter(s => s.length > 1);
  const silent = streams.flatMap(times => {
    const out: Stretch[] = [];
    for (let i = 1; i < times.length; i++) {
      const [start, end] = [valueAt(times, i - 1), valueAt(times, i)];
      if (end - start < least) continue;
      const missed = upperBound(plainEnds, end - step) - upperBound(plainEnds, start + step);
      // Where the lane itself stood still for most of it, that is the reason.
      const isLane = missed * step < (end - start) / 2;
      if (missed >= MISSING_STEPS && !isLane) out.push({ start, end });
    }
    return out;
  });
  const living = containingOf(
    Float64Array.from(streams, s => valueAt(s, 0)),
    Float64Array.from(streams, s => s.at(-1) ?? 0),
  );
  return together(silent).filter(({ start, end, n }) => n >= FEWEST_STREAMS && n > MOST * living(start, end).length);
}

/** Stretches that lie over one another, as one: from the first start to the last end. */
function together(stretches: readonly Stretch[]): readonly (Stretch & { readonly n: number })[] {
  const groups: { start: Ns; end: Ns; firstEnd: Ns; n: number }[] = [];
  for (const s of stretches.toSorted((a, b) => a.start - b.start)) {
    const last = groups.at(-1);
    // One that begins when the others are nearly over is another.
    if (last !== undefined && s.start < last.firstEnd - (s.end - s.start) / 2) {
      last.end = Math.max(last.end, s.end);
      last.firstEnd = Math.min(last.firstEnd, s.end);
      last.n++;
    } else groups.push({ ...s, firstEnd: s.end, n: 1 });
  }
  return groups;
}

/**
 * Stretches in which somebody had arrived and nobody was let in, though the engine ran several plain steps or sat idle, had room, and
 * nobody's leaving made the room.
 */
function admissionStalls(requests: readonly JudgedRequest[], { plainEnds, step, least, idle }: StepTimes): readonly Stretch[] {
  const served = Float64Array.from(requests, r => r.served).sort();
  const left = Float64Array.from(requests, r => r.end).sort();
  const running = (t: Ns) => upperBound(served, t) - upperBound(left, t);
  const room = requests.reduce((most, r) => Math.max(most, running(r.served)), 0);
  /** When it was last as full as it ever was before t: until somebody left. */
  const madeRoom = left.filter(t => running(t - 1) >= room);
  const fullUntil = (t: Ns): Ns => madeRoom[upperBound(madeRoom, t) - 1] ?? Number.NEGATIVE_INFINITY;
  const idleIn = coverage(idle);
  const waiting = requests.filter(r => r.served - r.arrival >= least).toSorted((a, b) => a.served - b.served);
  // An engine that looks for input now and then lets everybody wait a little.
  const passed = (from: Ns, to: Ns) => upperBound(plainEnds, to - step) - upperBound(plainEnds, from);
  const kept = (from: Ns, to: Ns) => Math.max(0, passed(from, to)) * step + idleIn(from, to);
  // Only those that came to an idle engine tell how long it lets one wait.
  const usually = requests.map(r => kept(r.arrival, r.served)).filter(ns => ns > 0);
  const limit = Math.max(least, usually.length < FEWEST_KEPT ? 0 : largestOf(Float64Array.from(usually).sort(), step));
  const out: { start: Ns; end: Ns }[] = [];
  for (const r of waiting) {
    const until = r.served - step;
    const before = upperBound(served, until) - 1;
    // From when nobody else was let in any more, though there was room.
    const from = Math.max(r.arrival, before < 0 ? r.arrival : realAt(served, before), fullUntil(until));
    if (passed(from, r.served) < MISSING_STEPS && idleIn(from, r.served) < limit) continue;
    if (kept(from, r.served) < limit) continue;
    if (upperBound(left, r.served) > upperBound(left, r.served - 2 * step)) continue;
    const last = out.at(-1);
    if (last !== undefined && from <= last.end) last.end = Math.max(last.end, r.served);
    else out.push({ start: from, end: r.served });
  }
  return out;
}
