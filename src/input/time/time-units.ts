/** How many ms a unit has, by the names that tools write. */
const MS_IN: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1e3,
  sec: 1e3,
  seconds: 1e3,
};

/** Milliseconds in a unit of time; undefined for what is none. */
export const msIn = (unit: string): number | undefined => (Object.hasOwn(MS_IN, unit) ? MS_IN[unit] : undefined);
