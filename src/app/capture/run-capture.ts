import { randomBytes } from 'node:crypto';
import { writeFiles } from '#app/files/write-files';
import { takeSnapshot } from '#app/snapshot/take-snapshot';
import { ForensicsError } from '#core/errors';
import { lockCase } from '#record/capture/case-lock';
import { type CaseFolder, createCase } from '#record/capture/folder';
import { type Recorded, record } from '#record/capture/record';
import { interruptOf, type StopSignals, unlessAborted, whenAborted } from '#record/processes/interruption';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { makeSamplers } from '#record/samplers/make-samplers';
import { systemSnapshot } from '#record/samplers/snapshot/system-snapshot';
import { type Captured, conclude } from './conclude.ts';
import { type Prepared, prepareCapture } from './prepare-capture.ts';
import type { CaptureOptions } from './request.ts';

/** What surrounds a capture. */
export interface CaptureContext {
  /** A new folder for the case. */
  readonly out: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signals: StopSignals;
  /** Told each step. */
  readonly progress: (step: string) => void;
  /** Told what the capture came to, as soon as the case is written: the workload may go on for long after that. */
  readonly captured: (captured: Captured) => void;
}

/** Records into a new case; the recording is over when it returns, the workload may still run. */
async function recordCase(
  folder: CaseFolder,
  sessionTag: string,
  { request, nsys, objections }: Prepared,
  options: CaptureOptions,
  { env, cwd, signals, progress }: CaptureContext,
): Promise<Recorded> {
  const system = await systemSnapshot({ env, cwd, nsysVersion: nsys.version });
  const snapshot = await takeSnapshot({ env, cwd, host: system }, progress);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  writeFiles(folder.path, { 'system.json': json(system), 'snapshot.json': json(snapshot) });
  const recorded = await record(folder, {
    ...request,
    sessionTag,
    patienceSeconds: options.nsysTimeout,
    graceSeconds: options.stopGrace,
    env,
    samplers: makeSamplers({
      env: { ...env, [SESSION_TAG]: sessionTag },
      gpuIntervalMs: options.gpuInterval,
      hostIntervalMs: options.hostInterval,
      tell: progress,
    }),
    signals,
    progress,
  });
  for (const o of objections) recorded.journal.tell({ event: 'note', what: o.what });
  return recorded;
}

/** Waits for the workload, stops it or leaves it alone, as was asked. @param stopped by what the recording was ended early */
async function settle(
  recorded: Recorded,
  afterwards: 'wait' | 'stop' | 'leave',
  stopped: NodeJS.Signals | undefined,
  { signals, progress }: CaptureContext,
): Promise<void> {
  const goesOn = () => recorded.run !== undefined && !recorded.run.isGone();
  if (goesOn() && stopped === undefined && afterwards === 'wait') {
    progress('the workload goes on; Ctrl-C stops it');
    const end = await Promise.race([recorded.workloadEnd(), whenAborted(signals.stop)]);
    if (end !== undefined) await recorded.stop(end);
  } else if (!goesOn()) await recorded.workloadEnd();
  await recorded.settle(goesOn() && stopped === undefined && afterwards === 'leave');
}

/**
 * Runs a whole capture.
 * @param command the workload and its arguments
 * @throws ForensicsError when it could not be begun; the reason of `signals.stop` when it was stopped before
 */
export async function runCapture(command: readonly string[], options: CaptureOptions, context: CaptureContext): Promise<Captured> {
  const { env, signals, progress } = context;
  const prepared = await unlessAborted(signals.stop, prepareCapture(command, { ...options, out: context.out }, env));
  const { nsys, request, secrets } = prepared;
  for (const o of prepared.objections) progress(`note: ${o.what}. ${o.fix}`);
  const folder = createCase(context.out);
  progress(`case: ${folder.path}; what is private: ${folder.private}`);
  progress(`nsys ${nsys.version}, ${request.plan.nsys.why}`);
  const sessionTag = randomBytes(6).toString('hex');
  lockCase(folder, sessionTag);
  const recorded = await recordCase(folder, sessionTag, prepared, options, context);
  const stopped = interruptOf(signals.stop);
  void whenAborted(signals.hurry).then(() => recorded.settle(false));
  const concluded = (async () => {
    const done = await conclude(folder, recorded.journal.entries(), request.plan, nsys, {
      secrets,
      env: { ...env, [SESSION_TAG]: sessionTag },
      progress,
      hurry: signals.hurry,
    });
    const captured = { folder, ...done, signal: signals.hurry.aborted ? interruptOf(signals.stop) : stopped };
    context.captured(captured);
    return captured;
  })();
  // Whatever becomes of the case, the workload is not to suffer for it.
  await concluded.catch((error: unknown) => {
    const goesOn = recorded.run?.isGone() === false && stopped === undefined && request.plan.afterwards === 'wait';
    if (goesOn) progress(error instanceof ForensicsError ? error.message : 'the case could not be finished');
  });
  await settle(recorded, request.plan.afterwards, stopped, context);
  return await concluded;
}
