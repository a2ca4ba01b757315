import { realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { lowerBound, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import { tokenTimesOf } from '#diagnosis/requests/token-times';

/** What clients received between two cuts, cut by cut. */
export interface TokenCounts {
  /** Requests that got their first token. */
  readonly first: Uint32Array;
  /** Tokens of their prompts; NaN where one does not say. */
  readonly prompt: Float64Array;
  /** Running requests that got further tokens. */
  readonly running: Uint32Array;
  /** Requests that had their first token before and their last one not before the end. */
  readonly decoding: Uint32Array;
}

/** One engine gives every running request a token in each of its steps, one of two replicas half of them: half way between. */
const IN_STEP: Share = 0.75;
/** Of a request alone nobody can say whether others would have kept step. */
const FEWEST_BESIDE = 2;

/** Counts tokens between cuts: a token belongs to the cut at which, or before which, it came. @param cuts ascending, ns */
export function tokenCounts(requests: readonly JudgedRequest[], cuts: Float64Array): TokenCounts {
  const n = Math.max(0, cuts.length - 1);
  const counts = {
    first: new Uint32Array(n),
    prompt: new Float64Array(n),
    running: new Uint32Array(n),
    decoding: new Uint32Array(n),
  };
  for (const request of requests) if (request.firstToken !== undefined) countOne(counts, request, request.firstToken, cuts);
  return counts;
}

function countOne(counts: TokenCounts, request: JudgedRequest, firstToken: Ns, cuts: Float64Array): void {
  const n = counts.first.length;
  const stepOf = (t: Ns) => lowerBound(cuts, t) - 1;
  const begun = stepOf(firstToken);
  if (begun >= 0 && begun < n) {
    counts.first[begun] = valueAt(counts.first, begun) + 1;
    counts.prompt[begun] = realAt(counts.prompt, begun) + (request.row.prompt_tokens ?? Number.NaN);
  }
  let last = begun;
  for (const t of tokenTimesOf(request)) {
    const i = stepOf(t);
    // Several tokens of one request in a step count once.
    if (i > last && i < n && i >= 0) counts.running[i] = valueAt(counts.running, i) + 1;
    last = Math.max(last, i);
  }
  for (let i = Math.max(0, begun + 1); i < Math.min(n, last + 1); i++) counts.decoding[i] = valueAt(counts.decoding, i) + 1;
}

/** Whether those that ran got their tokens together, as from one engine: else these are no steps, but those of several laid over one another. */
export function areInStep({ first, running, decoding }: TokenCounts): boolean {
  const shares = [...decoding.keys()].flatMap(i => {
    const beside = valueAt(decoding, i);
    return valueAt(first, i) === 0 && beside >= FEWEST_BESIDE ? [valueAt(running, i) / beside] : [];
  });
  return shares.length === 0 || medianOf(shares) >= IN_STEP;
}

/** All stamps of tokens in (from, to), ascending. */
export function allStamps(requests: readonly JudgedRequest[], from: Ns, to: Ns): Float64Array {
  const told = requests.filter(r => r.firstToken !== undefined);
  const stamps = new Float64Array(told.reduce((n, r) => n + 1 + (r.row.itl_ms?.length ?? 0), 0));
  let n = 0;
  for (const r of told) for (const t of tokenTimesOf(r)) stamps[n++] = t;
  stamps.sort();
  return stamps.subarray(upperBound(stamps, from), lowerBound(stamps, to));
}
