/** A number as people write it, and what it may stand for. */
export interface Written {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** "below" for `<`, `≤`, "under"; "above" for `>`, `≥` and a trailing `+`. */
  readonly bound: 'below' | 'above' | null;
}

/** A mark before a number, the digits, and what may follow them. A range ("25–30") is two numbers, of which none is the statement. */
export const NUMBER = String.raw`(?<mark>[<>≤≥~≈]=?|below|under|above|over|at least|at most|about|around|up to)?\s*(?<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?(?<scale>[kKM])\b)?(?<plus>\+)?`;

const SCALE: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6 };
/** "about" a number: within a twentieth. */
const ABOUT = 0.05;
const HALF = 0.5;

/** Half of the last digit that was written: an integer that ends in zeros may have been rounded at the last of them. */
function halfStep(digits: string): number {
  const decimals = digits.split('.')[1];
  if (decimals !== undefined) return HALF * 10 ** -decimals.length;
  return digits.length > 2 && digits.endsWith('0') ? 10 * HALF : HALF;
}

const boundOf = (mark: string | undefined, plus: string | undefined): Written['bound'] => {
  if (/^(?:[<≤]|below|under|at most|up to)/.test(mark ?? '')) return 'below';
  return /^(?:[>≥]|above|over|at least)/.test(mark ?? '') || plus !== undefined ? 'above' : null;
};

/**
 * Reads the named groups of `NUMBER`. `exact` for what is set and not measured: a duration, a rate that was asked for, a count.
 * @param factor from the written unit to the one that is kept
 */
export function writtenNumber(groups: Readonly<Record<string, string | undefined>>, factor: number, exact: boolean): Written | undefined {
  const digits = groups['digits']?.replaceAll(',', '');
  if (digits === undefined) return undefined;
  const scale = (SCALE[groups['scale'] ?? ''] ?? 1) * factor;
  const mark = groups['mark']?.trim().toLowerCase();
  const value = Number(digits) * scale;
  const bound = boundOf(mark, groups['plus']);
  if (bound === 'below') return { value, lower: -Infinity, upper: value, bound };
  if (bound === 'above') return { value, lower: value, upper: Infinity, bound };
  const about = mark === undefined ? 0 : ABOUT * Math.abs(value);
  const doubt = exact ? about : Math.max(about, halfStep(digits) * scale);
  return { value, lower: value - doubt, upper: value + doubt, bound };
}
