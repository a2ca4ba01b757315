import type { Clock, RequestRow, RequestSeries } from '#model/relation';
import { badRecord } from '#reading/refuse';
import type { Tally } from '#reading/tally';
import { extent, msSince, RELATIVE_LIMIT } from '#stamps/nanoseconds';

/** One request as a load generator for plain HTTP knows it: no tokens, no queue. */
export interface Hit {
  readonly line: number;
  readonly start_ns: bigint;
  readonly end_ns: bigint;
  readonly ok: boolean;
  /** The name that the file gives it; empty where it gives none. */
  readonly name: string;
}

interface Origin {
  readonly format: string;
  readonly source: string;
  readonly clock: Clock;
  readonly limits: readonly string[];
}

const NO_TOKENS =
  'This load generator knows nothing of tokens or of the queue of the server: only when a request began and ended, and whether it failed.';

/** What an open-loop load generator must write down for delay in itself to be seen. */
export const NO_SCHEDULE =
  'No intended start is recorded, so delay in the load generator itself, before a request was sent, cannot be seen: latencies are lower bounds.';

/**
 * Requests in the order of their start; those without a name are counted from 1 in that order.
 * @throws ForensicsError 'bad-record' where there are none
 */
export const hitSeries = (hits: readonly Hit[], { format, source, clock, limits }: Origin, tally: Tally): RequestSeries => {
  const origin = extent(hits.map(hit => hit.start_ns))?.min;
  if (origin === undefined)
    throw badRecord({ source }, 'the file holds no complete request', 'Let the load test run until requests have ended.');
  const uses = new Map<string, number>();
  const rows = hits.toSorted(byStart).map((hit, index) => toRow(hit, origin, freeName(hit, `${index + 1}`, uses, tally)));
  return {
    kind: 'requests',
    format,
    clock,
    origin_ns: origin,
    rows,
    limits: [...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []), ...limits, NO_TOKENS],
    warnings: tally.sentences(),
  };
};

const compare = <T extends bigint | string | boolean>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
/** A total order but for hits that no row can tell apart, so that rows do not hang on the order of the lines. */
const byStart = (a: Hit, b: Hit): number =>
  compare(a.start_ns, b.start_ns) || compare(a.end_ns, b.end_ns) || compare(a.name, b.name) || compare(a.ok, b.ok);

const freeName = ({ name, line }: Hit, counted: string, uses: Map<string, number>, tally: Tally): string => {
  if (name === '') return counted;
  let use = (uses.get(name) ?? 0) + 1;
  while (use > 1 && uses.has(`${name}#${use}`)) use += 1;
  uses.set(name, use);
  if (use === 1) return name;
  const free = `${name}#${use}`;
  uses.set(free, 1);
  tally.note('the name occurs before in the file; a suffix tells the two apart', line, `"${free}"`);
  return free;
};

const toRow = (hit: Hit, origin: bigint, id: string): RequestRow => ({
  id,
  intended_ms: null,
  arrival_ms: msSince(origin, hit.start_ns),
  scheduled_ms: null,
  first_token_ms: null,
  finish_ms: msSince(origin, hit.end_ns),
  prompt_tokens: null,
  output_tokens: null,
  itl_ms: null,
  status: hit.ok ? 'ok' : 'failed',
});
