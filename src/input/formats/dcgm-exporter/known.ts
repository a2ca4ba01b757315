/** DCGM_FP64_BLANK and the three after it (dcgm_structs.h): blank, not found, not supported, not permitted. Of integers they exceed 2^62. */
const BLANK_FP64 = 2 ** 47;
const [BLANK_INT64_FROM, BLANK_INT64_TO] = [2 ** 62, 2 ** 63];

/** Whether a value is a number: no NaN, no infinity, and none of the numbers that DCGM has for "not known". */
export const isKnown = (value: number): boolean =>
  Number.isFinite(value) &&
  !(Math.abs(value) >= BLANK_INT64_FROM && Math.abs(value) <= BLANK_INT64_TO) &&
  !(value >= BLANK_FP64 && value <= BLANK_FP64 + 3);
