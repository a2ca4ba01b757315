import { randomLcg } from 'd3-random';
import { realAt } from '#core/columns';
import type { Share } from '#core/units';
import { automaticBlockLength } from './block-length.ts';
import { drawBlocks } from './bootstrap.ts';
import { percentile } from './percentiles.ts';
import { SEED } from './seed.ts';
import { coverage, intersect, measure, type Spans, spansOf } from './spans.ts';

export interface Enrichment {
  /** Share of the windows, and of the time outside them, that the events take up. */
  readonly share_inside: Share;
  readonly share_outside: Share;
  /** Odds of an event inside the windows over the odds outside; half a cell is added to each count, so that it is finite. */
  readonly odds_ratio: number;
  readonly odds_ratio_ci: readonly [number, number];
  /** One-sided: how often windows shifted at random meet as much of the events. */
  readonly p: Share;
  readonly shifts: number;
  readonly seed: number;
}

export interface EnrichmentOptions {
  readonly shifts?: number;
  readonly seed?: number;
}

/** p is known to half a part in a thousand. */
const SHIFTS = 2000;
/** Cells that time is cut into for the interval, and how often they are drawn anew. */
const CELLS = 256;
const RESAMPLES = 299;

/** Events and windows cell by cell: shares of each cell that are events, windows, and both. */
interface Cells {
  readonly event: Float64Array;
  readonly window: Float64Array;
  readonly both: Float64Array;
}

function cellsOf(events: Spans, windows: Spans, from: number, to: number): Cells {
  const width = (to - from) / CELLS;
  const shares = (spans: Spans) => {
    const covered = coverage(spans);
    return Float64Array.from({ length: CELLS }, (_, k) => covered(from + k * width, from + (k + 1) * width) / width);
  };
  return { event: shares(events), window: shares(windows), both: shares(intersect(events, windows)) };
}

/** Odds ratio of the two-by-two table of time, in cells, with half a cell added to each (Haldane 1956, Anscombe 1956). */
function oddsRatio(n: number, event: number, window: number, both: number): number {
  const [a, b, c] = [both + 0.5, window - both + 0.5, event - both + 0.5];
  return (a * (n - event - window + both + 0.5)) / (b * c);
}

function oddsInterval(cells: Cells, seed: number): readonly [number, number] {
  const random = randomLcg(seed);
  const block = Math.max(automaticBlockLength(cells.event), automaticBlockLength(cells.window));
  const drawn = new Uint32Array(CELLS);
  const found = Float64Array.from({ length: RESAMPLES }, () => {
    drawBlocks(drawn, block, random);
    let [event, window, both] = [0, 0, 0];
    for (const k of drawn) {
      event += realAt(cells.event, k);
      window += realAt(cells.window, k);
      both += realAt(cells.both, k);
    }
    return oddsRatio(CELLS, event, window, both);
  }).sort();
  return [percentile(found, 0.025), percentile(found, 0.975)];
}

/**
 * Whether events lie inside some windows more than chance would put them there. Chance is the same windows, shifted around the circle of
 * time by a random amount: that keeps how long and how clustered both are, which a shuffle would not. p = (1 + shifts that meet as much) /
 * (1 + shifts) (Davison & Hinkley 1997, §4.2). The interval of the odds ratio is a stationary bootstrap's over cells of time.
 * @param range the time observed, in the unit of the spans
 * @returns undefined where windows or events are absent or fill all of the time: there is nothing to compare
 */
export function enrichment(
  events: Spans,
  windows: Spans,
  range: readonly [number, number],
  { shifts = SHIFTS, seed = SEED }: EnrichmentOptions = {},
): Enrichment | undefined {
  const [from, to] = range;
  const length = to - from;
  const observed = spansOf([range]);
  const [inRange, windowed] = [intersect(events, observed), intersect(windows, observed)];
  const [event, window] = [measure(inRange), measure(windowed)];
  if (!(event > 0 && event < length && window > 0 && window < length)) return undefined;
  const covered = coverage(inRange);
  const around = (start: number, end: number) => (end <= to ? covered(start, end) : covered(start, to) + covered(from, end - length));
  const met = (shift: number) => {
    let sum = 0;
    for (let i = 0; i < windowed.n; i++) {
      const size = realAt(windowed.end, i) - realAt(windowed.start, i);
      const start = from + ((realAt(windowed.start, i) - from + shift) % length);
      sum += around(start, start + size);
    }
    return sum;
  };
  const both = met(0);
  const random = randomLcg(seed);
  let asMuch = 0;
  // Sums of floating times differ in their last digits from one shift to the next.
  const least = both - 1e-9 * length;
  for (let i = 0; i < shifts; i++) if (met(random() * length) >= least) asMuch++;
  const scale = CELLS / length;
  return {
    share_inside: both / window,
    share_outside: (event - both) / (length - window),
    odds_ratio: oddsRatio(CELLS, event * scale, window * scale, both * scale),
    odds_ratio_ci: oddsInterval(cellsOf(inRange, windowed, from, to), seed),
    p: (1 + asMuch) / (1 + shifts),
    shifts,
    seed,
  };
}
