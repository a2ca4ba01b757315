import { count } from '#core/format/numbers';
import { CAUSE_NEEDS, CAUSE_TEXT, type Cause } from '#schema/causes';
import type { Latency, Report } from '#schema/report';

/** What was there to judge by. */
export interface Seen {
  /** No trace was taken; why the times of tokens show no steps, where they show none. */
  readonly untraced: { readonly whyNoSteps: string | undefined } | undefined;
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
  /** What the trace lacks, in sentences. */
  readonly lacks: readonly string[];
  readonly e2e: Latency | undefined;
  readonly verdicts: Report['detectors'];
}

/** What this data cannot tell, in sentences. */
export function cannotTell({ untraced, ops, lanes, hasRequests, finished, judged, unjoined, lacks, e2e, verdicts }: Seen): string[] {
  const out: string[] = [];
  if (untraced !== undefined) {
    if (!hasRequests) out.push('Which requests were slow: no load test was given.');
    else if (untraced.whyNoSteps !== undefined) out.push(`What each step of the engine took: ${untraced.whyNoSteps}.`);
  } else if (ops === 0) out.push('The trace holds no GPU work.');
  if (untraced !== undefined) out.push('What the GPU ran and what the threads of the host did: no trace was given.');
  else if (!hasRequests) out.push('Which requests were slow: no load test came with the trace, so idle time may simply be lack of demand.');
  else if (finished > judged + unjoined)
    out.push(`What happened to ${count(finished - judged - unjoined, 'request')} that ran, wholly or partly, outside the trace.`);
  if (lanes === 0 && ops > 0)
    out.push('Where a step of the engine ends: no results are copied back often enough. Incidents cannot be found without steps.');
  if (unjoined > 0)
    out.push(
      `Which of ${lanes} processes or GPUs that return results served ${count(unjoined, 'request')}: the times of their tokens fit none of them better than chance.`,
    );
  out.push(...lacks);
  if (e2e !== undefined && e2e.p99_ci_ms[1] === null)
    out.push(`How high p99 may be at the most: ${count(e2e.n, 'request')} were judged, and an upper bound takes about 370.`);
  if (untraced === undefined) out.push('What the profiler itself cost: that takes an unprofiled control run.');
  out.push(...openCauses(verdicts));
  return out;
}

/** Inputs that hardly anybody records: the causes that need one are told in one line. */
const SELDOM: ReadonlySet<string> = new Set(['page_fault', 'engine counters']);
const isRare = ({ cause }: { readonly cause: Cause }): boolean => CAUSE_NEEDS[cause].needs.some(n => SELDOM.has(n));

/** Causes that could not be looked for: those that lack the same are told together. */
function openCauses(verdicts: Seen['verdicts']): string[] {
  const open = verdicts.filter(v => v.verdict === 'cannot-tell');
  const byReason = new Map<string, string[]>();
  for (const v of open.filter(o => !isRare(o))) byReason.set(v.reason, [...(byReason.get(v.reason) ?? []), titleOf(v)]);
  const rare = open.filter(isRare).map(titleOf);
  return [
    ...[...byReason].map(([reason, titles]) => `Whether any time went to ${titles.join(', ')}: ${reason}.`),
    ...(rare.length > 0 ? [`Whether any time went to ${rare.join(' or ')}: what shows it is recorded only where it is asked for.`] : []),
  ];
}

const titleOf = ({ cause }: { readonly cause: Cause }): string => CAUSE_TEXT[cause].title.toLowerCase();

/** Why nothing can be said about causes at all, or undefined when it can. */
export function blindness(ops: number, hasRequests: boolean, lanes: number, work: string | undefined): string | undefined {
  if (ops > 0 && work !== undefined) return `Why cannot be told: ${work}.`;
  if (ops === 0) return 'The trace holds no GPU work, so nothing can be said about the GPU.';
  if (hasRequests && lanes === 0)
    return 'No results come back to the host often enough in this trace to follow the serving steps, so causes cannot be told.';
  return undefined;
}
