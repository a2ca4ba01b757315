import { significant } from '#core/math/round';

/** How many of our unit one of theirs is. Temperatures carry no unit, or a C. */
const SCALES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  W: { mW: 1e-3, W: 1, kW: 1e3 },
  MHz: { Hz: 1e-6, kHz: 1e-3, KHz: 1e-3, MHz: 1, GHz: 1e3 },
  MiB: { B: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10, kB: 1e3 / 2 ** 20, KB: 1e3 / 2 ** 20, MB: 1e6 / 2 ** 20, GB: 1e9 / 2 ** 20 },
  '%': { '%': 1 },
  C: { C: 1, '°C': 1 },
};

const NUMBER = /^([+-]?\d{1,20}(?:\.\d{1,20})?)\s*(\S*)$/;
/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU requires reset]` and the like; the bracketed list is open. */
const MISSING = /^(?:|-|\[.*\]|n\/a|err!?|unknown error|not supported|requested functionality has been deprecated)$/i;

export const isMissing = (cell: string): boolean => MISSING.test(cell);

/** A cell that is complete even where no line break follows: a number with its unit, a full mask, a word, a bracket. */
export const isWhole = (cell: string): boolean => /^(?:[\d.]+ (?:W|MHz|MiB|%)|0x[\da-f]{16}|(?:Not )?Active|\[.*\])$/i.test(cell);

/**
 * A number in `unit` (a key of SCALES), converted from the unit in the cell or else in the heading. Null if the value is
 * missing. Undefined if the cell is no such quantity, or a negative one (temperatures may be negative).
 */
export const parseQuantity = (cell: string, headingUnit: string | undefined, unit: string): number | null | undefined => {
  if (isMissing(cell)) return null;
  const [, digits, cellUnit] = NUMBER.exec(cell) ?? [];
  const theirs = cellUnit || headingUnit || unit;
  const scales = SCALES[unit] ?? {};
  const scale = Object.hasOwn(scales, theirs) ? scales[theirs] : undefined;
  if (digits === undefined || scale === undefined) return undefined;
  const value = scale === 1 ? Number(digits) : significant(Number(digits) * scale, 12);
  return value < 0 && unit !== 'C' ? undefined : value;
};
