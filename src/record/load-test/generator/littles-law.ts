import type { LoadStage } from '#schema/load';
import { NS_PER_S } from './monotonic.ts';
import type { Outcome } from './outcome.ts';

/** Two counts of one thing differ only by rounding and by what is lost; some requests more or less at the ends are no loss. */
const TOLERANCE = 0.02;

/**
 * Little's law (Operations Research 9, 1961): mean number in flight = rate × mean time in flight. Over a stage that begins and ends empty
 * it holds exactly, so a difference between what the generators counted and what was recorded means lost or doubled requests.
 * @param inFlightNs integral of the number in flight, counted as requests come and go
 */
export function littlesLaw(outcomes: readonly Outcome[], inFlightNs: number): LoadStage['littles_law'] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let inFlight = 0;
  for (const { released, settled } of outcomes) {
    from = Math.min(from, released);
    to = Math.max(to, settled);
    inFlight += settled - released;
  }
  if (!(to > from)) return null;
  const rate = outcomes.length / ((to - from) / NS_PER_S);
  const latency = inFlight / outcomes.length / NS_PER_S;
  const mean = inFlightNs / (to - from);
  const product = rate * latency;
  return { mean_in_flight: mean, rate_times_latency: product, holds: Math.abs(mean - product) <= TOLERANCE * Math.max(mean, product) };
}
