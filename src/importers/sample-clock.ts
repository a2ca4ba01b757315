import type { Clock } from '#model/relation';
import type { Stamp } from './stamp.ts';

const AT_LEAST_MS = 1;

/** What a reader should know of a clock without a zone. */
export const ZONELESS_LIMIT = 'The times carry no zone.';

/** The limit that goes with times of a tool that writes whole seconds. */
export const SECONDS_LIMIT = 'The times are whole seconds: nothing shorter can be placed.';

/** The clock of samples whose stamps are as `stamp`: known no better than the tool writes it, and half a sample without a zone. */
export const sampleClock = ({ zoned, resolution_ms }: Pick<Stamp, 'zoned' | 'resolution_ms'>, intervalMs: number | undefined): Clock =>
  zoned
    ? { kind: 'epoch', uncertainty_ms: resolution_ms }
    : { kind: 'zoneless', uncertainty_ms: Math.max(AT_LEAST_MS, resolution_ms, (intervalMs ?? 0) / 2) };
