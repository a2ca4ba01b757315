import { valueAt } from '#core/columns';
import type { Rows } from '#schema/relation';

/** In how many rows each field is missing. */
const countMissing = <Row>(rows: Rows<Row>, fields: readonly (keyof Row & string)[]): number[] => {
  const missing = fields.map(() => 0);
  for (const row of rows) for (const [i, field] of fields.entries()) if (row[field] === null) missing[i] = valueAt(missing, i) + 1;
  return missing;
};

/** The fields that all rows lack. */
export const neverGiven = <Row, Field extends keyof Row & string>(rows: Rows<Row>, fields: readonly Field[]): Field[] => {
  const missing = countMissing(rows, fields);
  return fields.filter((_, i) => missing[i] === rows.length);
};

/** One sentence for each field that some rows have and others lack; a field that all lack is a limit, not an oddity. */
export const missingValues = <Row>(rows: Rows<Row>, fields: readonly (keyof Row & string)[]): string[] =>
  countMissing(rows, fields).flatMap((missing, i) =>
    missing === 0 || missing === rows.length ? [] : [`${fields[i]} is missing in ${missing} of ${rows.length} samples.`],
  );
