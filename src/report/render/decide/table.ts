/** Columns apart by two spaces, the first flush left, the others flush right but for the last. */
export function tableLines(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths = (rows[0] ?? []).map((_, column) => rows.reduce((most, row) => Math.max(most, [...(row[column] ?? '')].length), 0));
  const last = widths.length - 1;
  return rows.map(row => {
    const cells = row.map((cell, column) => {
      const width = (widths[column] ?? 0) + cell.length - [...cell].length;
      return column === 0 || column === last ? cell.padEnd(width) : cell.padStart(width);
    });
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}
