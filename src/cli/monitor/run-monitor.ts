import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import type { Interrupts } from '#record/capture/interrupts';
import { until } from '#record/processes/end';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog } from '#record/processes/watchdog';
import { clockPair } from '#record/samplers/clock-pair';
import { makeSamplers } from '#record/samplers/make-samplers';
import type { Sampler } from '#record/samplers/sampler';
import { systemSnapshot } from '#record/samplers/snapshot/system-snapshot';
import type { Monitor } from '#schema/monitor';
import { tell, writeFiles } from '../output.ts';

/** A few months, in seconds. */
export const FOREVER = 1e7;
const PROGRESS_SECONDS = 30;
/** How long nvidia-smi may take to end in order when we were killed, s. */
const GRACE_SECONDS = 2;
/** Kept free for monitor.json, so that it can say that the disk is full. */
const RESERVED_BYTES = 32 * 1024;
/** What is worth going on for: errors and link counters alone explain no delay. */
const ESSENTIAL: readonly Sampler['id'][] = ['gpu', 'host'];

/** @throws ForensicsError bad-argument when something is there, not-writable when it cannot be made */
export function emptyFolder(path: string): string {
  const folder = resolve(path);
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there !== undefined && (!there.isDirectory() || readdirSync(folder).length > 0))
    throw new ForensicsError('bad-argument', `${folder} is there already, and not empty`, 'Name a new folder with --out.');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new ForensicsError('not-writable', `${folder} cannot be made (${why})`, 'Choose another folder with --out.');
  }
  return folder;
}

/** Waits until the time is up, someone stops it, or no sampler is left; says which. */
async function untilDone(samplers: readonly Sampler[], duration: number, interrupts: Interrupts): Promise<string> {
  const begun = performance.now();
  const alive = () => samplers.some(sampler => ESSENTIAL.includes(sampler.id) && sampler.running());
  for (;;) {
    const passed = (performance.now() - begun) / 1000;
    const left = duration - passed;
    if (await until(() => interrupts.received() !== undefined || !alive(), Math.min(left, PROGRESS_SECONDS)))
      return interrupts.received() ?? 'failure';
    if (left <= PROGRESS_SECONDS) return 'duration';
    const each = samplers.filter(sampler => sampler.running()).map(sampler => `${sampler.id} ${sampler.progress()}`);
    tell(`${Math.round((performance.now() - begun) / 1000)} s: ${each.join(', ')}`);
  }
}

export interface MonitorWish {
  readonly out: string;
  readonly duration: number | undefined;
  readonly gpuIntervalMs: number | undefined;
  readonly hostIntervalMs: number | undefined;
}

/**
 * Samples into a new folder until the time is up, someone stops it, or no sampler is left. Nothing that it starts outlives it,
 * even when it is killed.
 * @throws ForensicsError bad-argument, not-writable
 */
export async function runMonitor({ out, duration, gpuIntervalMs, hostIntervalMs }: MonitorWish, interrupts: Interrupts): Promise<Monitor> {
  const folder = emptyFolder(out);
  const { [SESSION_TAG]: _outer, ...clean } = process.env;
  const sessionTag = `monitor-${randomUUID()}`;
  const env = { ...clean, [SESSION_TAG]: sessionTag };
  // Without the sessionTag, lest it ends itself.
  const watchdog = startWatchdog({ sessionTag, commands: [], graceSeconds: GRACE_SECONDS, journal: join(folder, 'orphaned.jsonl') }, clean);
  const reserve = join(folder, '.reserve');
  try {
    writeFiles(folder, { '.reserve': ' '.repeat(RESERVED_BYTES) });
    tell('looking at this machine');
    writeFiles(folder, { 'system.json': `${JSON.stringify(await systemSnapshot({ env, cwd: process.cwd() }), null, 2)}\n` });
    const samplers = makeSamplers({ env, gpuIntervalMs, hostIntervalMs, tell });
    const start = clockPair();
    const starting = Promise.all(samplers.map(sampler => sampler.start(folder)));
    const outcomes = await Promise.race([starting, interrupts.first]);
    const sampling = typeof outcomes === 'string' ? [] : samplers.filter(sampler => sampler.running()).map(sampler => sampler.id);
    if (sampling.length > 0)
      tell(`sampling ${sampling.join(', ')} into ${folder} ${duration === undefined ? 'until Ctrl-C' : `for ${duration} s`}`);
    const endedBy = await untilDone(samplers, duration ?? FOREVER, interrupts);
    tell('stopping');
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
