import { type Completeness, isComputeMissing } from '#trace/completeness/completeness';
import type { Detector, Input } from './define.ts';

/** Why an input that is there cannot be judged by: computing left no trace, or two GPUs may be one; or the trace is a server's. */
export type WhyForbidden = 'compute' | 'devices' | 'serving';

/** What is known of a trace before anything is said of the program. */
export interface Known {
  readonly completeness: Completeness;
  /** A load test came with it: it serves. */
  readonly hasRequests: boolean;
}

/** What a trace's gaps forbid to judge by, of an input that a detector needs. */
export function forbids({ completeness, hasRequests }: Known, input: Input): WhyForbidden | undefined {
  // Where kernels or graphs are missing a GPU looks idle that was not, and slow that was shared: every answer that rests on them is open.
  if (input === 'kernel' && isComputeMissing(completeness)) return 'compute';
  if (input === 'device numbers' && completeness.devices.length > 0) return 'devices';
  // A server waits for requests in much the same calls in which a training step waits for its data.
  if (input === 'training' && hasRequests) return 'serving';
  return undefined;
}

/** The detectors that may be asked: none of what they need is forbidden. What the others would have claimed stays unexplained. */
export const askable = (detectors: readonly Detector[], known: Known): readonly Detector[] =>
  detectors.filter(d => d.needs.every(input => forbids(known, input) === undefined));
