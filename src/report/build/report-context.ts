import { concerning } from '#diagnosis/causes/forbidden';
import { visibleCauses } from '#diagnosis/steps/visible';
import type { DetectorVerdict } from '#schema/report';
import type { Facts } from './facts.ts';
import { type HostBound, hostBoundOf } from './findings.ts';
import { grounded } from './grounded.ts';
import { isGrounded, mayName, needsOfFinding } from './grounds.ts';
import { type Judged, judge } from './judged.ts';
import { type Missing, missingInputs } from './missing-inputs.ts';
import { namedCauses } from './named-causes.ts';
import { type Together, wordTogether } from './parallel/together.ts';
import { type ToldTraining, tellTraining } from './training/told.ts';
import { untracedVerdicts } from './untraced/verdicts.ts';
import { verdictsOf } from './verdicts.ts';

/** What the sections of a report are written from. No cause is in it whose needs are not there. */
export interface ReportContext {
  readonly facts: Facts;
  /** What could not be looked at, and why. */
  readonly missing: Missing;
  readonly judged: Judged;
  readonly together: Together;
  readonly training: ToldTraining;
  /** Undefined where no lane is bound by its host, or where it cannot be told. */
  readonly hostBound: HostBound | undefined;
  readonly detectors: readonly DetectorVerdict[];
}

/** Judges the facts of an analysis once, for all sections. */
export function reportContext(given: Facts): ReportContext {
  const missing = missingInputs(given);
  const facts = grounded(given, missing);
  const judged = judge(facts);
  const all = wordTogether(facts.parallel);
  const together = { ...all, causes: all.causes.filter(c => mayName(missing, c.cause)) };
  const training = tellTraining(facts, judged.evidenceOf, cause => mayName(missing, cause));
  const bound = hostBoundOf(facts.diagnosis.lanes, facts.aligned.hasRequests);
  const hostBound = bound !== undefined && isGrounded(missing, needsOfFinding(missing, { id: 'host-bound' })) ? bound : undefined;
  const told = { facts, missing, judged, together, training, hostBound };
  return { ...told, detectors: verdicts(told) };
}

function verdicts(told: Omit<ReportContext, 'detectors'>): DetectorVerdict[] {
  const { facts, missing, training } = told;
  const { diagnosis, aligned } = facts;
  const { untraced } = facts;
  const steps = untraced === undefined ? diagnosis.lanes.flatMap(l => l.steps ?? []) : [untraced.steps ?? []].flat();
  const asked = concerning(facts.detectors, aligned.hasRequests);
  const grounds = {
    missing,
    named: namedCauses(told),
    visible: training.visible ?? visibleCauses(steps),
    waitLimitMs: diagnosis.selection?.waitLimitMs,
    comparedRanks: facts.isPipeline || facts.training?.found !== undefined || facts.parallel.collectives !== null,
  };
  return untraced === undefined ? verdictsOf(asked, grounds) : untracedVerdicts(asked, grounds, untraced.tests);
}
