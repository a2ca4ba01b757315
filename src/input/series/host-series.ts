import { significant } from '#core/math/round';
import type { Seconds } from '#core/units';
import { badRecord } from '#input/text/bad-record';
import type { WarningCounter } from '#input/text/warning-counter';
import { msSince } from '#input/time/nanoseconds';
import { clockOfSamples, limitsOfTimes } from '#input/time/sample-clock';
import { median, steps } from '#input/time/sampling';
import type { HostSampleRow, HostSeries } from '#schema/relation';
import { EMPTY_HOST } from './empty-rows.ts';
import { missingValues } from './missing.ts';
import { inOrder, type Sampled, type SampledParts } from './sampled.ts';

type HostState = 'procs_running' | 'procs_blocked' | 'mem_available_kib';
type HostCounter = Exclude<keyof HostSampleRow, 't_ms' | HostState>;
/** Amounts a second. */
export type Rates = Partial<Record<HostCounter, number>>;
export type States = Partial<Record<HostState, number>>;

/** What a tool says of the time up to `ns`: averages over it, and states at its end. */
export interface HostReading extends Sampled {
  /** How long that time was, where the tool says so. Else it began at the reading before. */
  readonly seconds?: Seconds;
  readonly rates: Rates;
  readonly states: States;
}

const FIELDS = Object.keys(EMPTY_HOST).filter(field => field !== 't_ms') as readonly (keyof HostSampleRow)[];

/** The averages of a first reading cannot be placed: it may run since the boot. */
export const FIRST_IS_A_START =
  'The first sample only says when the others begin: it may tell of the time since the boot (as without -y), and the file does not say.';

/**
 * Counters from averages: each rate times its time, added up from zero at the start of the file. Exact, since an average times its
 * time is the amount; but rounded as the tool rounds. A time without a reading counts nothing.
 * @throws ForensicsError 'bad-record' for no reading at all
 */
export const hostSeries = (readings: readonly HostReading[], { format, source, when, limits, counter }: SampledParts): HostSeries => {
  const ordered = oneEach(inOrder(readings, counter), counter);
  const [first] = ordered;
  if (first === undefined) throw badRecord({ source }, 'the file holds no complete sample', 'Let the recording run for longer.');
  const origin = first.seconds === undefined ? first.ns : first.ns - nsOf(first.seconds);
  const rows = integrate(ordered, origin);
  const interval = median(steps(rows.map(row => row.t_ms)));
  const never = FIELDS.filter(field => rows.every(row => row[field] === null));
  return {
    kind: 'host',
    format,
    clock: clockOfSamples(when, interval),
    origin_ns: origin,
    rows,
    limits: [...limitsOfTimes(when, interval), ...(never.length === 0 ? [] : [`Not recorded: ${never.join(', ')}.`]), ...limits],
    warnings: [...counter.sentences(), ...missingValues(rows.slice(1), FIELDS)],
  };
};

const nsOf = (seconds: Seconds): bigint => BigInt(Math.round(seconds * 1e3)) * 1_000_000n;

/** Two readings of one second cannot be told apart; the amounts of the second would count for no time at all. */
const oneEach = (ordered: readonly HostReading[], counter: WarningCounter): HostReading[] =>
  ordered.filter(({ ns, line }, i) => {
    const same = ns === ordered[i - 1]?.ns;
    if (same) counter.note('the sample has the same time as the one before it, and was left out', line);
    return !same;
  });

const integrate = (ordered: readonly HostReading[], origin: bigint): HostSampleRow[] => {
  const totals = new Map<string, number>();
  let last = origin;
  const rows = ordered.map(({ ns, seconds, rates, states }): HostSampleRow => {
    const elapsed = seconds ?? Number(ns - last) / 1e9;
    last = ns;
    for (const [counter, rate] of Object.entries(rates)) totals.set(counter, (totals.get(counter) ?? 0) + rate * elapsed);
    const counters = Object.keys(rates).map(counter => [counter, round(totals.get(counter) ?? 0)] as const);
    return { ...EMPTY_HOST, ...Object.fromEntries(counters), ...states, t_ms: msSince(origin, ns) };
  });
  const zeros = Object.fromEntries(Object.keys(ordered[0]?.rates ?? {}).map(counter => [counter, 0]));
  return (rows[0]?.t_ms ?? 0) > 0 ? [{ ...EMPTY_HOST, ...zeros }, ...rows] : rows;
};

/** Sums of decimals are no decimals; no tool gives more digits than these. */
const round = (total: number): number => significant(total, 12);
