import type { Ms } from '#core/units';
import type { TimelineBar } from '#schema/incident-timeline';

/** An operation so many times as long as the gap that is overlooked stands for itself: it can be seen, and pointed at. */
const ALONE = 4;

/** Two bars as one. Its kind is the longer one's: between kernels, fills are a trifle. */
const joined = (a: TimelineBar, b: TimelineBar): TimelineBar => ({
  kind: a.busy_ms >= b.busy_ms ? a.kind : b.kind,
  name: a.name === b.name ? a.name : null,
  operations: a.operations + b.operations,
  start_ms: a.start_ms,
  end_ms: Math.max(a.end_ms, b.end_ms),
  busy_ms: a.busy_ms + b.busy_ms,
});

/** Short bars less than a gap apart become one, so that a wider gap is still seen. Bars come in order of start. */
function overlooking(bars: readonly TimelineBar[], gap: Ms): TimelineBar[] {
  const out: TimelineBar[] = [];
  let open = -1;
  for (const bar of bars) {
    if (bar.operations === 1 && bar.end_ms - bar.start_ms >= ALONE * gap) {
      out.push(bar);
      continue;
    }
    const before = out[open];
    if (before !== undefined && bar.start_ms - before.end_ms < gap) out[open] = joined(before, bar);
    else open = out.push(bar) - 1;
  }
  return out;
}

/**
 * Merges operations that run one after the other until all tracks together have at most so many bars. Gaps that are overlooked double until
 * they do, so that what is left is as fine as there is room for.
 * @param tracks bars of each track, in order of start
 * @param gap shorter gaps are overlooked from the start: nobody could see them
 * @param most at least one for each track: so many are left when all is merged
 */
export function mergeBars(tracks: readonly (readonly TimelineBar[])[], gap: Ms, most: number): readonly (readonly TimelineBar[])[] {
  let merged = tracks.map(bars => overlooking(bars, gap));
  for (let wider = 2 * gap; merged.reduce((n, bars) => n + bars.length, 0) > most && Number.isFinite(wider); wider *= 2)
    merged = merged.map(bars => overlooking(bars, wider));
  return merged;
}
