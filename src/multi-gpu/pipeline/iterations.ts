import { max, rollup } from 'd3-array';
import { assignMicrobatches } from './assign-microbatches.ts';
import { assignStages } from './assign-stages.ts';
import type { Assumed, Assumption } from './assumptions.ts';
import type { FoundOperation, Iteration } from './operation.ts';
import { withRestOfWeights } from './rest-of-weights.ts';
import { splitIterations } from './split-iterations.ts';

export interface Iterations {
  readonly iterations: readonly Iteration[];
  /** What had to be assumed or left out. */
  readonly assumed: readonly Assumption[];
}

/** Iterations that are to be alike. */
const kindOf = ({ label, p }: Iteration) => `${p}:${label}`;

/** Puts operations into iterations, and each into its place in the pipeline. */
export function splitAndPlace(operations: readonly FoundOperation[]): Iterations {
  const assumed: Assumed = new Map();
  const each = withRestOfWeights(operations, assumed);
  const iterations = splitIterations(assignMicrobatches(each, assumed)).map(i => assignStages(i, assumed));
  // A recording that begins or ends in the middle of an iteration leaves a part of one, which says nothing about its bubble.
  const fullestOf = rollup(iterations, list => max(list, i => i.operations.length) ?? 0, kindOf);
  const whole = iterations.filter(i => i.operations.length >= (fullestOf.get(kindOf(i)) ?? 0) && i.operations.some(o => o.kind === 'F'));
  const incomplete = iterations.length - whole.length;
  if (incomplete > 0) assumed.set('incomplete-iterations', { what: 'incomplete-iterations', count: incomplete });
  return { iterations: whole, assumed: [...assumed.values()] };
}
