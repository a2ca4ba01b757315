import { realAt } from '#core/columns';
import { extremeOf } from '#core/math/normal-range';
import { upperBound } from '#core/math/spans';
import type { Ms, Ns, Share } from '#core/units';
import { ROUND_OF_SCHEDULER_MS } from '#diagnosis/steps/is-incident';
import type { RequestRow } from '#schema/relation';

/** A stretch in which the profiler's own start or stop froze the server, as its clients saw it. Times since the session began. */
export interface ProfilerHold {
  readonly when: 'start' | 'stop';
  readonly start: Ns;
  readonly end: Ns;
  /** Requests that lived through it, or came in the burst that ended it. */
  readonly ids: ReadonlySet<string>;
}

const MS = 1e6;
/** Silences of fewer say nothing of what is usual. */
const FEWEST_EVENTS = 20;
/** What arrives so close together after a silence was held back by it: a server that reads its socket again takes all at once. */
const BURST_MS: Ms = 1;
/** The silence must reach the edge of the recording to within this share of itself. */
const AT_EDGE: Share = 0.2;

/** Moments at which a load test saw its server do something: arrivals as the server stamped them, tokens, ends. ns, ascending. */
function eventsOf(rows: readonly RequestRow[], offset: Ns): Float64Array {
  const at: Ns[] = [];
  for (const r of rows) {
    let token = r.first_token_ms ?? Number.NaN;
    for (const ms of [r.arrival_ms, r.first_token_ms, r.finish_ms]) if (ms !== null) at.push(ms * MS + offset);
    for (const gap of r.itl_ms ?? []) {
      token += gap;
      if (Number.isFinite(token)) at.push(token * MS + offset);
    }
  }
  return Float64Array.from(at).sort();
}

/**
 * Finds where nsys froze the server as it began to record, and as it stopped: with requests in flight nothing arrived, ended or got a token for
 * longer than any silence inside the recording should be by chance, and that silence ends where the recording begins, or begins where it ends.
 * @param offset to add to a request's time to get trace time
 */
export function profilerHolds(rows: readonly RequestRow[], offset: Ns, [from, to]: readonly [Ns, Ns]): readonly ProfilerHold[] {
  const events = eventsOf(rows, offset);
  const first = upperBound(events, from);
  const last = upperBound(events, to) - 1;
  const inside = events.subarray(first, last + 1);
  if (inside.length < FEWEST_EVENTS) return [];
  const gaps = inside.slice(1).map((t, i) => t - realAt(inside, i));
  const usual = Math.max(ROUND_OF_SCHEDULER_MS * MS, extremeOf(gaps.sort()));
  const hold = (when: ProfilerHold['when'], a: number, b: number, edge: Ns): ProfilerHold[] => {
    if (a < 0 || b >= events.length) return [];
    const [start, end] = [realAt(events, a), realAt(events, b)];
    const off = when === 'start' ? end - edge : edge - start;
    if (!(end - start > usual) || off > AT_EDGE * (end - start)) return [];
    const until = when === 'start' ? burstEnd(rows, offset, end) : end;
    const ids = new Set(
      rows.flatMap(r => {
        const [arrival, finish] = [r.arrival_ms * MS + offset, (r.finish_ms ?? Number.POSITIVE_INFINITY) * MS + offset];
        return arrival <= until && finish >= end ? [r.id] : [];
      }),
    );
    // Whoever had nothing in flight was silent by itself.
    const waited = rows.some(r => r.arrival_ms * MS + offset <= start && (r.finish_ms ?? Number.POSITIVE_INFINITY) * MS + offset >= end);
    return waited || ids.size > 1 ? [{ when, start, end, ids }] : [];
  };
  return [...hold('start', first - 1, first, from), ...hold('stop', last, last + 1, to)];
}

/** Where the burst of arrivals that ends a silence is over. */
function burstEnd(rows: readonly RequestRow[], offset: Ns, end: Ns): Ns {
  let until = end;
  for (const t of rows.map(r => r.arrival_ms * MS + offset).sort((a, b) => a - b)) if (t >= end && t <= until + BURST_MS * MS) until = t;
  return until;
}
