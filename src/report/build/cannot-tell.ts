import { count, plain } from '#core/format/numbers';
import type { Share } from '#core/units';
import type { Latency, Report } from '#schema/report';
import type { GraphLaunches } from '#trace/events/unrecorded-graphs';

/** What was there to judge by. */
export interface Seen {
  /** Operations of GPUs in the trace. */
  readonly ops: number;
  /** Lanes that return results; a pipeline needs none. */
  readonly lanes: number | 'none needed';
  readonly hasRequests: boolean;
  /** Requests that finished, and those of them that lie wholly inside the trace. */
  readonly finished: number;
  readonly judged: number;
  /** Requests inside the trace that none of several lanes can be told to have served. */
  readonly unjoined: number;
  readonly graphs: GraphLaunches;
  readonly e2e: Latency | undefined;
  readonly verdicts: Report['detectors'];
}

/** What this data cannot tell, in sentences. */
export function cannotTell({ ops, lanes, hasRequests, finished, judged, unjoined, graphs, e2e, verdicts }: Seen): string[] {
  const out: string[] = [];
  if (ops === 0) out.push('The trace holds no GPU work.');
  if (!hasRequests) out.push('Which requests were slow: no load test came with the trace, so idle time may simply be lack of demand.');
  else if (finished > judged + unjoined)
    out.push(`What happened to ${count(finished - judged - unjoined, 'request')} that ran, wholly or partly, outside the trace.`);
  if (lanes === 0 && ops > 0)
    out.push('Where an engine step ends: no results are copied back often enough. Incidents cannot be found without steps.');
  if (unjoined > 0)
    out.push(
      `Which of ${lanes} processes or GPUs that return results served ${count(unjoined, 'request')}: the times of their tokens fit none of them better than chance.`,
    );
  if (areGraphsMissing(graphs))
    out.push(
      `What the GPU did: ${plain(graphs.unrecorded)} of ${count(graphs.n, 'launch', 'launches')} of CUDA graphs left no work in the trace, so it looks idle where it was not. Record them: --cuda-graph-trace=node (or graph), nsys 2024.2 or later.`,
    );
  if (e2e !== undefined && e2e.p99_ci_ms[1] === null)
    out.push(`How high p99 may really be: ${count(e2e.n, 'request')} give no upper bound (it takes about 370).`);
  out.push('What the profiler itself cost: that takes an unprofiled control run.');
  for (const v of verdicts) if (v.verdict === 'cannot-tell') out.push(`Whether there was ${v.cause}: ${v.reason}.`);
  return out;
}

/** A launch or two at the edges of a capture lie outside it; more than one in a hundred does not. */
const AT_THE_EDGES: Share = 0.01;

/** Whether the work of CUDA graphs is missing from the trace: nothing may then be said of busy and idle. */
export const areGraphsMissing = ({ n, unrecorded }: GraphLaunches): boolean => unrecorded > Math.max(2, AT_THE_EDGES * n);

/** Why nothing can be said about causes at all, or undefined when it can. */
export function blindness(ops: number, hasRequests: boolean, lanes: number): string | undefined {
  if (ops === 0) return 'The trace holds no GPU work, so nothing can be said about the GPU.';
  if (hasRequests && lanes === 0)
    return 'No results come back to the host often enough in this trace to follow the serving steps, so causes cannot be told.';
  return undefined;
}
