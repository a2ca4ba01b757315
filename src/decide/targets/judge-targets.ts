import { isCarriedBy } from '#decide/metrics/carried';
import { withDerived } from '#decide/metrics/derived';
import { metricsNamed } from '#decide/metrics/named';
import type { Run, RunFigure } from '#schema/run';
import type { Target, TargetResult, Targets } from '#schema/targets';

/** A target and what runs came to, without words. */
export type TargetFacts = Omit<TargetResult, 'reason'>;
type Bound = TargetResult['bound'];
type Why = NonNullable<TargetResult['why']>;

const REACHES: Readonly<Record<Bound, (value: number, limit: number) => boolean>> = {
  at_least: (value, limit) => value >= limit,
  above: (value, limit) => value > limit,
  at_most: (value, limit) => value <= limit,
  below: (value, limit) => value < limit,
};
const BOUNDS = ['at_least', 'above', 'at_most', 'below'] as const;

/** The limit of a target; its schema sees to it that there is one. */
function limitOf(target: Target): { readonly bound: Bound; readonly limit: number } {
  const [found] = BOUNDS.flatMap(bound => (target[bound] === undefined ? [] : [{ bound, limit: target[bound] }]));
  if (found === undefined) throw new Error('a target without a limit');
  return found;
}

/** Why no run measured what a target asks for. */
function whyNone(target: Target, all: readonly RunFigure[], isPriced: boolean): Why {
  const isOf = (name: string) => metricsNamed(target.metric, [{ metric: name }]).length > 0;
  if (target.setting !== undefined && metricsNamed(target.metric, all).length > 0) return 'no-setting';
  if (isOf('usd/1M tok') && !isPriced) return 'no-price';
  return isOf('usd/1M tok') || isOf('tok/J') ? 'no-power' : 'no-figure';
}

function judgeFigures(target: Target, figures: readonly RunFigure[]): TargetFacts | undefined {
  const [first] = figures;
  if (first === undefined) return undefined;
  const { bound, limit } = limitOf(target);
  const { metric, setting, unit } = first;
  const carried = figures.filter(figure => isCarriedBy(figure, figure.n));
  const values = carried.map(figure => figure.value);
  const passed = values.filter(value => REACHES[bound](value, limit)).length;
  const isCeiling = bound === 'at_most' || bound === 'below';
  const known = { metric, setting, unit, limit, bound, note: target.note ?? '', passed, runs: values.length };
  // One run that cannot carry the percentile leaves the target open: it may be the one that misses it.
  if (carried.length < figures.length && passed === values.length)
    return { ...known, verdict: 'not-measured', worst: null, why: 'few-requests' };
  return {
    ...known,
    verdict: passed === values.length ? 'pass' : 'fail',
    worst: isCeiling ? Math.max(...values) : Math.min(...values),
    why: null,
  };
}

/**
 * Holds runs against targets. A target is reached where every run that measured it reaches it; a name that stands for several metrics, or
 * a metric of several loads, is a target for each.
 */
export function judgeTargets(runs: readonly Run[], targets: Targets): readonly TargetFacts[] {
  const charged = { kwhUsd: targets.kwh_usd, pue: targets.pue ?? 1, gpuHourUsd: targets.gpu_hour_usd };
  const isPriced = charged.kwhUsd !== undefined || charged.gpuHourUsd !== undefined;
  const all = runs.flatMap(run => withDerived(run, charged));
  return targets.targets.flatMap((target): readonly TargetFacts[] => {
    const named = metricsNamed(target.metric, all).filter(figure => target.setting === undefined || figure.setting === target.setting);
    const keys = [...new Set(named.map(({ metric, setting }) => JSON.stringify([metric, setting])))];
    const judged = keys.flatMap(
      key =>
        judgeFigures(
          target,
          named.filter(({ metric, setting }) => JSON.stringify([metric, setting]) === key),
        ) ?? [],
    );
    if (judged.length > 0) return judged;
    const missing = {
      metric: target.metric,
      setting: target.setting ?? '',
      unit: '',
      worst: null,
      passed: 0,
      runs: 0,
      note: target.note ?? '',
    };
    return [{ ...missing, ...limitOf(target), verdict: 'not-measured', why: whyNone(target, all, isPriced) }];
  });
}
