/** What to do about SQL that SQLite does not run. */
export const sqlHint = (message: string): string => {
  if (/no such (?:table|column)/.test(message)) return 'See `forensics query --relations` for relations and columns.';
  if (/^cannot modify|readonly|read-only|not authorized/.test(message)) return 'Traces are opened read-only: ask with SELECT.';
  return 'Correct the SQL: one SELECT of SQLite.';
};
