import type { Report } from '#schema/report';
import { isComputeMissing } from '#trace/completeness/completeness';
import { associationFindings } from './associations.ts';
import { chronicFindings } from './chronic-findings.ts';
import { chronicLosses } from './chronic-losses.ts';
import { clientFindings } from './client-side.ts';
import { findingsOf } from './findings.ts';
import { isGrounded, needsOfFinding } from './grounds.ts';
import { machineFindings } from './machine/findings.ts';
import { lateRankFindings } from './parallel/late-ranks.ts';
import { profilerFindings } from './profiler-findings.ts';
import type { ReportContext } from './report-context.ts';
import { lastingChangeFindings } from './untraced/lasting-change.ts';

/** What a reader should act on, of every kind; nothing whose needs are not there. */
export function allFindings({ facts, missing, judged, together, training, hostBound }: ReportContext): Report['findings'] {
  const { diagnosis, aligned, window } = facts;
  const lengthMs = Math.max(0, window[1] - window[0]) / 1e6;
  return [
    ...training.findings,
    ...findingsOf(judged.causes, judged.e2e, judged.withoutAll, hostBound),
    ...(isComputeMissing(facts.completeness) ? [] : chronicFindings(diagnosis.lanes, hostBound !== undefined)),
    ...clientFindings(aligned.rows, diagnosis.pauses),
    ...profilerFindings(facts.holds),
    ...lastingChangeFindings(facts),
    ...associationFindings(facts.associations, diagnosis.incidents.length),
    ...lateRankFindings(together, lengthMs),
    ...chronicLosses(diagnosis.lanes),
    ...machineFindings(facts.machine.judgements),
  ].filter(f => isGrounded(missing, needsOfFinding(missing, f)));
}
