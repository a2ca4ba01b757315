import { type Completeness, isComputeMissing, lacksCopies } from '#trace/completeness/completeness';
import type { Detector, Input } from './define.ts';

/** Why an input that is there cannot be judged by: computing or copying left no trace, two GPUs may be one, or calls into the operating system are not what they seem. */
export type WhyForbidden = 'compute' | 'copies' | 'devices' | 'os-calls';

/** What a trace's gaps forbid to judge by, of an input that a detector needs. */
export function forbids(completeness: Completeness, input: Input): WhyForbidden | undefined {
  // Where kernels or graphs are missing a GPU looks idle that was not, and slow that was shared: every answer that rests on them is open.
  if (input === 'kernel' && isComputeMissing(completeness)) return 'compute';
  // A copy that is not there ends no engine step, so that two look like one long one.
  if (input === 'memcpy' && lacksCopies(completeness)) return 'copies';
  if (input === 'device numbers' && completeness.devices.length > 0) return 'devices';
  if (input === 'os_call' && completeness.osCalls !== undefined) return 'os-calls';
  return undefined;
}

/**
 * The detectors that concern a trace: a server waits for requests in much the same calls in which a training step waits for its data, so
 * what only a training can show is not looked for where a load test came along.
 */
export const concerning = (detectors: readonly Detector[], hasRequests: boolean): readonly Detector[] =>
  detectors.filter(d => !(hasRequests && d.needs.includes('training')));

/** The detectors that may be asked: none of what they need is forbidden. What the others would have claimed stays unexplained. */
export const askable = (detectors: readonly Detector[], completeness: Completeness, hasRequests: boolean): readonly Detector[] =>
  concerning(detectors, hasRequests).filter(d => d.needs.every(input => forbids(completeness, input) === undefined));
