import { max } from 'd3-array';
import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import { assignMicrobatches } from './assign-microbatches.ts';
import { assignStages } from './assign-stages.ts';
import type { OperationKind } from './grammar/meaning.ts';
import type { FoundOperation, LateLaunch } from './operations.ts';
import { withRestOfWeights } from './rest-of-weights.ts';
import { splitIterations } from './split-iterations.ts';

/** One operation in its place. Times in ns on the clock that all reports share. */
export interface Operation {
  readonly kind: OperationKind;
  readonly microbatch: number;
  /** Virtual stage, 0 to p·v − 1. */
  readonly stage: number;
  /** Position of its device in the pipeline, 0 to p − 1. */
  readonly rank: number;
  readonly start: Ns;
  readonly end: Ns;
  readonly work: Spans;
  /** When the launch of its first kernel began, NaN where unknown. */
  readonly launched: Ns;
  /** Index of its report, and its first kernel as GpuOps of that counts. */
  readonly source: number;
  readonly op: number;
  readonly late: readonly LateLaunch[];
  readonly streams: ReadonlySet<number>;
  /** What the program calls the phase that it belongs to, where it says. */
  readonly phase: FoundOperation['phase'];
}

/** One pass of all microbatches through the pipeline, forward and backward. */
export interface Iteration {
  /** What the program calls the schedule, where a range says. */
  readonly label: string | undefined;
  readonly p: number;
  readonly m: number;
  readonly v: number;
  /** The device of each rank, as `report:device`. */
  readonly devices: readonly string[];
  /** In order of start. */
  readonly operations: readonly Operation[];
}

export interface Iterations {
  readonly iterations: readonly Iteration[];
  /** What had to be assumed or left out, in sentences. */
  readonly notes: readonly string[];
}

/** Puts operations into iterations, and each into its place in the pipeline. */
export function splitAndPlace(operations: readonly FoundOperation[]): Iterations {
  const notes = new Set<string>();
  const each = withRestOfWeights(operations, notes);
  const iterations = splitIterations(assignMicrobatches(each, notes)).map(i => assignStages(i, notes));
  // A recording that begins or ends in the middle of an iteration leaves a piece of one, which says nothing about its bubble.
  const fullest = max(iterations, i => i.operations.length) ?? 0;
  const same = (i: Iteration) => iterations.filter(j => j.label === i.label && j.p === i.p).map(j => j.operations.length);
  const whole = iterations.filter(i => i.operations.length >= (max(same(i)) ?? fullest) && i.operations.some(o => o.kind === 'F'));
  if (whole.length < iterations.length) notes.add(`${iterations.length - whole.length} incomplete iteration(s) were left out.`);
  return { iterations: whole, notes: [...notes] };
}
