import type { Run, RunFigure } from '#schema/run';
import { namedFigure } from './figures.ts';

/** What a run is charged. */
export interface Charged {
  readonly kwhUsd: number | undefined;
  readonly pue: number;
  readonly gpuHourUsd: number | undefined;
}

const [W_PER_KW, S_PER_H, TOKENS] = [1000, 3600, 1e6];

/** Tokens a joule: as measured, else the rate over the mean power of the same load. */
function perJoule(figures: readonly RunFigure[], setting: string): number | null {
  const of = (name: string) => figures.find(figure => figure.metric === name && figure.setting === setting)?.value ?? null;
  const [rate, power] = [of('tok/s'), of('mean power')];
  return of('tok/J') ?? (rate === null || power === null || power <= 0 ? null : rate / power);
}

/**
 * What a million tokens cost: [GPUs × $/GPU-h + W/1000 × PUE × $/kWh] ÷ (tok/s × 3600) × 10⁶; of electricity alone $/kWh × PUE ÷ (3.6 × tok/J).
 * @returns null where no price is given, or what it is of was not measured
 */
function costOf(
  figures: readonly RunFigure[],
  setting: string,
  gpus: number | undefined,
  { kwhUsd, pue, gpuHourUsd }: Charged,
): number | null {
  const joules = perJoule(figures, setting);
  const rate = figures.find(figure => figure.metric === 'tok/s' && figure.setting === setting)?.value ?? null;
  if (kwhUsd === undefined && gpuHourUsd === undefined) return null;
  const electricity =
    kwhUsd === undefined ? 0 : joules === null || joules <= 0 ? null : (kwhUsd * pue * TOKENS) / (joules * W_PER_KW * S_PER_H);
  const rent =
    gpuHourUsd === undefined
      ? 0
      : gpus === undefined || rate === null || rate <= 0
        ? null
        : ((gpus * gpuHourUsd) / (rate * S_PER_H)) * TOKENS;
  return electricity === null || rent === null ? null : electricity + rent;
}

/** The figures of a run with what follows from them: tokens per joule, and their cost at a price, which stands for a cost that the run tells itself. */
export function withDerived(run: Run, charged: Charged): readonly RunFigure[] {
  const settings = new Set(run.figures.map(figure => figure.setting));
  const named = Number(run.settings['GPUs']);
  const gpus = Number.isInteger(named) && named > 0 ? named : undefined;
  const isPriced = charged.kwhUsd !== undefined || charged.gpuHourUsd !== undefined;
  const kept = run.figures.filter(({ metric }) => metric !== 'tok/J' && !(isPriced && metric === 'usd/1M tok'));
  const more = [...settings].flatMap(setting => [
    ...namedFigure('tok/J', perJoule(run.figures, setting), setting),
    ...namedFigure('usd/1M tok', costOf(run.figures, setting, gpus, charged), setting),
  ]);
  return [...kept, ...more];
}
