import type { Clock } from '#model/relation';
import { SECONDS_LIMIT, sampleClock, ZONELESS_LIMIT } from './sample-clock.ts';
import { samplingLimit } from './sampling.ts';

/** How the times of a file are to be understood. */
export interface When {
  /** Times of day without a date, and what was written at an unknown time, have no place in the calendar: their series is relative. */
  readonly kind: 'zoned' | 'zoneless' | 'dateless' | 'untimed' | 'monotonic';
  readonly resolution_ms: number;
}

const MONOTONIC_UNCERTAINTY_MS = 1;

/** The clock of samples that come every `intervalMs`. */
export const clockOfSamples = ({ kind, resolution_ms }: When, intervalMs: number | undefined): Clock => {
  if (kind === 'dateless' || kind === 'untimed') return { kind: 'relative' };
  if (kind === 'monotonic') return { kind: 'monotonic', uncertainty_ms: Math.max(MONOTONIC_UNCERTAINTY_MS, resolution_ms) };
  return sampleClock({ zoned: kind === 'zoned', resolution_ms }, intervalMs);
};

const uptimeLimit = (ms: number): string =>
  `The times count from the boot by the clock of a CPU, which no time server corrects: they may be off by up to ${Number((ms / 1000).toPrecision(2))} s.`;

/** What times of this kind cannot support, and what falls between two samples. */
export const limitsOfTimes = ({ kind, resolution_ms }: When, intervalMs: number | undefined): string[] => [
  ...(kind === 'zoneless' ? [ZONELESS_LIMIT] : []),
  ...(kind === 'dateless' ? ['The times are of a day without a date, so this file can be laid over others only by matching events.'] : []),
  ...(kind === 'untimed' ? ['The file does not say when it was written, so it cannot be laid over others.'] : []),
  ...(kind === 'monotonic' ? [uptimeLimit(resolution_ms)] : resolution_ms >= 1000 ? [SECONDS_LIMIT] : []),
  samplingLimit(intervalMs),
];
