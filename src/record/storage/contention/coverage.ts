/** What is between two lines of fio's log, ms: it averages over so long. */
export const LOG_MS = 250;
/** A time without reads that is longer is a gap: eight lines of the log. */
export const GAP_MS = 2000;

/** The time of a load, milliseconds since 1970: from its first request to its last answer. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Coverage {
  readonly covers: boolean;
  readonly longestGapMs: number;
}

/**
 * Whether fio read for the whole of a span: from before its beginning until after its end, without a gap. A line of the log stands at the end of the time
 * that it tells of, so reads began up to one interval before the first line.
 * @param times of the lines of its log, ascending, ms since 1970
 */
export function coverageOf(times: readonly number[], { fromMs, toMs }: Span): Coverage {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return { covers: false, longestGapMs: toMs - fromMs };
  const within = [fromMs, ...times.filter(at => at > fromMs && at < toMs), toMs];
  const longestGapMs = within.reduce((longest, at, i) => Math.max(longest, at - (within[i - 1] ?? at)), 0);
  return { covers: first - LOG_MS <= fromMs && last >= toMs && longestGapMs <= GAP_MS, longestGapMs };
}
