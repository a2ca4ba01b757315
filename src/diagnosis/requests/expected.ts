import { median } from 'd3-array';
import { Matrix, pseudoInverse } from 'ml-matrix';
import { valueAt } from '#core/columns';
import { MAD_TO_SIGMA } from '#core/math/normal-range';
import type { Ms } from '#core/units';

/** The work of a request: what its time is expected to follow from. */
export interface Work {
  /** Tokens. */
  readonly prompt: number | null;
  readonly output: number | null;
  /** Requests decoding at the same time, averaged over its own decoding. */
  readonly batch: number | null;
}

/** What the time of a request follows from. */
export interface ExpectedFit {
  readonly terms: readonly { readonly term: string; readonly value: number; readonly unit: string }[];
  readonly predict: (work: Work) => Ms;
  /** Robust standard deviation of what is left over. */
  readonly sigma: Ms;
}

/** In the order in which few requests may have them: output tokens matter most. */
const TERMS = [
  { term: 'constant', unit: 'ms', of: () => 1 },
  { term: 'output', unit: 'ms/token', of: (w: Work) => w.output },
  { term: 'prompt', unit: 'ms/token', of: (w: Work) => w.prompt },
  {
    term: 'output x batch',
    unit: 'ms/token/request',
    of: (w: Work) => (w.output === null || w.batch === null ? null : w.output * w.batch),
  },
] as const;
type Term = (typeof TERMS)[number];

/** Tuning constant of Tukey's bisquare: 95 % efficiency at the normal (Beaton & Tukey 1974). */
const BISQUARE = 4.685;
const ITERATIONS = 30;
/** Fewer requests than this for each term cannot carry a fit. */
const PER_TERM = 5;

/** Weighted least squares through the pseudo-inverse, which bears columns that depend on each other. */
function solve(x: readonly (readonly number[])[], y: readonly number[], weight: readonly number[]): number[] {
  const root = weight.map(Math.sqrt);
  const a = new Matrix(x.map((row, i) => row.map(v => v * valueAt(root, i))));
  const b = Matrix.columnVector(y.map((v, i) => v * valueAt(root, i)));
  return pseudoInverse(a).mmul(b).to1DArray();
}

const residuals = (x: readonly (readonly number[])[], y: readonly number[], c: readonly number[]) =>
  y.map((v, i) => v - (x[i] ?? []).reduce((s, xi, k) => s + xi * valueAt(c, k), 0));

const scaleOf = (r: readonly number[]) => {
  const m = median(r) ?? 0;
  return MAD_TO_SIGMA * (median(r, v => Math.abs(v - m)) ?? 0);
};

/** Least absolute deviations to start from (outliers cannot pull it), then Tukey's bisquare. */
function robust(x: readonly (readonly number[])[], y: readonly number[]): number[] {
  let c = solve(
    x,
    y,
    y.map(() => 1),
  );
  for (let k = 0; k < ITERATIONS; k++)
    c = solve(
      x,
      y,
      residuals(x, y, c).map(r => 1 / Math.max(Math.abs(r), 1e-3)),
    );
  for (let k = 0; k < ITERATIONS; k++) {
    const r = residuals(x, y, c);
    const scale = Math.max(scaleOf(r), 1e-3) * BISQUARE;
    c = solve(
      x,
      y,
      r.map(v => (Math.abs(v) < scale ? (1 - (v / scale) ** 2) ** 2 : 1e-9)),
    );
  }
  return c;
}

/**
 * Fits time = constant + a·prompt + b·output + c·output·batch over the run's own requests, robustly.
 * Work cannot shorten a request: a term that comes out negative is left out, and so is one that some request does not state.
 * @param time without the delays that are already accounted for
 */
export function fitExpected(works: readonly Work[], time: readonly Ms[]): ExpectedFit {
  let terms: readonly Term[] = TERMS.filter(t => works.every(w => t.of(w) !== null)).slice(
    0,
    Math.max(1, Math.floor(works.length / PER_TERM)),
  );
  for (;;) {
    const x = works.map(w => terms.map(t => t.of(w) ?? Number.NaN));
    const c = robust(x, time);
    const negative = terms.findIndex((t, k) => t.term !== 'constant' && valueAt(c, k) < 0);
    if (negative >= 0) {
      terms = terms.filter((_, k) => k !== negative);
      continue;
    }
    const kept = terms;
    return {
      terms: kept.map((t, k) => ({ term: t.term, value: valueAt(c, k), unit: t.unit })),
      predict: w => kept.reduce((s, t, k) => s + (t.of(w) ?? 0) * valueAt(c, k), 0),
      sigma: scaleOf(residuals(x, time, c)),
    };
  }
}
