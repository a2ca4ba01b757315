import { valueAt } from '#core/columns';
import type { NumberColumn } from '#core/math/number-column';

/** A number of a column in which none is missing. @throws RangeError in tests where it is; elsewhere the answer is NaN */
export const knownAt = (column: NumberColumn, index: number): number => column.at(index) ?? valueAt(null, index);
