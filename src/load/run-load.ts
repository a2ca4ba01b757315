import { join } from 'node:path';
import type { Load, LoadStage } from '#model/load';
import { clockPair } from '#samplers/clock-pair';
import type { StartGenerator } from './generators.ts';
import { monotonicNs, NS_PER_S } from './monotonic.ts';
import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';
import { closedDraft, openDraft } from './plans.ts';
import { RequestFile } from './request-file.ts';
import type { LoadSettings } from './settings.ts';
import { stageSummary } from './stage-summary.ts';
import { requestId } from './target.ts';
import { type Progress, type Ran, Team } from './team.ts';
import { warningsOf } from './warnings.ts';

const REQUESTS_FILE = 'requests.jsonl';
const WARM_UP_FILE = 'warm-up.jsonl';
/** After the first signal, so long is waited for what is in flight, s. */
const GRACE_SECONDS = 5;
const FLUSH_MS = 500;

/** Somebody who looks on. */
export interface Onlooker {
  /** @param planned requests of the stage, where that is known; @param seconds how long it will send */
  stage(stage: { readonly concurrency: number | null; readonly planned: number | null; readonly seconds: number }): void;
  outcome(outcome: Outcome): void;
  progress(progress: Progress): void;
  staged(summary: LoadStage): void;
}
/** The wish to stop; each resolves with the name of a signal. */
export interface Stops {
  readonly first: Promise<string>;
  readonly second: Promise<string>;
  readonly received: () => string | undefined;
}
export type LoadResult = Pick<Load, 'ended_by' | 'start' | 'end' | 'stages' | 'warnings'>;

interface Step {
  readonly concurrency: number | null;
  readonly planned: number | null;
  /** The measured window, seconds from the start; an infinite end is that of the last answer. */
  readonly from: number;
  readonly to: number;
  readonly draft: (start: number) => Plan;
  readonly due: Float64Array | null;
}

function stepsOf(settings: LoadSettings): Step[] {
  const { pattern, warmUp } = settings;
  if (pattern.loop === 'closed')
    return pattern.concurrency.map(concurrency => {
      const draft = closedDraft(settings, concurrency);
      return { concurrency, planned: null, from: warmUp, to: draft.end, draft: start => ({ ...draft, start }), due: null };
    });
  const draft = openDraft(settings);
  const to = warmUp + pattern.duration;
  return [{ concurrency: null, planned: draft.due.length, from: warmUp, to, draft: start => ({ ...draft, start }), due: draft.due }];
}

/** The step's record once it ran; when it was stopped, its window ends there. */
function summarize(step: Step, ran: Ran, start: Load['start']): LoadStage {
  const at = (seconds: number) => ran.start + seconds * NS_PER_S;
  const last = ran.outcomes.reduce((latest, o) => Math.max(latest, o.settled), at(step.from));
  const to = Math.max(at(step.from), Math.min(Number.isFinite(step.to) ? at(step.to) : last, ran.stoppedAt ?? Number.POSITIVE_INFINITY));
  const due = step.due?.reduce((n, offset) => n + (offset >= step.from && at(offset) <= (ran.stoppedAt ?? at(offset)) ? 1 : 0), 0) ?? null;
  return stageSummary(
    { concurrency: step.concurrency, from: at(step.from), to, due, inFlightNs: ran.inFlightNs, outcomes: ran.outcomes },
    start,
  );
}

/**
 * Sends what the settings say, writes requests.jsonl (and warm-up.jsonl) into a folder that exists, and returns the numbers. Once begun
 * it always ends in order: what a signal cuts off is unfinished.
 * @throws ForensicsError bad-argument, unsupported, not-writable
 */
export async function runLoad(
  settings: LoadSettings,
  folder: string,
  begin: StartGenerator,
  onlooker: Onlooker,
  stops: Stops,
): Promise<LoadResult> {
  const steps = stepsOf(settings);
  const { target, seed, warmUp, generators } = settings;
  const start = clockPair();
  const file = new RequestFile(join(folder, REQUESTS_FILE));
  const warmUpFile = warmUp > 0 ? new RequestFile(join(folder, WARM_UP_FILE)) : undefined;
  let stage = '';
  const team = new Team(generators, { target, seed }, begin, outcome => {
    const log = outcome.phase === 'warm-up' ? warmUpFile : file;
    log?.add(requestId(target, stage, outcome.index), outcome, start);
    onlooker.outcome(outcome);
  });
  const flushing = setInterval(() => {
    file.flush();
    warmUpFile?.flush();
    onlooker.progress(team.progress());
  }, FLUSH_MS);
  void stops.first.then(() => team.stop(GRACE_SECONDS));
  void stops.second.then(() => team.stop(0));
  const stages: LoadStage[] = [];
  const deaths: string[] = [];
  try {
    await team.ready();
    for (const step of steps) {
      if (stops.received() !== undefined || !team.alive()) break;
      stage = step.draft(monotonicNs()).stage;
      onlooker.stage({ concurrency: step.concurrency, planned: step.planned, seconds: step.to });
      const ran = await team.run(step.draft);
      const summary = summarize(step, ran, start);
      stages.push(summary);
      deaths.push(...ran.deaths);
      onlooker.staged(summary);
    }
  } finally {
    clearInterval(flushing);
    await team.close();
  }
  file.finish();
  warmUpFile?.finish();
  const end = clockPair();
  return { ended_by: stops.received() ?? 'schedule', start, end, stages, warnings: warningsOf(settings, stages, deaths, start, end) };
}
