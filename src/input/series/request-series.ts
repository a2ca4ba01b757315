import type { Ms } from '#core/units';
import { badRecord } from '#input/text/bad-record';
import type { WarningCounter } from '#input/text/warning-counter';
import { DAY_NS, type ExactNs, extent, msSince } from '#input/time/nanoseconds';
import type { Clock, RequestRow, RequestSeries } from '#schema/relation';
import { assertOneResult } from './one-result.ts';
import { impossibleOf } from './possible.ts';

/** One request as a foreign file has it, its stamps in ns of one clock. */
export interface RequestTimes {
  /** null where the file names no requests: they are counted from 1 in the order of their arrival. */
  readonly id: string | null;
  /** Line, or number of the request in the document, from 1. */
  readonly place: number;
  readonly intended: ExactNs | null;
  readonly arrival: ExactNs;
  readonly scheduled: ExactNs | null;
  readonly firstToken: ExactNs | null;
  readonly finish: ExactNs | null;
  readonly prompt_tokens: number | null;
  readonly output_tokens: number | null;
  readonly itl_ms: RequestRow['itl_ms'];
  readonly status: RequestRow['status'];
}

interface SeriesParts {
  readonly format: string;
  readonly source: string;
  readonly clock: Clock;
  readonly limits: readonly string[];
  readonly warnings: readonly string[];
}

/** No stamp of any clock in ns needs more. */
const LATEST = 10n ** 19n;
const NO_REQUESTS_HINT = 'Give the file as its tool wrote it, of a run with at least one request.';

/**
 * Puts requests in order on one clock. A failed request keeps no first token. Stamps that come before the arrival are left out, and ids
 * that occur twice get a suffix; both are noted in `counter`.
 * @throws ForensicsError 'bad-record' for no requests at all, and for stamps more than a day apart in one request
 */
export const requestSeries = (requests: readonly RequestTimes[], parts: SeriesParts, counter: WarningCounter): RequestSeries => {
  const { format, source, clock, limits, warnings } = parts;
  const origin_ns = extent(requests.map(request => request.arrival))?.min;
  if (origin_ns === undefined) throw badRecord({ source }, 'the file holds no complete request', NO_REQUESTS_HINT);
  assertOneResult(requests.map(toText), source);
  const named = uniqueNames(counter);
  const rows = requests.toSorted(inTime).map((request, i) => toRow(request, origin_ns, named(request, i + 1), source, counter));
  return {
    kind: 'requests',
    format,
    clock,
    origin_ns,
    rows,
    limits: [...limits, ...neverThere(rows)],
    warnings: [...warnings, ...counter.sentences()],
  };
};

/** All that tells a request from others. */
const toText = ({ id, arrival, finish, status, firstToken, output_tokens }: RequestTimes): string =>
  [id, arrival, firstToken, finish, output_tokens, status].join(' ');

/** A total order but for requests that no row can tell apart, so that rows do not hang on the order of the lines. */
const inTime = (a: RequestTimes, b: RequestTimes): number =>
  compare(a.arrival, b.arrival) ||
  compare(a.id ?? '', b.id ?? '') ||
  compare(a.finish ?? a.arrival, b.finish ?? b.arrival) ||
  compare(a.status, b.status);

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

const uniqueNames = (counter: WarningCounter): ((request: RequestTimes, position: number) => string) => {
  const uses = new Map<string, number>();
  return ({ id, place }, position) => {
    if (id === null) return `${position}`;
    let use = (uses.get(id) ?? 0) + 1;
    while (use > 1 && uses.has(`${id}#${use}`)) use += 1;
    uses.set(id, use);
    if (use === 1) return id;
    const free = `${id}#${use}`;
    uses.set(free, 1);
    counter.note('the id occurs before in the file; a suffix tells the two apart', place, `"${free}"`);
    return free;
  };
};

const toRow = (request: RequestTimes, origin: ExactNs, id: string, source: string, counter: WarningCounter): RequestRow => {
  const { arrival, place } = request;
  const ms = (ns: ExactNs | null, field: string): Ms | null => {
    if (ns === null) return null;
    if (ns - arrival > DAY_NS || arrival - ns > DAY_NS)
      throw badRecord(
        { source, field },
        `a stamp of request ${id} lies more than a day from its start`,
        'All stamps of a file must come from one clock.',
      );
    if (ns >= arrival || field === 'intended start') return msSince(origin, ns);
    counter.note(`the ${field} is stamped before the start, as after a step of the clock; it was left out`, place);
    return null;
  };
  if (arrival > LATEST || arrival < -LATEST)
    throw badRecord(
      { source, field: 'start' },
      `no clock shows the time of request ${id} (number ${place})`,
      'Mend or delete this request.',
    );
  const wrong = impossibleOf(request);
  if (wrong !== undefined)
    throw badRecord({ source, field: wrong }, `request ${id} (number ${place}) has a value that cannot be`, 'Mend or delete this request.');
  const failed = request.status === 'failed';
  const finish_ms = request.status === 'unfinished' ? null : ms(request.finish, 'end');
  return {
    id,
    intended_ms: ms(request.intended, 'intended start'),
    arrival_ms: msSince(origin, arrival),
    scheduled_ms: ms(request.scheduled, 'admission'),
    first_token_ms: failed ? null : ms(request.firstToken, 'first token'),
    finish_ms,
    prompt_tokens: request.prompt_tokens,
    output_tokens: failed ? null : request.output_tokens,
    itl_ms: failed ? null : request.itl_ms,
    status: request.status === 'ok' && finish_ms === null ? 'unfinished' : request.status,
  };
};

const NEVER_THERE = {
  intended_ms: 'No intended start is recorded, so delay in the load generator itself, before a request was sent, cannot be seen.',
  scheduled_ms: 'No admission is recorded, so waiting in the queue cannot be told from slow service.',
  first_token_ms: 'No first token is recorded, so time to first token is not known.',
  finish_ms: 'No request finished, so no latency is known.',
  prompt_tokens: 'No prompt length is recorded, so a long prompt cannot be told from a slow server.',
  output_tokens: 'No output length is recorded, so a long answer cannot be told from a slow server.',
  itl_ms: 'No times between tokens are recorded, so stalls inside an answer cannot be placed.',
} as const satisfies Partial<Record<keyof RequestRow, string>>;

const neverThere = (rows: readonly RequestRow[]): string[] =>
  (Object.keys(NEVER_THERE) as (keyof typeof NEVER_THERE)[])
    .filter(field => rows.every(row => row[field] === null))
    .map(field => NEVER_THERE[field]);

/** The limit that goes with times between pieces of a stream. */
export const PER_CHUNK = 'Times between tokens are times between chunks of the stream: a chunk may hold several tokens.';
