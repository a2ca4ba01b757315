import { interruptOf, type StopSignals, whenAborted } from '#record/processes/interruption';
import { clockPair } from '#record/samplers/clock-pair';
import type { ClockPair } from '#schema/clock-pair';
import type { Load, LoadStage } from '#schema/load';
import type { StartGenerator } from './generators.ts';
import { monotonicNs } from './monotonic.ts';
import type { Outcome } from './outcome.ts';
import { byReplica } from './replicas.ts';
import { epochBy } from './request-file.ts';
import { RequestLogs } from './request-logs.ts';
import type { LoadSettings } from './settings.ts';
import { type Step, stepsOf, summarize } from './steps.ts';
import { requestId } from './target.ts';
import { warningsOf } from './warnings.ts';
import { type Progress, WorkerPool } from './worker-pool.ts';

/** After the first signal, so long is waited for what is in flight, s. */
const GRACE_SECONDS = 5;
const FLUSH_MS = 500;

/** Is told how a run goes on. */
export interface LoadObserver {
  /** @param planned requests of the stage, where that is known; @param seconds how long it will send */
  stage(stage: { readonly concurrency: number | null; readonly planned: number | null; readonly seconds: number }): void;
  outcome(outcome: Outcome): void;
  progress(progress: Progress): void;
  staged(summary: LoadStage): void;
}
export type LoadResult = Pick<Load, 'ended_by' | 'start' | 'end' | 'stages' | 'warnings'>;

/**
 * Sends what the settings say, writes requests.jsonl (and warm-up.jsonl) into a folder that exists, and returns the numbers. What a signal
 * cuts off is unfinished; after a failure of our own the files hold what ended before it, and there are none where nothing did.
 * @throws ForensicsError bad-argument, unsupported, not-writable
 */
export async function runLoad(
  settings: LoadSettings,
  folder: string,
  begin: StartGenerator,
  observer: LoadObserver,
  signals: StopSignals,
): Promise<LoadResult> {
  const steps = stepsOf(settings);
  const start = clockPair();
  const logs = new RequestLogs(folder, settings.warmUp > 0);
  try {
    const { stages, deaths } = await sendAll(settings, steps, { logs, start, begin, observer, signals });
    logs.finish();
    const end = clockPair();
    return {
      ended_by: interruptOf(signals.stop) ?? 'schedule',
      start,
      end,
      stages,
      warnings: warningsOf(settings, stages, deaths, start, end),
    };
  } catch (error) {
    throw logs.keepAfter(error);
  }
}

interface Around {
  readonly logs: RequestLogs;
  readonly start: ClockPair;
  readonly begin: StartGenerator;
  readonly observer: LoadObserver;
  readonly signals: StopSignals;
}

/** One step after the other, until all are done, somebody wishes to stop, or no generator is left. */
async function sendAll(
  { target, seed, generators }: LoadSettings,
  steps: readonly Step[],
  { logs, start, begin, observer, signals }: Around,
) {
  const failures: unknown[] = [];
  /** What goes wrong as messages come in is thrown at nobody: it is kept, and nothing more is sent. */
  const keepFailure = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (failures.push(error) === 1) pool.stop(0);
    }
  };
  const check = () => {
    if (failures.length > 0) throw failures[0];
  };
  const epoch = epochBy(start);
  let stage = '';
  const pool = new WorkerPool(generators, { target, seed }, begin, outcome =>
    keepFailure(() => {
      logs.add(requestId(target, stage, outcome.index), outcome, epoch);
      observer.outcome(outcome);
    }),
  );
  const flushing = setInterval(
    () =>
      keepFailure(() => {
        logs.flush();
        observer.progress(pool.progress());
      }),
    FLUSH_MS,
  );
  void whenAborted(signals.stop).then(() => pool.stop(GRACE_SECONDS));
  void whenAborted(signals.hurry).then(() => pool.stop(0));
  const stages: LoadStage[] = [];
  const deaths: string[] = [];
  try {
    await pool.ready();
    for (const step of steps) {
      check();
      if (signals.stop.aborted || !pool.alive()) break;
      stage = step.draft(monotonicNs()).stage;
      observer.stage({ concurrency: step.concurrency, planned: step.planned, seconds: step.to });
      const ran = await pool.run(step.draft);
      check();
      const replicas = byReplica(target, ran.outcomes);
      const summary = { ...summarize(step, ran, start), ...(replicas === undefined ? {} : { replicas }) };
      stages.push(summary);
      deaths.push(...ran.deaths);
      observer.staged(summary);
    }
  } finally {
    clearInterval(flushing);
    await pool.close();
  }
  check();
  return { stages, deaths };
}
