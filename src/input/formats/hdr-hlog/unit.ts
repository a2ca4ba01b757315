import { badRecord } from '#input/text/bad-record';
import type { Interval } from './log.ts';

export interface Unit {
  readonly name: string;
  /** How many of the recorded values one millisecond is. */
  readonly perMs: number;
}

const UNITS: readonly Unit[] = [
  { name: 'nanoseconds', perMs: 1e6 },
  { name: 'microseconds', perMs: 1e3 },
  { name: 'milliseconds', perMs: 1 },
];
/** Interval_Max is written with three decimals. */
const ROUNDING = 0.0006;

/**
 * The unit in which values were recorded, from the ratio of the largest value to Interval_Max, which is taken to be in ms: the writer
 * divides by 1,000,000 unless told otherwise (HistogramLogWriter.outputIntervalHistogram, maxValueUnitRatio), which makes ms of ns.
 * @throws ForensicsError 'bad-record' where no unit fits
 */
export const unitOf = (intervals: readonly Interval[], source: string): Unit => {
  const most = intervals.reduce((best, interval) => (interval.max > best.max ? interval : best));
  const top = most.counts.at(-1);
  if (top === undefined && most.max === 0) return { name: 'nanoseconds', perMs: 1e6 };
  const unit = UNITS.find(
    ({ perMs }) =>
      top !== undefined && most.max > 0 && most.max >= top.lower / perMs - ROUNDING && most.max <= top.upper / perMs + ROUNDING,
  );
  if (unit !== undefined) return unit;
  throw badRecord(
    { source, line: most.line, field: 'Interval_Max' },
    `${most.max} does not go with the largest value of the histogram (${top?.upper ?? 'none'}), so the unit of the values cannot be known`,
    'Write the log with maxValueUnitRatio so that Interval_Max is in milliseconds.',
  );
};
