import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, writeFiles } from '#app/files/write-files';
import { version } from '#app/version';
import type { Seconds } from '#core/units';
import { until } from '#record/processes/end';
import { interruptOf, type StopSignals, whenAborted } from '#record/processes/interruption';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog } from '#record/processes/watchdog';
import { clockPair } from '#record/samplers/clock-pair';
import { makeSamplers } from '#record/samplers/make-samplers';
import type { Sampler } from '#record/samplers/sampler';
import { systemSnapshot } from '#record/samplers/snapshot/system-snapshot';
import type { Monitor } from '#schema/monitor';

/** A few months. */
const FOREVER_SECONDS: Seconds = 1e7;
const PROGRESS_SECONDS = 30;
/** How long nvidia-smi may take to end in order when we were killed, s. */
const GRACE_SECONDS = 2;
/** Kept free for monitor.json, so that it can say that the disk is full. */
const RESERVED_BYTES = 32 * 1024;
/** What is worth going on for: errors and link counters alone explain no delay. */
const ESSENTIAL: readonly Sampler['id'][] = ['gpu', 'host'];

/** Waits until the time is up, someone stops it, or no sampler is left; says which. */
async function untilDone(
  samplers: readonly Sampler[],
  durationSeconds: Seconds,
  stop: AbortSignal,
  progress: (step: string) => void,
): Promise<string> {
  const begun = performance.now();
  const alive = () => samplers.some(sampler => ESSENTIAL.includes(sampler.id) && sampler.running());
  for (;;) {
    const leftSeconds = durationSeconds - (performance.now() - begun) / 1000;
    if (await until(() => stop.aborted || !alive(), Math.min(leftSeconds, PROGRESS_SECONDS))) return interruptOf(stop) ?? 'failure';
    if (leftSeconds <= PROGRESS_SECONDS) return 'duration';
    const each = samplers.filter(sampler => sampler.running()).map(sampler => `${sampler.id} ${sampler.progress()}`);
    const elapsed = (performance.now() - begun) / 1000;
    const far =
      durationSeconds < FOREVER_SECONDS ? ` of ${Math.round(durationSeconds)} s (${Math.floor((elapsed / durationSeconds) * 100)} %)` : '';
    progress(`${Math.round(elapsed)} s${far}: ${each.join(', ')}`);
  }
}

export interface MonitorRequest {
  /** A new folder. */
  readonly out: string;
  /** Undefined: until somebody stops it. */
  readonly durationSeconds: Seconds | undefined;
  readonly gpuIntervalMs: number | undefined;
  readonly hostIntervalMs: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Told once it samples, or knows that it cannot. */
  readonly begun?: () => void;
}

/**
 * Samples into a new folder until the time is up, someone stops it, or no sampler is left. Nothing that it starts outlives it,
 * even when it is killed.
 * @throws ForensicsError bad-argument, not-writable
 */
export async function runMonitor(request: MonitorRequest, signals: StopSignals, progress: (step: string) => void): Promise<Monitor> {
  const { durationSeconds, gpuIntervalMs, hostIntervalMs, cwd } = request;
  const folder = emptyFolder(request.out);
  const { [SESSION_TAG]: _outer, ...clean } = request.env;
  const sessionTag = `monitor-${randomUUID()}`;
  const env = { ...clean, [SESSION_TAG]: sessionTag };
  // Without the tag, lest it ends itself.
  const watchdog = startWatchdog({ sessionTag, commands: [], graceSeconds: GRACE_SECONDS, journal: join(folder, 'orphaned.jsonl') }, clean);
  const reserve = join(folder, '.reserve');
  try {
    writeFiles(folder, { '.reserve': ' '.repeat(RESERVED_BYTES) });
    progress('looking at this machine');
    writeFiles(folder, { 'system.json': `${JSON.stringify(await systemSnapshot({ env, cwd }), null, 2)}\n` });
    const samplers = makeSamplers({ env, gpuIntervalMs, hostIntervalMs, tell: progress });
    const start = clockPair();
    const starting = Promise.all(samplers.map(sampler => sampler.start(folder)));
    const outcomes = await Promise.race([starting, whenAborted(signals.stop)]);
    const sampling = typeof outcomes === 'string' ? [] : samplers.filter(sampler => sampler.running()).map(sampler => sampler.id);
    const howLong = durationSeconds === undefined ? 'until Ctrl-C' : `for ${durationSeconds} s`;
    if (sampling.length > 0) progress(`sampling ${sampling.join(', ')} into ${folder} ${howLong}`);
    request.begun?.();
    const endedBy = await untilDone(samplers, durationSeconds ?? FOREVER_SECONDS, signals.stop, progress);
    progress('stopping');
    const summaries = await Promise.all(samplers.map(sampler => sampler.stop()));
    const result: Monitor = {
      schema: 'forensics.monitor/1',
      tool: { name: 'forensics', version: version() },
      ended_by: endedBy,
      start,
      end: clockPair(),
      samplers: summaries,
    };
    rmSync(reserve, { force: true });
    writeFiles(folder, { 'monitor.json': `${JSON.stringify(result, null, 2)}\n` });
    return result;
  } finally {
    rmSync(reserve, { force: true });
    watchdog.release();
  }
}
