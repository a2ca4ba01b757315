import { durationOf } from '#core/duration';
import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import type { Window } from './integrate.ts';

/** A moment: seconds since the first reading of power, or a date. */
type Moment = { readonly after_s: Seconds } | { readonly epoch_ns: bigint };
export type Moments = readonly [Moment, Moment];

const EXAMPLES =
  'Give START..END: times since the first reading (10..310, 10s..5m), or dates (2024-07-17T20:58:36.235..2024-07-17T21:40:16.287).';

function moment(text: string, option: string): Moment {
  const [, sign = '', length = ''] = /^(-?)(.*)$/s.exec(text) ?? [];
  const after_s = durationOf(length);
  if (after_s !== undefined) return { after_s: sign === '-' ? -after_s : after_s };
  const [, date, clock, zone = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  // A date without a zone is on the clock of the files: they are read as if they were UTC, and so is it.
  const ms = date === undefined || clock === undefined ? Number.NaN : Date.parse(`${date}T${clock}${zone === '' ? 'Z' : zone}`);
  if (Number.isNaN(ms)) throw new ForensicsError('bad-argument', `${text}, given with ${option}, is no moment`, EXAMPLES);
  return { epoch_ns: BigInt(ms) * 1_000_000n };
}

/**
 * Reads `START..END`.
 * @throws ForensicsError bad-argument
 */
export function readMoments(text: string, option: string): Moments {
  const [start, end, ...rest] = text.split('..');
  if (start === undefined || end === undefined || rest.length > 0)
    throw new ForensicsError('bad-argument', `${text}, given with ${option}, is no stretch of time`, EXAMPLES);
  return [moment(start.trim(), option), moment(end.trim(), option)];
}

/**
 * Moments on a clock that counts seconds from `base` (epoch ns).
 * @param first when power was first read, on that clock
 */
export function resolve(moments: Moments, base: bigint, first: Seconds): Window {
  const on = (m: Moment) => ('after_s' in m ? first + m.after_s : Number(m.epoch_ns - base) / 1e9);
  return [on(moments[0]), on(moments[1])];
}
