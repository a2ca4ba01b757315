import { median } from 'd3-array';
import { itemAt } from '#core/columns';
import { changesIn } from '#core/math/e-divisive';
import type { Ns, Share } from '#core/units';
import type { DelayBreakdown } from './delay-breakdown.ts';

/** From a moment on, to the end of the load test, requests took longer (or less long) than before. */
export interface LastingChange {
  /** The arrival of the first request after it. */
  readonly at: Ns;
  /** What a usual request after it took, over what one before it took, each against what its work explains. */
  readonly ratio: number;
  /** Requests on either side. */
  readonly before: number;
  readonly after: number;
  /** How often chance alone divides a run so well. */
  readonly p: number;
}

/** Requests of a group: the middle one of five is moved by no two outliers. */
const GROUP = 5;
/** E-divisive's work grows with the square of the groups. */
const MOST_GROUPS = 100;
/** As strict as an accusation: neighbouring requests share queues and incidents, which chance in random order does not. */
const LEVEL = 0.01;
/** An incident ends; what holds for less than a fifth of the run, at its end or before, may be one. */
const LASTS: Share = 0.2;
/** Less than a tenth is within what a server's own batches vary by. */
const WORTH: Share = 0.1;

/**
 * Since when requests are slower: the last step change (E-divisive, Matteson & James 2014) of their time over that which their work explains,
 * in medians of groups in the order of arrival, where it holds to the end of the run.
 */
export function lastingChange(delays: readonly DelayBreakdown[]): LastingChange | undefined {
  const usable = delays.filter(d => d.expectedMs > 0 && d.request.timeMs > 0).toSorted((a, b) => a.request.arrival - b.request.arrival);
  const size = Math.max(GROUP, Math.ceil(usable.length / MOST_GROUPS));
  const groups = Array.from({ length: Math.floor(usable.length / size) }, (_, k) => usable.slice(k * size, (k + 1) * size));
  const values = groups.map(group => Math.log(median(group, d => d.request.timeMs / d.expectedMs) ?? 1));
  const found = changesIn(values, LEVEL);
  const last = found.at(-1);
  if (last === undefined) return undefined;
  const from = found.at(-2)?.index ?? 0;
  const least = LASTS * values.length;
  if (last.index - from < least || values.length - last.index < least) return undefined;
  const level = (a: number, b: number) => Math.exp(median(values.slice(a, b)) ?? 0);
  const [before, after] = [level(from, last.index), level(last.index, values.length)];
  const ratio = after / before;
  if (Math.abs(Math.log(ratio)) < Math.log(1 + WORTH)) return undefined;
  const first = itemAt(itemAt(groups, last.index), 0);
  return {
    at: first.request.arrival,
    ratio,
    before: size * (last.index - from),
    after: size * (values.length - last.index),
    p: last.p,
  };
}
