import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readSeries } from '#app/inputs/read-series';
import { readRuns } from '#app/runs/read-runs';
import type { RunReading } from '#app/runs/reading';
import { ForensicsError } from '#core/errors';
import { goodput } from '#decide/sweep/goodput';
import type { Setting, Varied } from '#decide/sweep/settings';
import type { RunFigure } from '#schema/run';
import type { Target } from '#schema/targets';
import { type DoneRun, planIn, runsDone, valuesDone } from './plan-folder.ts';

/** What a run of a setting came to; none for a server that did not come up. */
async function figuresIn(
  { folder: run, measured }: DoneRun,
  limits: readonly Target[],
  reading: RunReading,
): Promise<readonly RunFigure[]> {
  if (measured.not_up !== null) return [];
  const [read] = await readRuns(join(run, 'load.json'), reading);
  const series = existsSync(join(run, 'requests.jsonl')) ? readSeries(join(run, 'requests.jsonl'))?.series : undefined;
  const good = series?.kind === 'requests' ? goodput(series.rows, limits) : [];
  const preempted: readonly RunFigure[] =
    measured.preemptions === null
      ? []
      : [{ metric: 'preemptions', setting: '', unit: '', better: 'lower', value: measured.preemptions, n: null }];
  return [...(read?.run.figures ?? []), ...good, ...preempted].map(figure => ({ ...figure, setting: '' }));
}

/** The runs of a setting that are done. @throws ForensicsError bad-record */
export async function settingIn(folder: string, value: string, limits: readonly Target[], reading: RunReading): Promise<Setting> {
  const runs: (readonly RunFigure[])[] = [];
  for (const run of runsDone(folder, value)) runs.push(await figuresIn(run, limits, reading));
  const number = Number(value);
  return { value, number: Number.isFinite(number) && value.trim() !== '' ? number : undefined, runs };
}

/** What a sweep by a plan has measured so far. @throws ForensicsError bad-record, bad-argument where fewer than two settings are done */
export async function variedInPlan(folder: string, limits: readonly Target[], reading: RunReading): Promise<Varied> {
  const plan = planIn(folder);
  const planned = plan.values?.map(String) ?? [];
  const done = valuesDone(folder);
  const values = [...planned.filter(value => done.includes(value)), ...done.filter(value => !planned.includes(value))];
  const settings: Setting[] = [];
  for (const value of values) settings.push(await settingIn(folder, value, limits, reading));
  if (settings.length < 2)
    throw new ForensicsError(
      'bad-argument',
      `${folder} holds fewer than two settings that are measured`,
      'Go on with forensics sweep --plan.',
    );
  const areNumbers = settings.every(({ number }) => number !== undefined);
  return {
    over: plan.over,
    settings: areNumbers
      ? settings.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))
      : settings.map(s => ({ ...s, number: undefined })),
  };
}
