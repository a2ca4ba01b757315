import { count } from '#core/format/numbers';
import type { Diagnosis } from '#diagnosis/diagnose';
import type { ServingLane } from '#diagnosis/lanes/serving-lane';
import type { Latency, Report } from '#schema/report';

/** What this data cannot tell, in sentences. */
export function cannotTell(
  d: Diagnosis,
  lane: ServingLane | 'none needed' | undefined,
  e2e: Latency | undefined,
  finished: number,
  verdicts: Report['detectors'],
  hasRequests: boolean,
  ops: number,
): string[] {
  const out: string[] = [];
  if (ops === 0) out.push('The trace holds no GPU work.');
  if (!hasRequests) out.push('Which requests were slow: no load test came with the trace, so idle time may simply be lack of demand.');
  else if (finished > d.delays.length)
    out.push(`What happened to ${count(finished - d.delays.length, 'request')} that ran, wholly or partly, outside the trace.`);
  if (lane === undefined && ops > 0)
    out.push('Where an engine step ends: no results are copied back often enough. Incidents cannot be found without steps.');
  if (lane !== undefined && lane !== 'none needed' && lane.others > 0)
    out.push(`Which of ${lane.others + 1} processes or GPUs that return results served a request: only the busiest was followed.`);
  if (e2e !== undefined && e2e.p99_ci_ms[1] === null)
    out.push(`How high p99 may really be: ${count(e2e.n, 'request')} give no upper bound (it takes about 370).`);
  out.push('What the profiler itself cost: that takes an unprofiled control run.');
  for (const v of verdicts) if (v.verdict === 'cannot-tell') out.push(`Whether there was ${v.cause}: ${v.reason}.`);
  return out;
}

/** Why nothing can be said about causes at all, or undefined when it can. */
export function blindness(ops: number, hasRequests: boolean, lane: ServingLane | undefined): string | undefined {
  if (ops === 0) return 'The trace holds no GPU work, so nothing can be said about the GPU.';
  if (hasRequests && lane === undefined)
    return 'No results come back to the host often enough in this trace to follow the serving steps, so causes cannot be told.';
  return undefined;
}
