import { costOf } from '#energy/prices';
import type { EnergyCost } from '#schema/energy';
import type { Run, RunFigure } from '#schema/run';
import { namedFigure } from './figures.ts';

/** What a run is charged. */
export interface Charged {
  readonly kwhUsd: number | undefined;
  readonly pue: number;
  readonly gpuHourUsd: number | undefined;
}

/** Tokens a joule: as measured, else the rate over the mean power of the same load. */
function perJoule(figures: readonly RunFigure[], setting: string): number | null {
  const of = (name: string) => figures.find(figure => figure.metric === name && figure.setting === setting)?.value ?? null;
  const [rate, power] = [of('tok/s'), of('mean power')];
  return of('tok/J') ?? (rate === null || power === null || power <= 0 ? null : rate / power);
}

const isAbove0 = (value: number | null | undefined): value is number => value != null && value > 0;

/** GPUs that a run names; undefined where it names none. */
export function gpusOf({ settings }: Pick<Run, 'settings'>): number | undefined {
  const named = Number(settings['GPUs']);
  return Number.isInteger(named) && named > 0 ? named : undefined;
}

/**
 * What a load of a run costs.
 * @param gpus that are paid for @returns null where no price is given, or what it is of was not measured
 */
export function costAt(
  figures: readonly RunFigure[],
  setting: string,
  gpus: number | undefined,
  { kwhUsd, pue, gpuHourUsd }: Charged,
): EnergyCost | null {
  const joules = perJoule(figures, setting);
  const rate = figures.find(figure => figure.metric === 'tok/s' && figure.setting === setting)?.value;
  if (kwhUsd !== undefined && !isAbove0(joules)) return null;
  if (gpuHourUsd !== undefined && (gpus === undefined || !isAbove0(rate))) return null;
  // What electricity a token costs depends on tokens a joule alone: any rate does where none is known.
  const perSecond = isAbove0(rate) ? rate : 1;
  return costOf({ kwhUsd, pue, gpuHourUsd }, gpus ?? 0, isAbove0(joules) ? perSecond / joules : 0, perSecond);
}

/** The figures of a run with what follows from them: tokens per joule, and their cost at a price, which stands for a cost that the run tells itself. */
export function withDerived(run: Run, charged: Charged): readonly RunFigure[] {
  const settings = new Set(run.figures.map(figure => figure.setting));
  const gpus = gpusOf(run);
  const isPriced = charged.kwhUsd !== undefined || charged.gpuHourUsd !== undefined;
  const kept = run.figures.filter(({ metric }) => metric !== 'tok/J' && !(isPriced && metric === 'usd/1M tok'));
  const more = [...settings].flatMap(setting => [
    ...namedFigure('tok/J', perJoule(run.figures, setting), setting),
    ...namedFigure('usd/1M tok', costAt(run.figures, setting, gpus, charged)?.usd_per_million_tokens ?? null, setting),
  ]);
  return [...kept, ...more];
}
