import { type LocalTime, localTime } from '#input/time/local-time';
import { msSince } from '#input/time/nanoseconds';
import { ZONELESS_LIMIT } from '#input/time/sample-clock';
import type { RunSummary } from '#schema/relation';

interface Placed extends Partial<Pick<LocalTime, 'clock'>> {
  readonly window: Pick<RunSummary, 'start_ms' | 'end_ms'>;
  readonly origin_ns?: bigint;
  readonly limits: readonly string[];
}

/** When the run began and ended, from local times without a zone; nothing where the file has none. */
export const windowOf = (start: string | undefined, end: string | undefined): Placed => {
  const [begun, ended] = [start, end].map(text => (text === undefined ? undefined : localTime(text)));
  const origin = begun ?? ended;
  if (origin === undefined) return { window: { start_ms: null, end_ms: null }, limits: [] };
  const ms = (time: LocalTime | undefined) => (time === undefined ? null : msSince(origin.ns, time.ns));
  return { window: { start_ms: ms(begun), end_ms: ms(ended) }, clock: origin.clock, origin_ns: origin.ns, limits: [ZONELESS_LIMIT] };
};
