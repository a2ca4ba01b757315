import { itemAt, realAt } from '#core/columns';
import { containingOf } from '#core/math/containing';
import { upperMedian } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { Stall } from '#diagnosis/steps/stalls';
import type { JudgedRequest } from './requests.ts';

/** Tokens of one request as its client received them (ns), ascending: the first, and each after it. */
interface Stream {
  readonly request: JudgedRequest;
  readonly tokens: Float64Array;
}

/** A pause of one stream while the others went on: tokens were held back on their way, not by the engine. */
export interface StreamPause {
  readonly id: string;
  readonly from: Ns;
  readonly to: Ns;
  /** Beyond a usual gap. */
  readonly excess: Ns;
  /** How many usual gaps it lasted, where that is nearly a whole number: tokens were put together before they were sent. */
  readonly steps: number | undefined;
}

export interface Coincidence {
  /** Whether most requests in flight stalled together; undefined where too few decoded, or their tokens are too few to tell. */
  readonly sharedBy: (h: Stall) => { readonly decoding: number; readonly stalled: number } | undefined;
  readonly pauses: readonly StreamPause[];
}

/** With fewer streams beside one another, nothing can be said of "most". */
const FEWEST_STREAMS = 3;
/** A stretch must cost this many tokens before a stream that lost them can be told from one that did not. */
const FEWEST_TOKENS = 2;
/** A gap of this many usual ones stands out: two tokens in one message leave a gap of two. */
const PAUSE_STEPS = 3;
/** How far from a whole number of steps still counts as one. */
const NEARLY_WHOLE = 0.1;

function streamsOf(requests: readonly JudgedRequest[]): Stream[] {
  return requests.flatMap(request => {
    const { firstToken, row } = request;
    if (firstToken === undefined || row.itl_ms === null || row.itl_ms.length === 0) return [];
    const tokens = new Float64Array(row.itl_ms.length + 1);
    tokens[0] = firstToken;
    for (const [i, gap] of row.itl_ms.entries()) tokens[i + 1] = realAt(tokens, i) + gap * 1e6;
    return [{ request, tokens }];
  });
}

const between = (tokens: Float64Array, from: Ns, to: Ns) => upperBound(tokens, to) - upperBound(tokens, from);
const isDecoding = ({ tokens }: Stream, from: Ns, to: Ns) => realAt(tokens, 0) < from && (tokens.at(-1) ?? Number.NaN) > to;

/** The usual time between two tokens of a stream. */
function usualGap(streams: readonly Stream[]): Ns {
  const gaps = new Float64Array(streams.reduce((n, s) => n + s.tokens.length - 1, 0));
  let n = 0;
  for (const { tokens } of streams) for (let i = 1; i < tokens.length; i++) gaps[n++] = realAt(tokens, i) - realAt(tokens, i - 1);
  // There may be as many as memory holds twice: sorted where they are.
  return gaps.sort()[gaps.length >> 1] ?? Number.NaN;
}

/**
 * The coincidence test: a stall of the engine holds back the tokens of most requests in flight and lets them go at the same instant; an
 * artefact of streaming (a detokeniser, a proxy, a client) pauses one stream while the others keep their pace.
 */
export function coincidence(requests: readonly JudgedRequest[]): Coincidence {
  const streams = streamsOf(requests);
  const usual = usualGap(streams);
  const living = containingOf(
    Float64Array.from(streams, s => realAt(s.tokens, 0)),
    Float64Array.from(streams, s => s.tokens.at(-1) ?? Number.NaN),
  );
  const beside = (from: Ns, to: Ns, without?: Stream) =>
    living(from, to)
      .map(i => itemAt(streams, i))
      .filter(s => s !== without && isDecoding(s, from, to));
  return {
    sharedBy({ start, end, excess }) {
      if (!(excess / usual >= FEWEST_TOKENS)) return undefined;
      const decoding = beside(start, end);
      if (decoding.length < FEWEST_STREAMS) return undefined;
      // Half way between the tokens of a stream that stalled for all of the excess, and those of one that was not.
      const halfway = (end - start - excess / 2) / usual;
      return { decoding: decoding.length, stalled: decoding.filter(s => between(s.tokens, start, end) <= halfway).length };
    },
    pauses: streams.flatMap(s => pausesOf(s, usual, beside)),
  };
}

function pausesOf(stream: Stream, usual: Ns, beside: (from: Ns, to: Ns, without: Stream) => readonly Stream[]): StreamPause[] {
  const out: StreamPause[] = [];
  for (let i = 1; i < stream.tokens.length; i++) {
    const [from, to] = [realAt(stream.tokens, i - 1), realAt(stream.tokens, i)];
    if (!(to - from >= PAUSE_STEPS * usual)) continue;
    const others = beside(from, to, stream);
    if (others.length === 0) continue;
    // Their pace just there is what a step takes just there; a stream that got no token in it stalled as well.
    const counts = others.map(o => between(o.tokens, from, to));
    const pace = (to - from) / upperMedian(counts);
    const keptOn = counts.filter(n => n >= PAUSE_STEPS).length;
    if (2 * keptOn <= others.length || !(to - from >= PAUSE_STEPS * pace)) continue;
    const steps = (to - from) / pace;
    const whole = Math.abs(steps - Math.round(steps)) <= NEARLY_WHOLE;
    out.push({ id: stream.request.row.id, from, to, excess: to - from - pace, steps: whole ? Math.round(steps) : undefined });
  }
  return out;
}
