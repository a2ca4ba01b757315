import type { Ns } from '#core/units';

/** A stretch of time, ns. */
interface Stretch {
  readonly start: Ns;
  readonly end: Ns;
}

/**
 * Puts stretches on as few tracks as they need: on one track, one holds another whole or does not touch it, as viewers of traces want it.
 * @returns the track of each, from 0
 */
export function lanesOf(stretches: readonly Stretch[]): readonly number[] {
  const order = stretches
    .map((_, i) => i)
    .sort((a, b) => {
      const [p, q] = [stretches[a], stretches[b]];
      return p === undefined || q === undefined ? 0 : p.start - q.start || q.end - p.end || a - b;
    });
  const open: Ns[][] = [];
  const lane: number[] = stretches.map(() => 0);
  for (const i of order) {
    const one = stretches[i];
    if (one === undefined) continue;
    let at = open.findIndex(ends => {
      while (ends.length > 0 && (ends.at(-1) ?? 0) <= one.start) ends.pop();
      return ends.length === 0 || (ends.at(-1) ?? 0) >= one.end;
    });
    if (at < 0) at = open.push([]) - 1;
    open[at]?.push(one.end);
    lane[i] = at;
  }
  return lane;
}
