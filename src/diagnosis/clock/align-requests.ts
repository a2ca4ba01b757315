import { realAt } from '#core/columns';
import { msOf, percent } from '#core/format/numbers';
import { upperMedian } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { candidateOffsets } from './candidates.ts';
import { bunches, intervals } from './step-ends.ts';

/** Where the load test lies on the trace's clock, found by matching the times at which steps ended. */
export interface Found {
  readonly kind: 'found';
  /** To add to a time of the load test. */
  readonly offset: Ns;
  /** Scatter of the matched ends about that: median absolute deviation × 1.4826. */
  readonly width: Ns;
  /** Share of the ends that fall on one another within the tolerance, there and at the second-best offset. */
  readonly score: Share;
  readonly runnerUp: Share;
  readonly runnerUpOffset: Ns | undefined;
  /** How many ends were matched. */
  readonly matched: number;
}
export type Alignment = Found | { readonly kind: 'refused'; readonly why: string };

/** Fewer ends than this cannot tell one offset from thousands of others. */
const FEWEST_ENDS = 50;
/** Ends fall on one another when they differ by less than this share of a step: beyond, chance matches too many. */
const TOLERANCE: Share = 0.15;
/** Where the ends scatter less than that, so many widths: of a normal scatter no more than one in 500 million lies further out. */
const WIDTHS = 6;
/** No finer than this share of a step: the scatter of a few hundred ends is itself uncertain. */
const FINEST: Share = 0.02;
/** The two must overlap for at least this share of the shorter: a few steps at the edges match anywhere. */
const LEAST_OVERLAP: Share = 0.25;
/**
 * How far the best offset must lead, in standard errors of the difference: about a million offsets are tried, and five are exceeded by
 * chance once in 3.5 million (one-sided normal).
 */
const LEAST_LEAD = 5;
/** Below this, most ends have no partner, whatever the lead. */
const LEAST_SCORE: Share = 0.5;

/**
 * Slides the token times of a load test over the ends of steps in the trace (the stall barcode: every running request receives its
 * token when a step ends). The delay from the end of a step to the stamp of its tokens cannot be told from a difference of the clocks
 * and is part of the offset.
 * @param tokens ns on the load test's own clock, ascending
 * @param stepEnds ns on the trace's clock, ascending
 */
export function alignRequests(tokens: Float64Array, stepEnds: Float64Array): Alignment {
  const step = upperMedian(intervals(stepEnds));
  if (!(step > 0) || stepEnds.length < FEWEST_ENDS) return refused(`the trace shows only ${stepEnds.length} ends of steps`);
  const ends = bunches(tokens, step);
  if (ends.length < FEWEST_ENDS) return refused(`the load test gives only ${ends.length} times of tokens`);
  const length = (events: Float64Array) => (events.at(-1) ?? Number.NaN) - realAt(events, 0);
  const shorter = Math.min(length(ends), length(stepEnds));
  const offsets = candidateOffsets(ends, stepEnds, step, LEAST_OVERLAP * shorter);
  if (offsets.length === 0) return refused('trace and load test last too long to be searched at the fineness of a step');
  const look = (from: readonly Ns[], tolerance: Ns) =>
    from
      .map(offset => lookClosely(ends, stepEnds, offset, step, tolerance))
      .filter(l => l !== undefined)
      .sort((a, b) => b.score - a.score || a.width - b.width);
  const rough = look(offsets, TOLERANCE * step);
  // What falls on one another more closely than any chance is compared as closely.
  const width = Math.max(FINEST * step, WIDTHS * (rough[0]?.width ?? Number.POSITIVE_INFINITY));
  const looks = look(
    rough.map(l => l.offset),
    Math.min(TOLERANCE * step, width),
  );
  const best = looks[0];
  if (best === undefined) return refused('nothing of the load test falls on the trace');
  const second = looks.find(l => Math.abs(l.offset - best.offset) > step / 2);
  const error = (l: Look) => (l.score * (1 - l.score)) / l.compared;
  const lead =
    second === undefined ? Number.POSITIVE_INFINITY : (best.score - second.score) / Math.sqrt(error(best) + error(second) || 1e-12);
  if (best.score < LEAST_SCORE) return refused(`at best ${percent(best.score)} of the ends of steps fall on times of tokens`);
  if (lead < LEAST_LEAD)
    return refused(
      `two offsets fit almost equally well: ${percent(best.score)} of the ends match at ${msOf(best.offset)}, ${percent(second?.score ?? 0)} at ${msOf(second?.offset ?? 0)}`,
    );
  return {
    kind: 'found',
    offset: best.offset,
    width: best.width,
    score: best.score,
    runnerUp: second?.score ?? 0,
    runnerUpOffset: second?.offset,
    matched: best.matched,
  };
}

interface Look {
  readonly offset: Ns;
  readonly width: Ns;
  readonly score: Share;
  readonly matched: number;
  readonly compared: number;
}

/** Moves an offset to the middle of what it matches, and counts that. */
function lookClosely(ends: Float64Array, stepEnds: Float64Array, start: Ns, step: Ns, tolerance: Ns): Look | undefined {
  let offset = start;
  for (let round = 0; round < 3; round++) {
    const near = residuals(ends, stepEnds, offset, step / 2);
    if (near.length === 0) return undefined;
    offset += upperMedian(near);
  }
  const matched = residuals(ends, stepEnds, offset, tolerance);
  const inside = (events: Float64Array, from: Ns, to: Ns) => upperBound(events, to) - upperBound(events, from);
  const [from, to] = [
    Math.max(realAt(ends, 0) + offset, realAt(stepEnds, 0)),
    Math.min(realAt(ends, ends.length - 1) + offset, realAt(stepEnds, stepEnds.length - 1)),
  ];
  // Steps without a token for anybody (a prompt in chunks), and tokens without a step of their own, are both normal: the fewer decide.
  const compared = Math.min(inside(ends, from - offset, to - offset), inside(stepEnds, from, to));
  if (compared < FEWEST_ENDS) return undefined;
  const width = 1.4826 * upperMedian(matched.map(r => Math.abs(r)));
  return { offset, width, matched: matched.length, compared, score: Math.min(1, matched.length / compared) };
}

/** From each end, moved, to the nearest end of a step, where that is near enough; what must be added to the offset. */
function residuals(ends: Float64Array, stepEnds: Float64Array, offset: Ns, within: Ns): Float64Array {
  const out: Ns[] = [];
  let last = -1;
  for (const end of ends) {
    const t = end + offset;
    const above = upperBound(stepEnds, t);
    const [low, high] = [stepEnds[above - 1], stepEnds[above]];
    const nearest = high === undefined || (low !== undefined && t - low <= high - t) ? above - 1 : above;
    const r = realAt(stepEnds, nearest) - t;
    // A step has one end: what comes second has none.
    if (Math.abs(r) > within || nearest === last) continue;
    last = nearest;
    out.push(r);
  }
  return Float64Array.from(out);
}

const refused = (why: string): Alignment => ({ kind: 'refused', why });
