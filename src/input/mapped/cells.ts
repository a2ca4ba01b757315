import type { Ns } from '#core/units';
import { amount } from '#input/text/decimal';
import { parseTimestamp } from '#input/time/timestamp';
import type { MappedColumn, Unit } from './columns.ts';

const NS_IN: Readonly<Record<Unit, number>> = { ns: 1, us: 1000, ms: 1_000_000, s: 1_000_000_000 };
const DIGITS: Readonly<Record<Unit, number>> = { ns: 0, us: 3, ms: 6, s: 9 };

/** The unit at the end of a column's name: latency_ms, `duration (s)`, ttft[us]. */
const NAMED = /[_\s([./-](ns|us|µs|ms|msec|millis|s|sec|secs|seconds)[\])]?$/i;
const UNIT_OF: Readonly<Record<string, Unit>> = { ns: 'ns', us: 'us', µs: 'us', ms: 'ms', msec: 'ms', millis: 'ms' };

/** The unit of a column: as it was said, or as its name ends. */
function unitOf({ column, unit }: MappedColumn): Unit | undefined {
  if (unit !== undefined) return unit;
  const named = NAMED.exec(column)?.[1]?.toLowerCase();
  return named === undefined ? undefined : (UNIT_OF[named] ?? 's');
}

const DECIMAL = /^(-?\d{1,19})(?:\.(\d{1,12}))?$/;

/** A decimal of a unit as whole ns, exact however large. */
function exactNs(cell: string, unit: Unit): bigint | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(cell) ?? [];
  if (whole === undefined) return undefined;
  const digits = DIGITS[unit];
  const part = BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0');
  return BigInt(whole) * BigInt(NS_IN[unit]) + (whole.startsWith('-') ? -part : part);
}

/** A moment of a cell; `zoned` is null where it is a plain number. */
export interface Moment {
  readonly ns: bigint;
  readonly zoned: boolean | null;
}

/** Reads a moment: a number of the column's unit, else a date, else an epoch whose unit its size tells. Undefined for anything else. */
export function momentOf(cell: string, column: MappedColumn): Moment | undefined {
  const unit = unitOf(column);
  const ns = unit === undefined ? undefined : exactNs(cell, unit);
  if (ns !== undefined) return { ns, zoned: null };
  const stamp = parseTimestamp(cell);
  return stamp === undefined ? undefined : { ns: stamp.ns, zoned: stamp.zoned };
}

/** Reads a length of time in ns; undefined where it is none, or its unit is not known. */
export function lengthOf(cell: string, column: MappedColumn): Ns | undefined {
  const [unit, value] = [unitOf(column), amount(cell)];
  return unit === undefined || value === undefined ? undefined : Math.round(value * NS_IN[unit]);
}

/** What tools write for a request that succeeded. */
const GOOD = /^(?:ok|success|successful|succeeded|completed|done|true|1|2\d\d)$/i;
export const statusOf = (cell: string): 'ok' | 'failed' => (cell === '' || GOOD.test(cell) ? 'ok' : 'failed');
