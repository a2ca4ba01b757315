import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { ScheduleName } from '#schema/pipeline';
import { GRAMMARS } from './grammar/grammars.ts';
import type { PhaseName } from './grammar/meaning.ts';
import type { Iteration } from './operation.ts';
import { byRank, phasesOf } from './phases.ts';
import type { Slot } from './schedules/textbook.ts';
import type { PipelineSource } from './source.ts';

const MOST_EXAMPLES = 5;
const ANY_RANK = -1;

interface Named {
  readonly start: Ns;
  readonly end: Ns;
  readonly phase: PhaseName;
}

/**
 * Prepares to say what a program calls the phase of what a thread launches at a moment: by a mark that holds until the next one of
 * the same rank, or by a range around the launch. Times of the source's own clock.
 */
export function phasesByName(source: PipelineSource): (thread: string, rank: number | undefined, t: Ns) => PhaseName | undefined {
  const named = new Map<string, Named[]>();
  for (const { list, open } of [
    { list: source.ranges, open: false },
    { list: source.marks ?? [], open: true },
  ])
    for (const { name, pid, tid, start, end } of list) {
      const meaning = GRAMMARS.map(g => g.read(name)).find(m => m !== undefined);
      if (meaning?.what !== 'phase') continue;
      const key = `${pid}:${tid}:${meaning.rank ?? ANY_RANK}`;
      getOrCompute(named, key, () => [] as Named[]).push({ start, end: open ? Number.POSITIVE_INFINITY : end, phase: meaning.phase });
    }
  const sorted = new Map(
    [...named].map(([key, list]) => {
      const inOrder = list.toSorted((a, b) => a.start - b.start);
      return [key, { inOrder, starts: Float64Array.from(inOrder, n => n.start) }] as const;
    }),
  );
  return (thread, rank, t) => {
    for (const key of [`${thread}:${rank ?? ANY_RANK}`, `${thread}:${ANY_RANK}`]) {
      const known = sorted.get(key);
      const last = known?.inOrder[upperBound(known.starts, t) - 1];
      if (last !== undefined && t <= last.end) return last.phase;
    }
    return undefined;
  };
}

/** An operation that a program marks as of another phase than its place in the order says. */
export interface PhaseDifference {
  /** Where there are several. */
  readonly iteration: number | undefined;
  readonly rank: number;
  readonly operation: Slot;
  readonly marked: PhaseName;
  readonly derived: PhaseName;
}

/** The program's own marks of the phases beside those that follow from the order. */
export interface MarkedPhases {
  /** Operations that are marked. */
  readonly operations: number;
  readonly disagree: number;
  readonly examples: readonly PhaseDifference[];
}

/** Lays the phases that the program names beside those that follow from the order of operations. Null where it names none. */
export function markedPhases(runs: readonly { readonly iteration: Iteration; readonly name: ScheduleName }[]): MarkedPhases | null {
  let operations = 0;
  const differ: PhaseDifference[] = [];
  for (const [i, { iteration, name }] of runs.entries())
    for (const [rank, list] of byRank(iteration).entries()) {
      const derived = phasesOf(list, name);
      for (const [k, o] of list.entries()) {
        const ours = derived[k];
        if (o.phase === undefined || ours === undefined) continue;
        operations++;
        if (o.phase === ours) continue;
        const operation = { kind: o.kind, microbatch: o.microbatch, stage: o.stage };
        differ.push({ iteration: runs.length > 1 ? i : undefined, rank, operation, marked: o.phase, derived: ours });
      }
    }
  return operations === 0 ? null : { operations, disagree: differ.length, examples: differ.slice(0, MOST_EXAMPLES) };
}
