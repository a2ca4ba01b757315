import { type Spans, spansOf } from '#core/math/spans';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import { type JudgedRequest, placeRequests } from '#diagnosis/requests/requests';
import { type EngineSteps, findEngineSteps } from '#diagnosis/steps/engine-steps';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { Cause, CauseOrRest } from '#schema/causes';
import type { RequestRow } from '#schema/relation';

export const MS = 1e6;

/** A finished request, times in ms: admitted at once, first token after 1 ms, ten tokens in and out. */
export const requestRow = (arrival_ms: number, finish_ms: number | null, rest: Partial<RequestRow> = {}): RequestRow => ({
  id: `r${arrival_ms}`,
  intended_ms: null,
  arrival_ms,
  scheduled_ms: arrival_ms,
  first_token_ms: arrival_ms + 1,
  finish_ms,
  prompt_tokens: 10,
  output_tokens: 10,
  itl_ms: null,
  status: finish_ms === null ? 'unfinished' : 'ok',
  ...rest,
});

/** Requests on the trace's clock, which here is the load test's. */
export const requestsOf = (rows: readonly RequestRow[]): readonly JudgedRequest[] => placeRequests(rows, 0);

/** A loss of the lane that a cause has won, ms; what it is made of does not matter. */
export const lost = (from_ms: number, to_ms: number, cause: Cause | undefined): AttributedLoss => ({
  start: from_ms * MS,
  end: to_ms * MS,
  loss: { kind: 'unknown', start: from_ms * MS, end: to_ms * MS },
  cause,
  attribution: cause === undefined ? undefined : { subject: `about ${cause}`, confidence: 'high' },
});

/** Results every millisecond, except that the given steps (by index) take so many ms longer. */
export function stepEndsOf(n: number, longer: Readonly<Record<number, number>> = {}): Float64Array {
  let at = 0;
  return Float64Array.from({ length: n }, (_, i) => (at += MS * (1 + (longer[i] ?? 0))));
}

/** Engine steps of a window that ends with the last result, with requests in flight throughout unless told otherwise. */
export function engineStepsOf(stepEnds: Float64Array, attributed: readonly AttributedLoss[] = [], inFlight?: Spans): EngineSteps {
  const to = stepEnds.at(-1) ?? 0;
  const steps = findEngineSteps(stepEnds, attributed, inFlight ?? spansOf([[0, to]]), 0, to);
  if (steps === undefined) throw new Error('too few steps');
  return steps;
}

/** An explained stall, ms: its causes share its time evenly, each for its part. */
export function incidentOf(from_ms: number, to_ms: number, parts: Readonly<Partial<Record<CauseOrRest, number>>>): ExplainedStall {
  const [start, end] = [from_ms * MS, to_ms * MS];
  const list = Object.entries(parts).map(([cause, ms]) => ({ cause: cause as CauseOrRest, excess: ms * MS }));
  return {
    start,
    end,
    excess: list.reduce((s, p) => s + p.excess, 0),
    causes: list.map(p => ({ ...p, subject: p.cause, confidence: 'high' as const })),
    shares: list.map(p => ({ ...p, start, end })),
  };
}

/** Sum of the values of a map. */
export const total = (parts: ReadonlyMap<unknown, number>): number => [...parts.values()].reduce((a, b) => a + b, 0);

/** A book with its parts, ms. */
export const partsOf = (book: DelayBreakdown | undefined): Record<string, number> => Object.fromEntries(book?.parts ?? []);
