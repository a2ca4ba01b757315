import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { emptyFolder, writeFiles } from '#app/files/write-files';
import { readConfig } from '#app/inputs/config-file';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { SweepPlan } from '#schema/sweep-plan';

const PLAN = 'plan.json';
const AT = 'at-';
const RUN = 'run-';
/** Written last: a run without it was interrupted. */
const DONE = 'measured.json';

/** How a run of a setting ended: with a load test beside it, or with a server that did not come up. */
export const Measured = z.strictObject({
  value: z.string(),
  not_up: z.strictObject({ why: z.enum(['not-started', 'command-failed', 'not-ready']), said: z.string() }).nullable(),
  preemptions: z.number().nonnegative().nullable().describe('of the server during the load; null where it does not tell'),
});
export type Measured = z.infer<typeof Measured>;

const HINT = 'docs/sweep.md shows a plan, and schemas/forensics.sweep-plan-1.schema.json says what it may hold.';
const MEASURED = { what: 'record of a run of a sweep', hint: 'Remove the folder of that run, and sweep again.' };

/** A plan, as a file says. @throws ForensicsError not-found, bad-record */
export const readPlan = (file: string): SweepPlan => readConfig(file, SweepPlan, { what: 'plan of a sweep', hint: HINT });

/** Whether a sweep by a plan lies in a folder, whole or in part. */
export const isPlanFolder = (folder: string): boolean => statsOf(folder)?.isDirectory() === true && existsSync(join(folder, PLAN));

/**
 * The folder of a sweep: a new one, or the one in which the same plan was begun.
 * @throws ForensicsError bad-argument where something else lies there, not-writable
 */
export function planFolder(out: string, plan: SweepPlan): string {
  const slugs = (plan.values ?? []).map(value => slug(String(value)));
  const twice = plan.values?.find((value, i) => slugs.indexOf(slug(String(value))) !== i);
  if (twice !== undefined)
    throw new ForensicsError(
      'bad-argument',
      `the plan names ${twice} twice, or something that makes the same name of a folder`,
      'Name each setting once.',
    );
  if (isPlanFolder(out)) {
    if (isDeepStrictEqual(planIn(out), plan)) return out;
    throw new ForensicsError(
      'bad-argument',
      `${out} holds a sweep by another plan`,
      'Name another folder with --out, or give the plan with which it was begun.',
    );
  }
  const folder = emptyFolder(out);
  writeFiles(folder, { [PLAN]: `${JSON.stringify(plan, null, 2)}\n` });
  return folder;
}

/** The name of a setting as a folder on every system. */
const slug = (value: string): string => value.replaceAll(/[^\w.+-]/g, '_').slice(0, 100);

/** Where a run of a setting lies. @param repeat from 1 */
export const runFolder = (folder: string, value: string, repeat: number): string => join(folder, `${AT}${slug(value)}`, `${RUN}${repeat}`);

/** What became of a run; undefined while it is not done. @throws ForensicsError bad-record */
export const measuredIn = (run: string): Measured | undefined =>
  existsSync(join(run, DONE)) ? readConfig(join(run, DONE), Measured, MEASURED) : undefined;

/** Says that a run is done, and how it ended. @throws ForensicsError not-writable */
export const markMeasured = (run: string, measured: Measured): void => writeFiles(run, { [DONE]: `${JSON.stringify(measured)}\n` });

/** A run that is done, with what became of it. */
export interface DoneRun {
  readonly folder: string;
  readonly measured: Measured;
}

/** The runs of a setting that are done, in the order of the repeats. @throws ForensicsError bad-record */
export function runsDone(folder: string, value: string): readonly DoneRun[] {
  const at = join(folder, `${AT}${slug(value)}`);
  const names = existsSync(at) ? readdirSync(at).filter(name => name.startsWith(RUN)) : [];
  return names
    .toSorted((a, b) => Number(a.slice(RUN.length)) - Number(b.slice(RUN.length)))
    .flatMap(name => {
      const measured = measuredIn(join(at, name));
      return measured === undefined ? [] : [{ folder: join(at, name), measured }];
    });
}

/** The settings of which a run is done. @throws ForensicsError bad-record */
export function valuesDone(folder: string): readonly string[] {
  const runs = readdirSync(folder)
    .filter(name => name.startsWith(AT))
    .flatMap(name => readdirSync(join(folder, name)).map(run => join(folder, name, run)));
  return [...new Set(runs.flatMap(run => measuredIn(run)?.value ?? []))];
}

/** The plan by which a sweep in a folder is measured. @throws ForensicsError bad-record */
export const planIn = (folder: string): SweepPlan => readPlan(join(folder, PLAN));
