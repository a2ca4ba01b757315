import { realAt } from '#core/columns';
import { binomialTail } from '#core/math/binomial-tail';
import { OUTLIER_SIGMAS } from '#core/math/normal-range';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { CLOCK_NOISE_NS, COINCIDENCE, FALSE_PARTNER } from './limits.ts';

/** How regularly ends of waits follow the moments of a train. */
export interface LagEvidence {
  /** Usual time from the last moment of the train to the end of the wait. */
  readonly lag: Ns;
  /** Lags that count as usual: three robust sigmas around it. */
  readonly low: Ns;
  readonly high: Ns;
  /** Width of the shortest interval that holds half of the lags. */
  readonly half: Ns;
  readonly waits: number;
  /** Share of the waits that ended at the usual lag. */
  readonly hits: Share;
  /** The share that would, were the ends anywhere in the time of the trace. */
  readonly chance: Share;
}

/** The half of a normal distribution's values that lie closest together span this many sigmas. */
const HALF_TO_SIGMAS = 1.349;

/** From the last moment of the train to t; infinite where there is none. A moment may seem later than what it caused by the clocks' noise. */
export function lagAt(times: Float64Array, t: Ns): Ns {
  const i = upperBound(times, t + CLOCK_NOISE_NS) - 1;
  return i < 0 ? Number.POSITIVE_INFINITY : t - realAt(times, i);
}

/**
 * The shortest interval that holds more than half of the values ("shorth", Rousseeuw & Leroy 1988, Stat. Neerl. 42:103): where the bulk is, however
 * far away the others are.
 */
export function shortestHalf(values: Float64Array): { readonly low: number; readonly high: number } {
  const sorted = Float64Array.from(values).sort();
  const need = (sorted.length >> 1) + 1;
  let low = Number.NaN;
  let high = Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i + need <= sorted.length; i++) {
    const width = realAt(sorted, i + need - 1) - realAt(sorted, i);
    if (width < least) {
      least = width;
      low = realAt(sorted, i);
      high = realAt(sorted, i + need - 1);
    }
  }
  return { low, high };
}

/** Share of the trace's time in which the last moment of the train lies between low and high before. */
function shareWithin(times: Float64Array, low: Ns, high: Ns, span: Ns): Share {
  let total = 0;
  for (let i = 0; i < times.length; i++) {
    const next = i + 1 < times.length ? realAt(times, i + 1) - realAt(times, i) - CLOCK_NOISE_NS : Number.POSITIVE_INFINITY;
    total += Math.max(0, Math.min(high, next) - low);
  }
  return Math.min(1, total / span);
}

/**
 * Whether waits that end at `ends` end at one lag after the moments of a train; undefined where they do not.
 * @param span time of the trace
 * @param counts what else must hold of a wait's end
 * @param tried how many trains are tried for these waits
 */
export function lagEvidence(
  ends: Float64Array,
  times: Float64Array,
  span: Ns,
  tried: number,
  counts: (end: Ns) => boolean = () => true,
): LagEvidence | undefined {
  const n = ends.length;
  if (n === 0 || times.length < n / 2) return undefined;
  const few = Math.ceil(n / GLANCE);
  if (
    few > 1 &&
    isHopeless(
      ends.filter((_, i) => i % few === 0),
      times,
      span,
    )
  )
    return undefined;
  const lags = ends.map(t => lagAt(times, t));
  const middle = shortestHalf(lags);
  const half = middle.high - middle.low;
  if (!(half < span)) return undefined;
  const lag = (middle.low + middle.high) / 2;
  const reach = Math.max(CLOCK_NOISE_NS, (OUTLIER_SIGMAS * half) / HALF_TO_SIGMAS);
  const low = Math.max(-CLOCK_NOISE_NS, lag - reach);
  const high = lag + reach;
  let seen = 0;
  for (let i = 0; i < n; i++) if (realAt(lags, i) >= low && realAt(lags, i) <= high && counts(realAt(ends, i))) seen++;
  if (!isMost(n, seen)) return undefined;
  const hits = seen / n;
  const chance = shareWithin(times, low, high, span);
  return beatsChance(n, hits, chance, tried) ? { lag, low, high, half, waits: n, hits, chance } : undefined;
}

/** Most trains have nothing to do with the waits; a glance at some of them tells, ten times as fast as a look at all. */
const GLANCE = 200;

/** True where half of these waits already need so wide a stretch of lags that chance explains them. */
function isHopeless(ends: Float64Array, times: Float64Array, span: Ns): boolean {
  const { low, high } = shortestHalf(ends.map(t => lagAt(times, t)));
  if (!(high < span)) return true;
  // A sample's half may be wider than that of all by chance: only twice the limit rules out.
  const most = 2 * COINCIDENCE * span;
  return times.length * (high - low) > most && shareWithin(times, low, high, span) * span > most;
}

/** More than half by three standard errors of a share of one half: so never fewer than ten. */
const isMost = (n: number, seen: number) => seen > n / 2 + (OUTLIER_SIGMAS * Math.sqrt(n)) / 2;

/** Few of the hits can be coincidence, and chance alone does not bring about so many (binomial). */
function beatsChance(n: number, hits: Share, chance: Share, tried: number): boolean {
  if (hits <= chance || chance > COINCIDENCE) return false;
  const byChance = ((1 - hits) / (1 - chance)) * (chance / hits);
  return byChance <= COINCIDENCE && binomialTail(n, hits, chance) * tried <= FALSE_PARTNER;
}
