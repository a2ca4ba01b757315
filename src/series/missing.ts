/** One sentence for each field that some rows have and others lack; a field that all lack is a limit, not an oddity. */
export const missingValues = <Row>(rows: readonly Row[], fields: readonly (keyof Row & string)[]): string[] =>
  fields.flatMap(field => {
    const missing = rows.reduce((count, row) => (row[field] === null ? count + 1 : count), 0);
    return missing === 0 || missing === rows.length ? [] : [`${field} is missing in ${missing} of ${rows.length} samples.`];
  });
