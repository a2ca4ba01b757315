/** No count, rate or size that a tool writes comes near this; what exceeds it is damage. */
const LARGEST = 1e18;

const DECIMAL = /^[+-]?(?:\d{1,25}(?:\.\d{0,20})?|\.\d{1,20})(?:e[+-]?\d{1,3})?$/i;

/** The number that a whole text is, as tools write numbers; undefined for all else, and for what no tool would write. */
export const decimal = (text: string): number | undefined => {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Math.abs(value) <= LARGEST ? value : undefined;
};

/** As `decimal`, for what cannot be negative. */
export const amount = (text: string): number | undefined => {
  const value = decimal(text);
  return value === undefined || value < 0 ? undefined : value;
};
