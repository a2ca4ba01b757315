import type { StorageAnalysis, StorageHypothesisResult, StorageRunRow } from '#schema/storage-analysis';

type Cell = string | number | boolean | null;
type Model = StorageAnalysis['models'][number];

/** RFC 4180. A cell that a spreadsheet would take for a formula is told as text. */
function cell(value: Cell): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV; what is not known is empty, never 0. */
const csv = (rows: readonly Readonly<Record<string, Cell>>[]): string => {
  const fields = Object.keys(rows[0] ?? {});
  return rows.length === 0
    ? ''
    : `${[fields, ...rows.map(row => fields.map(field => row[field] ?? null))].map(line => line.map(cell).join(',')).join('\n')}\n`;
};

const verdictRow = ({ code, claim, verdict, why, effect, margin, p, p_small, power, runs, tail }: StorageHypothesisResult) => ({
  ...{ hypothesis: code, claim, verdict, why, effect: effect?.what ?? null, scale: effect?.scale ?? null, value: effect?.value ?? null },
  ...{ low: effect?.low ?? null, high: effect?.high ?? null, margin, p, p_small, power, runs, tail },
});

const figureRows = ({ code, figures }: StorageHypothesisResult) =>
  figures.map(({ what, unit, value, low, high, p }) => ({ hypothesis: code, figure: what, unit, value, low, high, p }));

/** Tables of a model: file name to text. Verdicts, figures, all runs, and the points of each chart. */
export const tablesOf = ({ hypotheses, runs }: Model): Readonly<Record<string, string>> => ({
  'verdicts.csv': csv(hypotheses.map(verdictRow)),
  'figures.csv': csv(hypotheses.flatMap(figureRows)),
  'runs.csv': csv(runs satisfies readonly StorageRunRow[]),
  ...Object.fromEntries(
    hypotheses.flatMap(({ code, picture }) => (picture === null ? [] : [[`${code}.csv`, csv(picture.points)] as const])),
  ),
});
