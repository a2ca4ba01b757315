import { randomLcg, randomNormal } from 'd3-random';
import { kneeOverRuns } from '../src/decide/knees/knee-over-runs.ts';
import { kneedle } from '../src/decide/knees/kneedle.ts';
import { peakOf, throughputAt, type Usl } from '../src/decide/knees/usl.ts';
import { type Interval, uslOverRuns } from '../src/decide/knees/usl-over-runs.ts';

/** Servers whose knee and peak are known. */
export const SERVERS: Readonly<Record<string, { readonly usl: Usl; readonly settings: readonly number[] }>> = {
  /** Turns within what is measured. */
  peaked: { usl: { gamma: 400, alpha: 0.02, beta: 2e-5 }, settings: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] },
  /** Levels off; its peak lies beyond what is measured. */
  level: { usl: { gamma: 400, alpha: 0.03, beta: 1e-7 }, settings: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] },
  /** Two settings are the knee nearly alike. */
  tied: { usl: { gamma: 400, alpha: 0.0401, beta: 1e-7 }, settings: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] },
  /** Has a peak at a sixth of what is measured, and few settings. */
  sparse: { usl: { gamma: 90, alpha: 0.03, beta: 1e-4 }, settings: [1, 16, 64, 256, 576] },
  /** Answers what it is sent, without end: there is no knee. */
  straight: { usl: { gamma: 400, alpha: 0, beta: 0 }, settings: [1, 2, 4, 8, 16, 32, 64, 128] },
};

export interface KneeDraws {
  readonly server: string;
  readonly draws: number;
  readonly runs: number;
  /** Standard deviation of the logarithm, of a run and of each of its loads. */
  readonly noise: number;
  readonly seed?: number;
}

/** Shares of the draws. */
export interface KneesFound {
  readonly named: number;
  /** Of those that have an interval: how often it holds the truth. */
  readonly knee: number;
  /** Mean number of settings in that interval. */
  readonly width: number;
  readonly peak: number;
  readonly alpha: number;
  readonly beta: number;
}

const holds = (interval: Interval | undefined, truth: number): boolean =>
  interval !== undefined && (interval[0] ?? -Infinity) <= truth && truth <= (interval[1] ?? Infinity);

/** Draws repeated sweeps of a server that is known, and asks how often what is said of them is true. */
export function kneesOf({ server, draws, runs, noise, seed = 1 }: KneeDraws): KneesFound {
  const { usl, settings } = SERVERS[server] ?? { usl: { gamma: 1, alpha: 0, beta: 0 }, settings: [] };
  const normal = randomNormal.source(randomLcg(seed))(0, noise);
  const truth = kneedle(
    settings,
    settings.map(load => throughputAt(usl, load)),
  );
  const peak = peakOf(usl) ?? Infinity;
  const found = { named: 0, knee: 0, width: 0, peak: 0, alpha: 0, beta: 0 };
  for (let k = 0; k < draws; k++) {
    const drawn = Array.from({ length: runs }, () => {
      const level = normal();
      return settings.map(load => throughputAt(usl, load) * Math.exp(level + normal()));
    });
    const curves = { settings, runs: drawn };
    const knee = kneeOverRuns(curves);
    const intervals = uslOverRuns(curves)?.intervals;
    found.named += Number(knee.knee !== undefined) / draws;
    found.knee += Number(truth !== undefined && holds(knee.interval, settings[truth] ?? Number.NaN)) / draws;
    found.width += settings.filter(setting => holds(knee.interval, setting)).length / draws;
    found.peak += Number(holds(intervals?.peak, peak)) / draws;
    found.alpha += Number(holds(intervals?.alpha, usl.alpha)) / draws;
    found.beta += Number(holds(intervals?.beta, usl.beta)) / draws;
  }
  return found;
}
