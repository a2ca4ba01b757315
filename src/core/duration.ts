import type { Seconds } from './units.ts';

/** Seconds of each unit that a length of time may name. */
const UNITS = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 } as const;
const isUnit = (text: string): text is keyof typeof UNITS => Object.hasOwn(UNITS, text);
const GRAMMAR = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/;

/**
 * Reads a length of time, the one grammar of all commands: 300, 1.5, 500ms, 90s, 10m, 1h.
 * @param bare the unit of a number that names none
 * @returns undefined for what is no length of time
 */
export function durationOf(text: string, bare: keyof typeof UNITS = 's'): Seconds | undefined {
  const [, digits, unit = bare] = GRAMMAR.exec(text.trim()) ?? [];
  return digits === undefined || !isUnit(unit) ? undefined : Number(digits) * UNITS[unit];
}
