import { significant } from '#core/math/round';
import type { Ms } from '#core/units';
import type { Clock } from '#schema/relation';
import { samplingLimit } from './sampling.ts';

/** How the times of a file are to be understood. */
export interface When {
  /** Times of day without a date, and what was written at an unknown time, have no place in the calendar: their series is relative. */
  readonly kind: 'zoned' | 'zoneless' | 'dateless' | 'untimed' | 'monotonic';
  readonly resolution_ms: Ms;
}

/** No tool stamps a sample nearer than this to the moment when it was taken. */
const AT_LEAST_MS = 1;

/** What a reader should know of a clock without a zone. */
export const ZONELESS_LIMIT = 'The times carry no zone.';

/** The clock of samples that come every `intervalMs`: known no better than the tool writes it, and half a sample without a zone. */
export const clockOfSamples = ({ kind, resolution_ms }: When, intervalMs: Ms | undefined): Clock => {
  if (kind === 'dateless' || kind === 'untimed') return { kind: 'relative' };
  if (kind === 'monotonic') return { kind: 'monotonic', uncertainty_ms: Math.max(AT_LEAST_MS, resolution_ms) };
  return kind === 'zoned'
    ? { kind: 'epoch', uncertainty_ms: resolution_ms }
    : { kind: 'zoneless', uncertainty_ms: Math.max(AT_LEAST_MS, resolution_ms, (intervalMs ?? 0) / 2) };
};

const uptimeLimit = (ms: Ms): string =>
  `The times count from the boot by the clock of a CPU, which no time server corrects: they may be off by up to ${significant(ms / 1000, 2)} s.`;

/** What times of this kind cannot support, and what falls between two samples. */
export const limitsOfTimes = ({ kind, resolution_ms }: When, intervalMs: Ms | undefined): string[] => [
  ...(kind === 'zoneless' ? [ZONELESS_LIMIT] : []),
  ...(kind === 'dateless' ? ['The times are of a day without a date, so this file can be laid over others only by matching events.'] : []),
  ...(kind === 'untimed' ? ['The file does not say when it was written, so it cannot be laid over others.'] : []),
  ...(kind === 'monotonic'
    ? [uptimeLimit(resolution_ms)]
    : resolution_ms >= 1000
      ? ['The times are whole seconds: nothing shorter can be placed.']
      : []),
  samplingLimit(intervalMs),
];
