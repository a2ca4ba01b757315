import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import type { Experiment, StorageRun } from '#decide/storage/experiment';
import { judge } from '#decide/storage/verdicts/judge';
import { wordStorage } from '#report/build/storage/analysis';
import type { StorageAnalysis } from '#schema/storage-analysis';
import { type ExperimentFiles, readExperiment } from './experiment-files.ts';
import { type LeftOut, runOfStep } from './run-of-step.ts';

/** What is judged of the folder of an experiment. */
export interface StorageRequest {
  readonly folder: string;
  /** A model of the experiment; all of them where it is not said. */
  readonly model?: string | undefined;
}

/** Working sets of a model are told in bytes where all of them are. */
function unitOf({ plan }: ExperimentFiles, model: string): Experiment['working_set_unit'] {
  const own = plan.steps.filter(step => step.model === model && step.hypothesis === 'h2');
  return own.length > 0 && own.every(step => step.working_set_bytes !== null) ? 'bytes' : 'tokens';
}

/**
 * Judges the hypotheses of each model of an experiment on storage pressure, finished or not.
 * @throws ForensicsError not-found, bad-argument, bad-record
 */
export function analyzeExperiment({ folder, model }: StorageRequest): StorageAnalysis {
  const files = readExperiment(folder);
  const models = [...new Set(files.plan.steps.map(step => step.model))];
  if (model !== undefined && !models.includes(model))
    throw new ForensicsError('bad-argument', `${folder} has no model “${model}”`, `Say ALL, or one of ${models.join(', ')}.`);
  const runs: StorageRun[] = [];
  const leftOut: { run: string; why: LeftOut | 'not-run-yet' }[] = files.open.map(run => ({ run, why: 'not-run-yet' }));
  for (const step of files.done) {
    const run = runOfStep(step, files.run.device);
    if (typeof run === 'string') leftOut.push({ run: step.step.id, why: run });
    else runs.push(run);
  }
  const chosen = model === undefined ? models : [model];
  return wordStorage({
    tool: { name: 'forensics', version: version() },
    experiment: {
      ...{ plan_sha256: files.run.plan_sha256, device: files.run.device, ended_by: files.run.ended_by },
      steps: { planned: files.plan.steps.length, judged: runs.length },
    },
    models: chosen.map(name => {
      const experiment = { model: name, runs: runs.filter(run => run.model === name), working_set_unit: unitOf(files, name) };
      return { experiment, judged: judge(experiment) };
    }),
    leftOut,
    missing: files.run.missing,
  });
}
