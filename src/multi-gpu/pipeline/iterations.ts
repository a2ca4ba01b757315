import { max } from 'd3-array';
import { assignMicrobatches } from './assign-microbatches.ts';
import { assignStages } from './assign-stages.ts';
import type { FoundOperation, Iteration } from './operation.ts';
import { withRestOfWeights } from './rest-of-weights.ts';
import { splitIterations } from './split-iterations.ts';

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
  // A recording that begins or ends in the middle of an iteration leaves a part of one, which says nothing about its bubble.
  const fullest = max(iterations, i => i.operations.length) ?? 0;
  const same = (i: Iteration) => iterations.filter(j => j.label === i.label && j.p === i.p).map(j => j.operations.length);
  const whole = iterations.filter(i => i.operations.length >= (max(same(i)) ?? fullest) && i.operations.some(o => o.kind === 'F'));
  if (whole.length < iterations.length) notes.add(`${iterations.length - whole.length} incomplete iteration(s) were left out.`);
  return { iterations: whole, notes: [...notes] };
}
