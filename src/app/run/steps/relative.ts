import type { Place } from '../place.ts';

/** A document whose names of runs are paths below the folder of the run: where that lay when it was measured is nobody's business. */
export function relativeTo<T>(place: Place, document: T): T {
  const prefix = JSON.stringify(`${place.path}/`).slice(1, -1);
  return JSON.parse(JSON.stringify(document).replaceAll(prefix, '')) as T;
}
