import { neverGiven } from '#input/series/missing';
import { ZONELESS_LIMIT } from '#input/time/sample-clock';
import { samplingLimit } from '#input/time/sampling';
import type { GpuSampleRow, Rows } from '#schema/relation';
import { type Layout, QUANTITIES, QUANTITY_FIELDS } from './columns.ts';
import { reasonLimits } from './event-reasons.ts';

/** What the samples cannot support, in sentences for the reader. */
export const limitsOf = (rows: Rows<GpuSampleRow>, layout: Layout, zoned: boolean, intervalMs: number | undefined): string[] => [
  ...(zoned ? [] : [ZONELESS_LIMIT]),
  samplingLimit(intervalMs),
  ...powerLimit(layout),
  ...reasonLimits(layout.reasons),
  ...missingFields(rows),
];

const powerLimit = ({ quantities: { power_w } }: Layout): string[] =>
  power_w.length === 0 || power_w[0]?.name === 'power.draw.instant'
    ? []
    : [`Power is ${power_w[0]?.name}, on most GPUs an average over a second; power.draw.instant is sharper.`];

const missingFields = (rows: Rows<GpuSampleRow>): string[] => {
  const never = neverGiven(rows, [...QUANTITY_FIELDS, 'event_reasons']);
  const missing = never.map(field => `${field} (${field === 'event_reasons' ? 'clocks_event_reasons.active' : QUANTITIES[field].from[0]})`);
  return missing.length === 0 ? [] : [`Not recorded, or not given by this GPU: ${missing.join(', ')}.`];
};
