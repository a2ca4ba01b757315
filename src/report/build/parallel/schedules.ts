import type { HandoffFacts, ScheduleFacts } from '#multi-gpu/pipeline/facts';
import type { MarkedPhases, PhaseDifference } from '#multi-gpu/pipeline/named-phases';
import type { Mended } from '#multi-gpu/pipeline/what-if';
import type { Schedule } from '#schema/pipeline';
import { againstText } from './peer-copies.ts';
import { departureTexts, detectedText, placeText } from './recognition.ts';

const PHASES: Readonly<Record<PhaseDifference['marked'], string>> = { warmup: 'warm-up', steady: 'steady', cooldown: 'cool-down' };
const KINDS: Readonly<Record<Extract<Mended, { mended: 'kind' }>['kind'], string>> = {
  F: 'forwards',
  B: 'backwards',
  W: 'weight gradients',
};

function mendedText(what: Mended): string {
  switch (what.mended) {
    case 'stages':
      return 'stages of equal length';
    case 'hand-offs':
      return 'hand-offs take no time';
    case 'copies':
      return 'copies fully hidden';
    case 'latency':
      return 'no wait between a producer and its copy or consumer';
    case 'launches':
      return 'no launch comes late';
    case 'operations':
      return 'no operation longer than the median of its kind and stage';
    case 'kind':
      return `${KINDS[what.kind]} never longer than their median`;
    case 'stage':
      return `stage ${what.stage} never slower than its median`;
    case 'microbatch':
      return `microbatch ${what.microbatch} never slower than the median`;
  }
}

function differenceText({ iteration, rank, operation, marked, derived }: PhaseDifference): string {
  const where = `${iteration === undefined ? '' : `iteration ${iteration}, `}rank ${rank}: ${placeText(operation)}`;
  return `${where} is marked ${PHASES[marked]}; by its place in the order it is ${PHASES[derived]}`;
}

const wordMarks = (marked: MarkedPhases | null): NonNullable<Schedule['phase_marks']> | null =>
  marked && { operations: marked.operations, disagree: marked.disagree, examples: marked.examples.map(differenceText) };

function wordHandoffs({ stagedAgainst, staged_stall_ms, ...handoffs }: HandoffFacts): Schedule['handoffs'] {
  return { ...handoffs, staged_against: againstText(stagedAgainst), ...(staged_stall_ms === undefined ? {} : { staged_stall_ms }) };
}

/** A schedule as the report shows it. */
export function wordSchedule(facts: ScheduleFacts): Schedule {
  const { name, candidates, label, p, m, v, iterations, iteration_ms, ideal_ms, simulated_ms, bubble, phases, gantt } = facts;
  const { excess, excess_ms, launch_causes, launch_ranks } = facts;
  return {
    name,
    detected: detectedText(facts),
    ...(candidates === undefined ? {} : { candidates }),
    label,
    departures: departureTexts(facts),
    ...{ p, m, v, iterations, iteration_ms, ideal_ms, simulated_ms, bubble },
    phase_marks: wordMarks(facts.markedPhases),
    phases,
    handoffs: wordHandoffs(facts.handoffs),
    ...{ excess, excess_ms },
    ...(launch_causes === undefined ? {} : { launch_causes }),
    ...(launch_ranks === undefined ? {} : { launch_ranks }),
    what_if: facts.whatIfs.map(({ what, speedup }) => ({ what: mendedText(what), speedup })),
    gantt,
  };
}
