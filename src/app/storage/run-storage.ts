import { rmSync } from 'node:fs';
import { writeFiles } from '#app/files/write-files';
import type { StopSignals } from '#record/processes/interruption';
import { systemSnapshot } from '#record/samplers/snapshot/system-snapshot';
import { layFile } from '#record/storage/contention/fio';
import { disksHere } from '#record/storage/machine/diskstats';
import type { StorageStep } from '#schema/storage-plan';
import type { StorageRun, StorageStepResult } from '#schema/storage-step';
import { completeStep } from './complete-step.ts';
import { StorageFolder } from './folder.ts';
import { assertPermitted, deviceOf, fioTarget } from './machine-for.ts';
import type { Experiment } from './read-config.ts';
import { runRecord } from './run-record.ts';
import { Servers } from './servers.ts';
import { beginSession } from './session.ts';

/** Is told how a run goes on. */
export interface StorageObserver {
  progress(line: string): void;
  /** @param left steps that are still to be run, this one left out */
  step(step: StorageStep, result: StorageStepResult, left: number): void;
}

interface Around {
  readonly env: NodeJS.ProcessEnv;
  readonly signals: StopSignals;
  readonly observer: StorageObserver;
}

/**
 * Runs all steps of an experiment that are not done yet, in the order of its plan. Nothing that it starts outlives it, even when it is killed; run again
 * with the same config it goes on where it was.
 * @throws ForensicsError, or the reason of the signal that interrupts it
 */
export async function runStorage(
  experiment: Experiment,
  out: string,
  around: Around,
): Promise<{ readonly run: StorageRun; readonly folder: string }> {
  assertPermitted(experiment);
  const contended = fioTarget(experiment);
  const folder = StorageFolder.open(out, experiment);
  const session = await beginSession(folder.path, around.env);
  const servers = new Servers(experiment, { logs: folder.servers, env: session.env, stop: around.signals.stop });
  const record = runRecord(folder, experiment, deviceOf(experiment));
  const done = () => experiment.plan.steps.flatMap(step => folder.resultOf(step) ?? []);
  try {
    record(null, done());
    session.markers.add({ event: folder.isResumed ? 'run-resumes' : 'run-begins' });
    await runSteps({ experiment, folder, session, servers, contended }, around);
    await servers.stopAll();
    session.markers.add({ event: 'run-ends' });
    return { run: record('done', done()), folder: folder.path };
  } catch (error) {
    record('interrupted', done());
    throw error;
  } finally {
    await servers.stopAll();
    if (contended !== undefined) rmSync(contended.file, { force: true });
    session.end();
  }
}

interface Parts {
  readonly experiment: Experiment;
  readonly folder: StorageFolder;
  readonly session: Awaited<ReturnType<typeof beginSession>>;
  readonly servers: Servers;
  readonly contended: ReturnType<typeof fioTarget>;
}

/** What is left of the plan. @throws ForensicsError, or the reason of the signal that interrupts it */
async function runSteps(
  { experiment, folder, session: { env, markers }, servers, contended }: Parts,
  { signals, observer }: Around,
): Promise<void> {
  const { steps } = experiment.plan;
  const left = steps.filter(step => folder.resultOf(step) === undefined);
  observer.progress(`${folder.isResumed ? `resuming ${folder.path}: ` : ''}${left.length} of ${steps.length} steps to run`);
  if (!folder.isResumed)
    writeFiles(folder.path, { 'system.json': `${JSON.stringify(await systemSnapshot({ env, cwd: experiment.folder }), null, 2)}\n` });
  if (contended !== undefined && left.some(step => step.contention !== null)) await layFile(contended, env);
  const device = deviceOf(experiment);
  const shop = {
    ...{
      experiment,
      env,
      markers,
      signals,
      device,
      contended,
      disks: disksHere(device),
      progress: (line: string) => observer.progress(line),
    },
    ...{ serverOf: servers.of, targetOf: servers.targetOf, stopOthers: servers.stopAll },
  };
  for (const [i, step] of left.entries()) {
    observer.progress(`${step.id} begins`);
    observer.step(step, await completeStep(step, folder, shop), left.length - i - 1);
  }
}
