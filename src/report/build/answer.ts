import { mean } from 'd3-array';
import { itemAt } from '#core/columns';
import type { Input } from '#diagnosis/causes/define';
import { busyShare } from '#diagnosis/lanes/busy-share';
import { endToEnd } from '#diagnosis/requests/latencies';
import { CAUSE_TEXT } from '#schema/causes';
import type { RequestRow } from '#schema/relation';
import type { Report } from '#schema/report';
import { blindness } from './cannot-tell.ts';
import type { Facts } from './facts.ts';
import { ANSWER_NEEDS, isGrounded } from './grounds.ts';
import type { Missing } from './missing-inputs.ts';
import { booksOfLanes, isBusyKnown } from './of-lanes.ts';
import { lateVerdict } from './parallel/late-ranks.ts';
import type { ReportContext } from './report-context.ts';
import { type SummaryFacts, summaryOf } from './summary/summary.ts';
import { sampledModels, untracedAnswer, untracedBlindness } from './untraced/answer.ts';
import { untracedGrounds } from './untraced/detectors.ts';
import { answerOf } from './wording.ts';

/** The answer in a paragraph or a few. */
export function answer({ facts, missing, judged, together, training, hostBound }: ReportContext): string {
  const { aligned, diagnosis, ops } = facts;
  return answerOf({
    e2e: judged.e2e,
    parallel: [
      training.training?.answer ?? [],
      together.pipeline?.answer ?? [],
      together.collectives?.answer ?? [],
      untracedAnswer(facts),
    ].flat(),
    requests: aligned.hasRequests ? aligned.rows.length : 0,
    slow: diagnosis.delays.filter(b => b.slow).length,
    books: judged.books,
    unexplained: judged.unexplained,
    causes: judged.causes,
    incidents: diagnosis.incidents,
    busyShare: isBusyKnown(facts) ? mean(diagnosis.lanes, l => busyShare(ops, l.lane, l.demand)) : undefined,
    hostBound: hostBound?.sentence,
    withoutAll: judged.withoutAll,
    wholeTest: wholeTestOf(facts, judged.finished),
    cannot: blindOf(facts, missing, judged.causes.length > 0),
  });
}

/** The answer in at most twelve lines, made from the rest of the report. */
export function summary(
  { facts, missing, judged, together, hostBound }: ReportContext,
  report: Omit<Report, 'summary' | 'statements'>,
): Report['summary'] {
  const { diagnosis, trace, untraced } = facts;
  return summaryOf({
    ...report,
    run: untraced?.run ?? trace?.run ?? trace?.path ?? '',
    words: cause => (untraced === undefined ? undefined : untracedGrounds(cause)) ?? CAUSE_TEXT[cause],
    sampled: untraced === undefined ? [] : sampledModels(facts),
    delays: diagnosis.delays,
    wholeTest: wholeTestOf(facts, judged.finished),
    lanes: report.lane_books,
    processes: processesOf(facts),
    together: [together.pipeline?.answer ?? [], lateVerdict(together) ?? together.collectives?.answer ?? []].flat(),
    cannotTell: report.cannot_tell,
    hostBound,
    blind: judged.causes.length > 0 ? undefined : blindOf(facts, missing, false),
    isBusyKnown: isBusyKnown(facts),
    mayBeHealthy: isGrounded(missing, ANSWER_NEEDS.healthy),
  });
}

/** Processes that serve requests, with what they are called: the last part of a path is its program. */
function processesOf({ lanes, ops, source }: Facts): SummaryFacts['processes'] {
  const names = source.ask('thread_name');
  const rows = names.ok ? names.rows : [];
  const ofProcesses = rows.filter(n => n.thread_id === null);
  // A shell that became the server keeps its name in the list of processes; the main thread tells what it runs.
  const ofMainThreads = rows.filter(n => n.thread_id === n.pid);
  const nameOf = new Map([...ofProcesses, ...ofMainThreads].map(n => [n.pid, n.name]));
  const pids = [...new Set(lanes.map(l => source.pidOf(itemAt(ops.processes, l.process))))];
  return pids.map(pid => ({ pid, name: nameOf.get(pid)?.split('/').at(-1) }));
}

/** What the first sentences of the answer rest on. */
export function answerNeeds(facts: Facts, missing: Missing): readonly Input[] {
  if (facts.untraced !== undefined) return facts.aligned.hasRequests ? ['requests'] : [];
  if (facts.aligned.hasRequests) return blindOf(facts, missing, false) === undefined ? ANSWER_NEEDS.busy : ['requests'];
  return facts.lanes.length > 0 && booksOfLanes(facts, missing).length > 0 ? ANSWER_NEEDS.laneBooks : [];
}

const blindOf = (facts: Facts, missing: Missing, isNamed: boolean): string | undefined => {
  const { ops, aligned, lanes, untraced } = facts;
  if (untraced !== undefined) return untracedBlindness(facts, isNamed);
  return blindness(ops.n, aligned.hasRequests, lanes.length, missing('kernel'));
};

/** The latency of all that finished and that the profiler did not hold up, where those are more than can be judged. */
function wholeTestOf(facts: Facts, finished: readonly RequestRow[]) {
  const rows = unheld(facts, finished);
  return rows.length > facts.diagnosis.delays.length ? endToEnd(rows) : undefined;
}

/** Requests that the profiler itself did not hold up. */
function unheld({ holds }: Facts, finished: readonly RequestRow[]): readonly RequestRow[] {
  const held = new Set(holds.flatMap(h => [...h.ids]));
  return finished.filter(r => !held.has(r.id));
}
