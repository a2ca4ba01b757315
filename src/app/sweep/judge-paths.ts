import { type CostRequest, costOfRuns } from '#app/cost/cost-paths';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { ForensicsError } from '#core/errors';
import { judgeSweep } from '#decide/sweep/judge-sweep';
import type { Setting, Varied } from '#decide/sweep/settings';
import { runsAt } from '#decide/sweep/slo';
import { wordSweep } from '#report/build/decide/sweep';
import type { Cost } from '#schema/cost';
import type { Run, RunFigure } from '#schema/run';
import type { Sweep } from '#schema/sweep';
import { readLimits } from './limits.ts';
import { isPlanFolder, planIn } from './plan-folder.ts';
import { variedInPlan } from './read-plan.ts';
import { readSweep, type SweepSources } from './read-sweep.ts';

/** What to judge, and by what. */
export interface SweepRequest extends Omit<SweepSources, 'limits'> {
  /** As `e2e p99 < 200`. */
  readonly slo: readonly string[];
  readonly prices: CostRequest;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A setting as one run, for what it costs: the means of what its runs measured. */
function meanRun(setting: Setting, over: string): Run[] {
  const [first] = runsAt(setting);
  if (first === undefined) return [];
  const metrics = [...new Set(setting.runs.flatMap(figures => figures.map(({ metric }) => metric)))];
  const figures = metrics.flatMap((metric): readonly RunFigure[] => {
    const all = setting.runs.flatMap(run => run.find(figure => figure.metric === metric) ?? []);
    const [one] = all;
    return one === undefined ? [] : [{ ...one, value: meanOf(all.map(figure => figure.value)) }];
  });
  const settings: Run['settings'] = over === 'GPUs' ? { GPUs: setting.value } : {};
  return [{ ...first, name: `${over} ${setting.value}`, settings, figures }];
}

const isPriced = ({ kwhUsd, gpuHourUsd, apiPrices }: CostRequest): boolean =>
  kwhUsd !== undefined || gpuHourUsd !== undefined || apiPrices !== undefined;

const costOf = ({ over, settings }: Varied, prices: CostRequest): Cost | null =>
  isPriced(prices)
    ? costOfRuns(
        settings.flatMap(setting => meanRun(setting, over)),
        prices,
      )
    : null;

/** What a sweep shows, in words. @throws ForensicsError bad-argument where no throughput was measured */
function judgeVaried(varied: Varied, { paths, slo, prices }: Pick<SweepRequest, 'paths' | 'slo' | 'prices'>): Sweep {
  const limits = readLimits(slo);
  const facts = judgeSweep(varied, limits.targets, limits.names);
  if (facts === undefined)
    throw new ForensicsError(
      'bad-argument',
      'no throughput was measured at any setting',
      'A sweep takes results with tokens or requests a second; docs/sweep.md says which.',
    );
  return wordSweep({ ...facts, inputs: [...paths], cost: costOf(varied, prices) });
}

/** Reads a sweep and judges it. @throws ForensicsError as `readSweep` and `judgeVaried` */
export const judgeSweepOf = (request: SweepRequest, around: Surroundings): Promise<Sweep> =>
  withScratch(around, async scratch => {
    const reading = { scratch, env: around.env, tell: around.progress };
    const [folder] = request.paths;
    if (request.paths.length === 1 && folder !== undefined && isPlanFolder(folder)) {
      const slo = request.slo.length > 0 ? request.slo : planIn(folder).slo;
      return judgeVaried(await variedInPlan(folder, readLimits(slo).targets, reading), { ...request, slo });
    }
    return judgeVaried(await readSweep({ ...request, limits: readLimits(request.slo).targets }, reading), request);
  });
