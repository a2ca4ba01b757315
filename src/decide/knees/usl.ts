import { Matrix, solve } from 'ml-matrix';

/** The universal scalability law: X(N) = γN / (1 + α(N−1) + βN(N−1)) (Gunther 2007, Guerrilla Capacity Planning, §4). */
export interface Usl {
  /** Throughput at a load of one, in the unit of the throughputs. */
  readonly gamma: number;
  /** Contention: what waits for one another. */
  readonly alpha: number;
  /** Coherency: what everyone has to agree on with everyone. */
  readonly beta: number;
}

/** Three parameters, and one value more that they do not fit by themselves. */
const FEWEST_SETTINGS = 4;
const MOST_STEPS = 200;
/** Relative change of the sum of squares below which nothing more is gained. */
const ENOUGH = 1e-14;
const MOST_DAMPING = 1e12;

/** What the law says of a load, in the unit of γ. */
export const throughputAt = ({ gamma, alpha, beta }: Usl, load: number): number =>
  (gamma * load) / (1 + alpha * (load - 1) + beta * load * (load - 1));

/** One over the square of the load with the most throughput: β / (1 − α). It may be estimated as 0 or less: then no peak shows. */
export const curvature = ({ alpha, beta }: Usl): number => beta / (1 - alpha);

/** The load with the most throughput, √((1 − α) / β); undefined where throughput rises without end, or falls from the start. */
export function peakOf(usl: Usl): number | undefined {
  const c = curvature(usl);
  return c > 0 && usl.alpha < 1 ? Math.sqrt(1 / c) : undefined;
}

type Term = (load: number) => number;
/** N/X is linear in these: their coefficients are 1/γ, α/γ and β/γ. */
const TERMS: readonly [Term, Term, Term] = [() => 1, load => load - 1, load => load * (load - 1)];

interface Fit {
  /** 1/γ, α/γ, β/γ; 0 for what was left out. */
  readonly of: readonly [number, number, number];
  readonly squares: number;
}

/** Sum of squared differences in throughput; Infinity where the law has a pole among the loads. */
function squaresOf(loads: readonly number[], values: readonly number[], columns: readonly (readonly number[])[], theta: readonly number[]) {
  return loads.reduce((sum, load, i) => {
    const q = columns.reduce((total, column, j) => total + (column[i] ?? 0) * (theta[j] ?? 0), 0);
    return q > 0 ? sum + ((values[i] ?? 0) - load / q) ** 2 : Number.POSITIVE_INFINITY;
  }, 0);
}

/** Weighted least squares with damping, over columns. */
function solved(columns: readonly (readonly number[])[], weights: readonly number[], values: readonly number[], damping: number) {
  const rows = weights.map((w, i) => columns.map(column => w * (column[i] ?? 0)));
  const extra = columns.map((_, j) => columns.map((_, k) => (j === k ? Math.sqrt(damping) : 0)));
  const wanted = [...weights.map((w, i) => w * (values[i] ?? 0)), ...columns.map(() => 0)];
  return solve(new Matrix([...rows, ...extra]), Matrix.columnVector(wanted)).to1DArray();
}

/** Levenberg (1944) on N/X, in which the law is linear, with the weights that make it least squares in X. */
function fitTerms(loads: readonly number[], values: readonly number[], used: readonly number[]): Fit | undefined {
  const raw = used.map(j => loads.map(load => TERMS[j]?.(load) ?? 0));
  const scales = raw.map(column => Math.max(...column));
  if (scales.some(scale => !(scale > 0))) return undefined;
  const columns = raw.map((column, j) => column.map(value => value / (scales[j] ?? 1)));
  const inverse = loads.map((load, i) => load / (values[i] ?? Number.NaN));
  const first = values.map((value, i) => value ** 2 / (loads[i] ?? 1));
  let theta = solved(columns, first, inverse, 0);
  let squares = squaresOf(loads, values, columns, theta);
  if (!Number.isFinite(squares)) {
    // A pole: begin with a throughput that rises in proportion.
    theta = used.map((j, k) => (j === 0 ? Math.min(...inverse) / (scales[k] ?? 1) : 0));
    squares = squaresOf(loads, values, columns, theta);
  }
  for (let step = 0, damping = 0; step < MOST_STEPS && damping < MOST_DAMPING; step++) {
    const q = loads.map((_, i) => columns.reduce((total, column, j) => total + (column[i] ?? 0) * (theta[j] ?? 0), 0));
    const weights = q.map((value, i) => (loads[i] ?? 0) / value ** 2);
    const off = q.map((value, i) => value - (value ** 2 * (values[i] ?? 0)) / (loads[i] ?? 1));
    const largest = weights.reduce((sum, w) => sum + w ** 2, 0);
    const change = solved(columns, weights, off, damping * largest);
    const next = theta.map((value, j) => value + (change[j] ?? 0));
    const found = squaresOf(loads, values, columns, next);
    if (found < squares) {
      const gained = squares - found;
      [theta, squares] = [next, found];
      damping = damping < 1e-12 ? 0 : damping / 10;
      if (gained <= ENOUGH * squares) break;
    } else damping = Math.max(damping * 10, 1e-9);
  }
  const of: [number, number, number] = [0, 0, 0];
  used.forEach((j, k) => {
    of[j] = (theta[k] ?? 0) / (scales[k] ?? 1);
  });
  return Number.isFinite(squares) && of[0] > 0 ? { of, squares } : undefined;
}

const uslOf = ({ of: [one, contention, coherency] }: Fit): Usl => ({ gamma: 1 / one, alpha: contention / one, beta: coherency / one });

const hasEnough = (loads: readonly number[], values: readonly number[]): boolean =>
  new Set(loads).size >= FEWEST_SETTINGS && loads.every(load => load > 0) && values.every(value => value > 0 && Number.isFinite(value));

/**
 * The law through throughputs by least squares, with α and β of any sign: what noise does to them is not cut off, so that means over runs stay true.
 * @param loads above 0 @param values throughput at each, above 0
 * @returns undefined for fewer than four different loads, or where no curve fits
 */
export function fitUslFreely(loads: readonly number[], values: readonly number[]): Usl | undefined {
  const fit = hasEnough(loads, values) ? fitTerms(loads, values, [0, 1, 2]) : undefined;
  return fit === undefined ? undefined : uslOf(fit);
}

/**
 * The law through throughputs by least squares, with α and β of 0 or more, as the R package `usl` fits it.
 * @param loads above 0 @param values throughput at each, above 0
 * @returns undefined for fewer than four different loads
 */
export function fitUsl(loads: readonly number[], values: readonly number[]): Usl | undefined {
  if (!hasEnough(loads, values)) return undefined;
  // The best within bounds is the best of those that lie on some of the bounds and within the others.
  const fits = [[0, 1, 2], [0, 1], [0, 2], [0]].flatMap(used => fitTerms(loads, values, used) ?? []);
  const possible = fits.filter(({ of: [, contention, coherency] }) => contention >= 0 && coherency >= 0);
  const [best] = possible.toSorted((a, b) => a.squares - b.squares);
  return best === undefined ? undefined : uslOf(best);
}
