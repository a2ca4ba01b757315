import { valueAt } from '#core/columns';
import type { Report } from '#schema/report';

/** A linear axis serves as long as nine of ten requests have at least this share of it: below, their differences are a few pixels. */
const LEAST_ROOM = 0.25;
const MOST_OF_THEM = 0.9;

/** Whether few requests took so long that a linear axis would press the others into one line. */
export function isSteep({ charts }: Report): boolean {
  const sorted = charts.requests.map(r => r.latency_ms).sort((a, b) => a - b);
  if (sorted.length === 0) return false;
  const usual = valueAt(sorted, Math.min(sorted.length - 1, Math.floor(MOST_OF_THEM * sorted.length)));
  return usual > 0 && usual < LEAST_ROOM * (sorted.at(-1) ?? 0);
}

/** Said beside each chart whose axis is logarithmic for that reason. */
export const STEEP_SAID = 'The axis is logarithmic: a few requests took many times as long as the others.';
