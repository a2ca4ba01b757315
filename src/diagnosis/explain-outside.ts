import { findOutside, type OutsideState } from '#diagnosis/groups/outside';
import type { OutsideStall } from '#diagnosis/requests/held-outside';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { HostCalls } from '#trace/events/host-calls';

/** A stretch outside the engine with whose it is. */
interface OutsideIncident {
  readonly stall: OutsideStall;
  readonly cause: CauseOrRest;
  readonly incident: ExplainedStall;
}

/**
 * Says whose stretches outside the engine are: the front end's where that was busy or blocked, else the clients', and nobody's where the trace
 * shows neither.
 * @param serving processes (global pid) that work on GPUs
 * @param fewestCalls a thread that makes fewer hands out no tokens
 */
export function explainOutside(
  host: HostCalls,
  serving: ReadonlySet<number>,
  fewestCalls: number,
  stalls: readonly OutsideStall[],
): readonly OutsideIncident[] {
  // Going through the calls of all threads takes a while: only where there is something to explain.
  if (stalls.length === 0) return [];
  const around = findOutside(host, serving, fewestCalls);
  return stalls.map(stall => {
    const state = around?.(stall.start, stall.end);
    const cause = state?.who ?? 'unexplained';
    return { stall, cause, incident: incidentOf(stall, cause, state) };
  });
}

function incidentOf({ start, end }: OutsideStall, cause: CauseOrRest, state: OutsideState | undefined): ExplainedStall {
  const excess = end - start;
  const root = state?.busy;
  const unseen = state === undefined ? 'requests or tokens were delayed outside the engine' : 'nothing that the trace shows was busy';
  const subject = root === undefined ? unseen : `process ${root.process}: ${root.call || 'its own code'}`;
  return { start, end, excess, causes: [{ cause, excess, subject, confidence: 'medium', root }], shares: [] };
}
