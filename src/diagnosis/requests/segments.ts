import { median, minIndex } from 'd3-array';
import { itemAt, realAt, valueAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { usualStep } from '#diagnosis/lanes/step-length';
import type { RequestRow } from '#schema/relation';
import type { Joined } from './join-lanes.ts';
import { type JudgedRequest, placeRequests } from './requests.ts';

/** The part of a request's life that one lane served, as a request of that lane. */
export interface Segment {
  readonly request: JudgedRequest;
  /** The request that it is part of: index into those that were joined. */
  readonly of: number;
}

/** Fewer first tokens say nothing about where they come from. */
const FEWEST_FIRST = 20;
/** First tokens of a lane follow the ends of its steps at a constant time: they scatter far less than the lane's steps last. */
const CONSTANT: Share = 0.05;

/**
 * The requests of each lane. Where a lane makes first tokens and others go on (prefill and decode apart), a request has a part in each: until
 * its first token in the one, from then on in the other.
 * @param offset to add to a request's time to get trace time, ns
 */
export function segmentsOf(
  requests: readonly JudgedRequest[],
  joined: readonly Joined[],
  stepEnds: readonly Float64Array[],
  offset: Ns,
): readonly (readonly Segment[])[] {
  const stages = stageLanes(requests, joined, stepEnds);
  return stepEnds.map((_, lane) => {
    const isStage = stages.includes(lane);
    const whole: Segment[] = [];
    const parts: { readonly row: RequestRow; readonly of: number }[] = [];
    for (const [of, request] of requests.entries()) {
      const by = joined[of]?.lane ?? -1;
      // One that a lane of first tokens served throughout has no part in another.
      if (stages.length === 0 || stages.includes(by) || isStage === (by === lane)) {
        if (by === lane) whole.push({ request, of });
        continue;
      }
      const first = firstLane(request, stages, stepEnds);
      const row = isStage ? (first === lane ? untilFirst(request.row) : undefined) : by === lane ? fromFirst(request.row) : undefined;
      if (row !== undefined) parts.push({ row, of });
    }
    // Placed together: each decodes beside the others of its lane.
    const placed = placeRequests(
      parts.map(p => p.row),
      offset,
    );
    return [...whole, ...placed.map((request, k) => ({ request, of: itemAt(parts, k).of }))].toSorted((a, b) => a.of - b.of);
  });
}

const untilFirst = (row: RequestRow): RequestRow | undefined =>
  row.first_token_ms === null ? undefined : { ...row, finish_ms: row.first_token_ms, itl_ms: null, output_tokens: 1, status: 'ok' };

function fromFirst(row: RequestRow): RequestRow | undefined {
  if (row.first_token_ms === null || row.itl_ms === null || row.itl_ms.length < 2) return undefined;
  const second = row.first_token_ms + valueAt(row.itl_ms, 0);
  const output_tokens = row.output_tokens === null ? null : row.output_tokens - 1;
  return {
    ...row,
    arrival_ms: row.first_token_ms,
    scheduled_ms: null,
    first_token_ms: second,
    itl_ms: row.itl_ms.subarray(1),
    output_tokens,
  };
}

/** Time from the end of a lane's step to a moment. */
const lagOf = (ends: Float64Array, t: Ns): Ns => {
  const k = upperBound(ends, t) - 1;
  return k < 0 ? Number.NaN : t - realAt(ends, k);
};

/** Lanes that serve no request throughout and make the first tokens of others'. */
function stageLanes(requests: readonly JudgedRequest[], joined: readonly Joined[], stepEnds: readonly Float64Array[]): readonly number[] {
  const idle = [...stepEnds.keys()].filter(
    lane => (stepEnds[lane]?.length ?? 0) > 0 && joined.filter(j => j.lane === lane).length < FEWEST_FIRST,
  );
  const elsewhere = requests.filter((_, i) => (joined[i]?.lane ?? -1) >= 0);
  return idle.filter(lane => {
    const ends = itemAt(stepEnds, lane);
    // Where several take turns, a first token is that one's whose step ended last before it.
    const firsts = elsewhere
      .filter(r => firstLane(r, idle, stepEnds) === lane)
      .flatMap(r => r.firstToken ?? [])
      .filter(t => t > realAt(ends, 0) && t <= (ends.at(-1) ?? 0) + usualStep(ends));
    if (firsts.length < FEWEST_FIRST) return false;
    const lags = firsts.map(t => lagOf(ends, t));
    const usual = median(lags) ?? Number.NaN;
    return (median(lags, l => Math.abs(l - usual)) ?? Number.NaN) < CONSTANT * usualStep(ends);
  });
}

/** The stage lane whose step ended last before a request's first token. */
function firstLane({ firstToken }: JudgedRequest, stages: readonly number[], stepEnds: readonly Float64Array[]): number | undefined {
  if (firstToken === undefined) return undefined;
  const lags = stages.map(s => lagOf(stepEnds[s] ?? new Float64Array(0), firstToken));
  return stages[minIndex(lags)];
}
