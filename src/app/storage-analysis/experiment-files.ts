import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { textOf } from '#app/inputs/text-file';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { importers } from '#input/formats/index.gen';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { RequestRow } from '#schema/relation';
import { StoragePlan } from '#schema/storage-plan';
import { StorageCounters, StorageRun, StorageStepResult } from '#schema/storage-step';

const HINT = 'forensics storage run writes these files; run it again in its folder, and it repeats what is not whole.';
/** What the folder holds, as its schema words it; warm-up.jsonl: requests that were sent before the measured ones. */
const FILES = {
  ...{ run: 'run.json', plan: 'plan.json', steps: 'steps' },
  ...{ step: 'step.json', counters: 'counters.json', requests: 'requests.jsonl', warmUp: 'warm-up.jsonl' },
} as const;

export type PlannedStep = z.output<typeof StoragePlan>['steps'][number];
export type StepCounters = z.output<typeof StorageCounters>;

/** A step as it lies on disk, whole. */
export interface StepFiles {
  readonly step: PlannedStep;
  readonly result: z.output<typeof StorageStepResult>;
  /** null where the step ended before they were read. */
  readonly counters: StepCounters | null;
  readonly requests: readonly RequestRow[];
  readonly warmUp: readonly RequestRow[];
}

/** The folder of an experiment. */
export interface ExperimentFiles {
  readonly run: z.output<typeof StorageRun>;
  readonly plan: z.output<typeof StoragePlan>;
  /** Steps that have been done, whatever came of them. */
  readonly done: readonly StepFiles[];
  /** Ids of planned steps that have no folder yet. */
  readonly open: readonly string[];
}

const jsonOf = <S extends z.ZodType>(file: string, schema: S): z.output<S> =>
  validate(schema, smallJson(textOf(file, file), file, HINT), { source: file }, HINT);

function requestsIn(file: string): readonly RequestRow[] {
  if (statsOf(file)?.isFile() !== true || statsOf(file)?.size === 0) return [];
  // Not recognised by its content: where every request failed, little of it is there.
  const series = importers.find(importer => importer.id === 'native-requests')?.parse(textOf(file, file), file);
  return series?.kind === 'requests' ? series.rows : [];
}

function readStep(folder: string, step: PlannedStep): StepFiles | undefined {
  const at = (name: string) => join(folder, FILES.steps, step.id, name);
  if (!existsSync(at(FILES.step))) return undefined;
  const result = jsonOf(at(FILES.step), StorageStepResult);
  const counters = existsSync(at(FILES.counters)) ? jsonOf(at(FILES.counters), StorageCounters) : null;
  return { step, result, counters, requests: requestsIn(at(FILES.requests)), warmUp: requestsIn(at(FILES.warmUp)) };
}

/**
 * Reads what `forensics storage run` left in a folder: finished or not.
 * @throws ForensicsError not-found, bad-argument, bad-record
 */
export function readExperiment(folder: string): ExperimentFiles {
  const there = statsOf(folder);
  if (there === undefined) throw new ForensicsError('not-found', `${folder} does not exist`, 'Check the path.');
  if (!there.isDirectory())
    throw new ForensicsError('bad-argument', `${folder} is a file, not a folder`, 'Name the folder that forensics storage run wrote.');
  const missing = [FILES.run, FILES.plan].find(name => statsOf(join(folder, name))?.isFile() !== true);
  if (missing !== undefined)
    throw new ForensicsError('not-found', `${folder} has no ${missing}`, 'Name the folder that forensics storage run wrote.');
  const run = jsonOf(join(folder, FILES.run), StorageRun);
  const plan = jsonOf(join(folder, FILES.plan), StoragePlan);
  const steps = plan.steps.map(step => ({ step, files: readStep(folder, step) }));
  const foreign = steps.find(({ files }) => files !== undefined && files.result.plan_sha256 !== run.plan_sha256);
  if (foreign !== undefined)
    throw new ForensicsError('bad-record', `step ${foreign.step.id} of ${folder} belongs to another plan than run.json`, HINT);
  return {
    ...{ run, plan },
    done: steps.flatMap(({ files }) => files ?? []),
    open: steps.flatMap(({ step, files }) => (files === undefined ? [step.id] : [])),
  };
}
