/**
 * Which way a rising curve bends: `concave` is steep first (throughput over load), `convex` is steep last (latency over load).
 */
export type Bend = 'concave' | 'convex';

/** How far below its largest value the difference must fall again, in mean steps along the axis: what its authors use when a whole curve is known. */
const SENSITIVITY = 1;

interface Unit {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const spanOf = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];
const scaled = (values: readonly number[]): readonly number[] => {
  const [low, high] = spanOf(values);
  return values.map(value => (high > low ? (value - low) / (high - low) : 0));
};

/** In the unit square, and so that it is steep first. */
function inUnitSquare(settings: readonly number[], values: readonly number[], bend: Bend): Unit {
  const [x, y] = [scaled(settings), scaled(values)];
  return bend === 'concave' ? { x, y } : { x: x.map(value => 1 - value).toReversed(), y: y.map(value => 1 - value).toReversed() };
}

/**
 * How far a curve lies above the straight line between the corners of its unit square, at each setting: Kneedle's difference curve (Satopää et al. 2011,
 * "Finding a 'Kneedle' in a Haystack", ICDCS workshops, §III). At the knee it is largest.
 * @param settings ascending @param values at each
 */
export function differences(settings: readonly number[], values: readonly number[], bend: Bend = 'concave'): readonly number[] {
  const { x, y } = inUnitSquare(settings, values, bend);
  const found = y.map((value, i) => value - (x[i] ?? 0));
  return bend === 'concave' ? found : found.toReversed();
}

/**
 * The index of the knee of a rising curve by Kneedle (Satopää et al. 2011) without smoothing: of the largest difference, where that falls again by a mean step
 * along the axis or more.
 * @param settings ascending @param values at each, in the direction of `bend`
 * @returns undefined where no knee shows: the curve is straight, bends the other way, or has fewer than three settings
 */
export function kneedle(settings: readonly number[], values: readonly number[], bend: Bend = 'concave'): number | undefined {
  const n = settings.length;
  if (n < 3 || !values.every(Number.isFinite)) return undefined;
  const ordered = differences(settings, values, bend);
  const along = bend === 'concave' ? ordered : ordered.toReversed();
  const largest = Math.max(...along);
  const at = along.indexOf(largest);
  const threshold = largest - SENSITIVITY / (n - 1);
  const falls = along.slice(at + 1).some(value => value < threshold);
  if (at === 0 || largest <= 0 || !falls) return undefined;
  return bend === 'concave' ? at : n - 1 - at;
}
