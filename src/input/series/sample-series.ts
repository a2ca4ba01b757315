import { getOrCompute } from '#core/get-or-compute';
import { badRecord } from '#input/text/bad-record';
import { msSince } from '#input/time/nanoseconds';
import { clockOfSamples, limitsOfTimes } from '#input/time/sample-clock';
import { median, steps } from '#input/time/sampling';
import type { SampleRow, SampleSeries } from '#schema/relation';
import { onOneClock, type SampledParts } from './sampled.ts';

export interface Reading {
  readonly line: number;
  readonly ns: bigint;
  readonly row: Omit<SampleRow, 't_ms'>;
}

interface ReadingParts extends SampledParts {
  /** What to do about a file without any reading. */
  readonly hint: string;
  /** What the file says of its GPUs, by the names that the rows give them. */
  readonly cards?: SampleSeries['cards'];
  /** Whether the same thing may well be told again for the same time, as errors are that come in bursts. */
  readonly repeats?: boolean;
}

/**
 * Puts readings in order of time. Of two of the same thing at the same time the second is left out, and noted.
 * @throws ForensicsError 'bad-record' for no reading at all
 */
export const sampleSeries = (
  readings: readonly Reading[],
  { format, source, when, limits, counter, hint, cards = new Map(), repeats = false }: ReadingParts,
): SampleSeries => {
  const things = new Map<string, number>();
  const thingOf = ({ row }: Reading) => getOrCompute(things, `${row.entity}\n${row.metric}`, () => things.size);
  const { samples, ranBack_ms } = onOneClock(readings, thingOf, when, counter);
  const ordered = samples.toSorted((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : a.line - b.line));
  const origin = ordered[0]?.ns;
  if (origin === undefined) throw badRecord({ source }, 'the file holds nothing that can be used', hint);
  const seen = new Set<string>();
  let now: bigint | undefined;
  const rows = ordered.flatMap(({ ns, line, row }) => {
    if (ns !== now) seen.clear();
    now = ns;
    const key = `${row.entity}\n${row.metric}`;
    if (repeats) return [{ t_ms: msSince(origin, ns), ...row }];
    if (seen.has(key)) counter.note('the same thing is told twice for one time; the first was taken', line, `${row.entity}, ${row.metric}`);
    const again = seen.has(key);
    seen.add(key);
    return again ? [] : [{ t_ms: msSince(origin, ns), ...row }];
  });
  const interval = median(steps(rows.map(row => row.t_ms)));
  return {
    kind: 'samples',
    format,
    clock: clockOfSamples(when, interval),
    origin_ns: origin,
    rows,
    cards,
    ranBack_ms,
    limits: [...limitsOfTimes(when, interval), ...limits],
    warnings: counter.sentences(),
  };
};
