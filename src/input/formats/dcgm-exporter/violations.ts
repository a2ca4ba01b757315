import type { Reading } from '#input/series/sample-series';
import type { WarningCounter } from '#input/text/warning-counter';

const VIOLATION = /_VIOLATION$/;
const PER_SECOND: Readonly<Record<string, number>> = { ns: 1e9, us: 1e6 };
/** A GPU cannot be held back for longer than the time that passed. Readings may be a field's lag off their times: hence not 1. */
const LARGEST_SHARE = 2;

const NOT_SURE =
  'How long clocks were held back (…_VIOLATION) is taken as nanoseconds; some documents say microseconds, and no share here is so large as to decide it.';

/**
 * DCGM's documents do not agree on the unit of its violation counters. The share of time that they claim must lie between 0 and 1:
 * where microseconds make it larger, they are nanoseconds.
 */
export const inPossibleUnits = (
  readings: readonly Reading[],
  counter: WarningCounter,
): { readonly readings: readonly Reading[]; readonly limits: string[] } => {
  const counters = readings.filter(({ row }) => VIOLATION.test(row.metric));
  const wrong = impossible(counters);
  const mended = readings.map(reading => {
    if (!wrong.has(reading.row.metric)) return reading;
    const what = 'the counter claims more time than passed if it is in microseconds, so it was taken as nanoseconds';
    counter.note(what, reading.line, reading.row.metric);
    return { ...reading, row: { ...reading.row, unit: 'ns' } };
  });
  const unsure = counters.some(({ row }) => row.unit === 'ns' && !wrong.has(row.metric));
  return { readings: mended, limits: unsure ? [NOT_SURE] : [] };
};

/** The metrics in microseconds that claim more than all of the time between two readings of one GPU. */
const impossible = (counters: readonly Reading[]): ReadonlySet<string> => {
  const wrong = new Set<string>();
  const last = new Map<string, Reading>();
  for (const reading of counters.toSorted((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0))) {
    const { entity, metric, unit, value } = reading.row;
    const before = last.get(`${entity}\n${metric}`);
    last.set(`${entity}\n${metric}`, reading);
    const seconds = before === undefined ? 0 : Number(reading.ns - before.ns) / 1e9;
    const share = seconds > 0 ? (value - (before?.row.value ?? value)) / (PER_SECOND[unit] ?? 1) / seconds : 0;
    if (unit === 'us' && share > LARGEST_SHARE) wrong.add(metric);
  }
  return wrong;
};
