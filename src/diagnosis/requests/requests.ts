import { itemAt, realAt } from '#core/columns';
import { spansOf, upperBound } from '#core/math/spans';
import type { Ms, Ns } from '#core/units';
import type { RequestRow } from '#schema/relation';
import type { Work } from './expected.ts';

/** One finished request on the trace's clock. Moments count from the start of the session. */
export interface JudgedRequest {
  readonly row: RequestRow;
  readonly arrival: Ns;
  readonly end: Ns;
  readonly scheduled: Ns | undefined;
  readonly firstToken: Ns | undefined;
  readonly work: Work;
  /** End-to-end time. */
  readonly timeMs: Ms;
  /** When its wait was over: its admission, else its first token, else its arrival. */
  readonly served: Ns;
}

const MS = 1e6;

/**
 * Puts finished requests on the trace's clock and works out how many others decoded beside each.
 * @param offset to add to a request's time to get trace time
 */
export function placeRequests(rows: readonly RequestRow[], offset: Ns): readonly JudgedRequest[] {
  const done = rows.filter(r => r.status === 'ok' && r.finish_ms !== null);
  const at = (ms: Ms): Ns => ms * MS + offset;
  const decoding = done.map(r => ({ from: at(r.first_token_ms ?? r.arrival_ms), to: at(r.finish_ms ?? Number.NaN) }));
  // The mean number beside a request is the time all others decode inside its own decoding, over its length: two sorted prefix sums give it.
  const busy = overlapTotal(decoding);
  return done.map((row, i) => {
    const d = itemAt(decoding, i);
    const length = d.to - d.from;
    return {
      row,
      arrival: at(row.arrival_ms),
      end: d.to,
      scheduled: row.scheduled_ms === null ? undefined : at(row.scheduled_ms),
      firstToken: row.first_token_ms === null ? undefined : at(row.first_token_ms),
      work: { prompt: row.prompt_tokens, output: row.output_tokens, batch: length > 0 ? busy(d.from, d.to) / length : 1 },
      timeMs: (row.finish_ms ?? Number.NaN) - row.arrival_ms,
      served: at(row.scheduled_ms ?? row.first_token_ms ?? row.arrival_ms),
    };
  });
}

/** Answers how much time many stretches spend, together, inside [from, to). */
function overlapTotal(stretches: readonly { readonly from: Ns; readonly to: Ns }[]): (from: Ns, to: Ns) => Ns {
  const starts = Float64Array.from(stretches, s => s.from).sort();
  const ends = Float64Array.from(stretches, s => s.to).sort();
  const sumBefore = (sorted: Float64Array) => {
    const sums = new Float64Array(sorted.length + 1);
    for (let i = 0; i < sorted.length; i++) sums[i + 1] = realAt(sums, i) + realAt(sorted, i);
    return (t: Ns) => {
      const passed = upperBound(sorted, t);
      return passed * t - realAt(sums, passed);
    };
  };
  const begun = sumBefore(starts);
  const ended = sumBefore(ends);
  // Integral of the number in flight up to t: each started adds t - start, each ended takes t - end back.
  const upTo = (t: Ns) => begun(t) - ended(t);
  return (from, to) => upTo(to) - upTo(from);
}

/** When any request was in flight, finished or not; the unfinished count until the window's end. */
export function inFlight(rows: readonly RequestRow[], offset: Ns, to: Ns) {
  return spansOf(
    rows
      .filter(r => r.status !== 'failed')
      .map(r => [r.arrival_ms * MS + offset, r.finish_ms === null ? to : r.finish_ms * MS + offset] as const),
  );
}
