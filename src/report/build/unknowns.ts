import { itemAt } from '#core/columns';
import { cannotTell } from './cannot-tell.ts';
import { contradictions, lowerBoundSentence } from './client-side.ts';
import { type GraphsTogether, hiddenCollectives, incompleteness } from './completeness.ts';
import type { Facts } from './facts.ts';
import { unjudged } from './machine/unjudged.ts';
import type { ReportContext } from './report-context.ts';

/** What the trace and the files beside it cannot tell, in sentences. */
export function unknowns(context: ReportContext): string[] {
  const { facts, judged, together, training, detectors } = context;
  const { aligned, diagnosis, isPipeline, lanes, ops } = facts;
  const needsNoLane = isPipeline || facts.training?.found !== undefined;
  return [
    ...cannotTell({
      untraced: facts.untraced && { whyNoSteps: aligned.hasRequests ? context.missing('steps') : undefined },
      ops: ops.n,
      lanes: needsNoLane ? 'none needed' : lanes.length,
      hasRequests: aligned.hasRequests,
      finished: judged.finished.length,
      judged: diagnosis.delays.length,
      unjoined: diagnosis.unjoined,
      lacks: lacksOf(facts),
      e2e: judged.e2e,
      verdicts: [...detectors],
    }),
    ...contradictions(diagnosis.contradicted),
    ...[lowerBoundSentence(aligned.rows) ?? []].flat(),
    ...unjudged(facts),
    ...(together.pipeline?.cannot_tell ?? []),
    ...(together.collectives?.cannot_tell ?? []),
    ...(training.training?.cannot_tell ?? []),
  ];
}

/** What the traces lack: those of other ranks count their times from their own begin. */
const lacksOf = (facts: Facts): string[] => [
  // Evidence is asked for late, and may meet damaged rows itself.
  ...incompleteness({ ...facts.completeness, damaged: facts.source.damaged() }, { pidOf: facts.source.pidOf, from: 0 }),
  ...hiddenCollectives(graphsTogether(facts)),
  ...facts.othersLack.flatMap(o => incompleteness(o.completeness, { ...o, from: 0 }).map(sentence => `${o.name}: ${sentence}`)),
];

/** Each pair of GPUs once, from the side that returns results. */
const graphsTogether = ({ diagnosis, ops }: Facts): GraphsTogether[] =>
  diagnosis.lanes.flatMap(({ lane, graphs }) => graphs.map(g => ({ ...g, device: itemAt(ops.devices, lane.device) })));
