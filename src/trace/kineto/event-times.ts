/** A time as it stands in a trace: microseconds, and nanoseconds beyond them. Both are safe as numbers, which their sum since 1970 is not. */
export interface Moment {
  readonly us: number;
  readonly ns: number;
}

const TIME = /"(?:ts|dur)"\s*:\s*"?(\d{1,16})(?:\.(\d+))?/g;

/** A decimal number of microseconds to the nanosecond; what stands beyond is rounded. */
const momentOf = (whole: string, fraction = ''): Moment => {
  const ns = Math.round(Number(`0.${fraction || '0'}`) * 1000);
  return ns === 1000 ? { us: Number(whole) + 1, ns: 0 } : { us: Number(whole), ns };
};

/**
 * A number of an event to its last digit: as a double, a time since 1970 in microseconds is good to 256 ns.
 * @param json the event as it stands in the file
 * @param value the number as JSON.parse gives it, by which its digits are found
 */
export function exactly(json: string, value: number): Moment {
  for (const [, whole = '', fraction] of json.matchAll(TIME))
    if (Number(fraction === undefined ? whole : `${whole}.${fraction}`) === value) return momentOf(whole, fraction);
  // Exponents are what other programs write, which read the times as doubles: no more digits are known.
  const us = Math.floor(value);
  return { us, ns: Math.round((value - us) * 1000) };
}

/** Nanoseconds from one moment to another. */
export const since = (from: Moment, to: Moment): number => (to.us - from.us) * 1000 + (to.ns - from.ns);
