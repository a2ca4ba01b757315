/** A number with so many significant digits: what arithmetic in binary adds to a decimal number is taken off again. */
export const significant = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** A number with at most so many decimals. */
export const decimals = (value: number, digits: number): number => Number(value.toFixed(digits));
