import { inverse, Matrix } from 'ml-matrix';
import { valueAt } from '#core/columns';

/** A linear model that was fitted by least squares. */
export interface LinearFit {
  readonly coefficients: readonly number[];
  /** Standard error of each coefficient. */
  readonly errors: readonly number[];
  readonly residuals: Float64Array;
  /** Degrees of freedom that are left. */
  readonly freedom: number;
}

/** Columns whose determinant is less than this share of what independent ones would have tell nothing apart. */
const SINGULAR = 1e-10;

/**
 * Least squares of y on columns; a constant is one of the columns, if it is to be in the model.
 * @returns undefined where there are no more values than columns, or columns depend on one another
 */
export function fitLinear(columns: readonly (readonly number[])[], y: readonly number[]): LinearFit | undefined {
  const [n, k] = [y.length, columns.length];
  if (n <= k) return undefined;
  // Of unit length, so that what depends on one another shows whatever its units are.
  const lengths = columns.map(column => Math.hypot(...column));
  if (lengths.some(length => !(length > 0))) return undefined;
  const X = new Matrix(columns.map((column, c) => column.map(value => value / valueAt(lengths, c)))).transpose();
  const gram = X.transpose().mmul(X);
  const reduced = gram.clone();
  for (let c = 0; c < k; c++) {
    // Gauss without exchange of rows: pivots of a positive matrix are what each column adds to those before it.
    const pivot = reduced.get(c, c);
    if (!(pivot > SINGULAR)) return undefined;
    for (let r = c + 1; r < k; r++) {
      const factor = reduced.get(r, c) / pivot;
      for (let i = c; i < k; i++) reduced.set(r, i, reduced.get(r, i) - factor * reduced.get(c, i));
    }
  }
  const inverted = inverse(gram);
  const scaled = inverted.mmul(X.transpose().mmul(Matrix.columnVector([...y])));
  const fitted = X.mmul(scaled);
  const residuals = Float64Array.from(y, (value, i) => value - fitted.get(i, 0));
  const variance = residuals.reduce((sum, r) => sum + r * r, 0) / (n - k);
  return {
    coefficients: columns.map((_, c) => scaled.get(c, 0) / valueAt(lengths, c)),
    errors: columns.map((_, c) => Math.sqrt(variance * inverted.get(c, c)) / valueAt(lengths, c)),
    residuals,
    freedom: n - k,
  };
}
