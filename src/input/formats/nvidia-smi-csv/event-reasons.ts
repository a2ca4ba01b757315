// Bits: https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html
import type { Layout } from './columns.ts';
import { isMissing } from './quantity.ts';

const BITS: Readonly<Record<string, number>> = {
  gpu_idle: 0x1,
  applications_clocks_setting: 0x2,
  sw_power_cap: 0x4,
  hw_slowdown: 0x8,
  sync_boost: 0x10,
  sw_thermal_slowdown: 0x20,
  hw_thermal_slowdown: 0x40,
  hw_power_brake_slowdown: 0x80,
  display_clock_setting: 0x100,
};

/** The column that holds the whole mask; the others hold one reason each as `Active` or `Not Active`. */
const MASK = 'active';

interface Reasons {
  /** Null where nothing is known. */
  readonly mask: number | null;
  /** Name of a column whose cell makes no sense. */
  readonly bad?: string;
}

/** The reasons of one line: its mask if there is one, else what its single columns say together. */
export const readReasons = (cells: readonly string[], columns: Layout['reasons']): Reasons => {
  let single: number | null = null;
  let mask: number | null = null;
  for (const { index, name, reason } of columns) {
    const cell = cells[index] ?? '';
    const bit = Object.hasOwn(BITS, reason) ? BITS[reason] : undefined;
    if ((reason !== MASK && bit === undefined) || isMissing(cell)) continue;
    const value = reason === MASK ? parseMask(cell) : parseState(cell, bit ?? 0);
    if (value === undefined) return { mask: null, bad: name };
    if (reason === MASK) mask = join(mask, value);
    else single = join(single, value);
  }
  return { mask: mask ?? single };
};

/** What the file cannot tell if it has some of the single columns only. */
export const reasonLimits = (columns: Layout['reasons']): string[] => {
  const has = new Set(columns.map(column => column.reason));
  const lacks = Object.keys(BITS).filter(reason => !has.has(reason) && reason !== 'display_clock_setting');
  if (has.has(MASK) || lacks.length === 0 || lacks.length >= Object.keys(BITS).length - 1) return [];
  return [`Of the reasons for lowered clocks, these were not recorded and cannot be seen: ${lacks.join(', ')}.`];
};

/** Bit by bit, without JavaScript's 32-bit operators: a mask has 64. */
const join = (a: number | null, b: number): number => (a === null ? b : Number(BigInt(a) | BigInt(b)));

const parseMask = (cell: string): number | undefined => {
  if (!/^(?:0x[\da-f]{1,16}|\d{1,16})$/i.test(cell)) return undefined;
  const mask = Number(cell);
  return Number.isSafeInteger(mask) ? mask : undefined;
};

const parseState = (cell: string, bit: number): number | undefined => {
  if (/^active$/i.test(cell)) return bit;
  return /^not active$/i.test(cell) ? 0 : undefined;
};
