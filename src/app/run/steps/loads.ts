import { readFileSync } from 'node:fs';
import { statsOf } from '#core/stats-of';
import { Load } from '#schema/load';
import type { Plan } from '#schema/plan';
import type { Place } from '../place.ts';

/** A load that was measured, and its folder below that of the run. */
export interface MeasuredLoad {
  readonly folder: string;
  readonly load: Load;
}

/** The loads of a plan that were measured, in their order. */
export function loadsIn(place: Place, { load }: Plan): readonly MeasuredLoad[] {
  return Array.from({ length: load?.repeat ?? 0 }, (_, i) => `loads/${i + 1}`).flatMap(folder => {
    const file = place.of(folder, 'load.json');
    return statsOf(file)?.isFile() === true ? [{ folder, load: Load.parse(JSON.parse(readFileSync(file, 'utf8'))) }] : [];
  });
}
