import { visible } from '#core/format/visible';
import type { Report } from '#schema/report';
import { causeTable, othersWords } from './rows.ts';

/** A longer line is broken by a terminal, and then there are more of them. */
const LONGEST = 160;

const cut = (text: string): string => {
  const flat = visible(text);
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST - 1)}…`;
};

/** Lines of the answer in a terminal: with a blank one and the path of the report they make twelve. */
const MOST_LINES = 10;

/** The verdict is never cut short: where it does not fit a line, it goes on in a second one. */
function verdictLines(text: string): string[] {
  const flat = visible(text);
  if (flat.length <= LONGEST) return [flat];
  const end = flat.lastIndexOf(' ', LONGEST);
  return end < 0 ? [cut(flat)] : [flat.slice(0, end), cut(flat.slice(end + 1))];
}

/** The answer as lines for a terminal, without where the report is: at most ten. */
export function summaryLines(report: Report): string[] {
  const { summary } = report;
  const { heads, rows, numeric } = causeTable(report);
  const table = rows.length === 0 ? [] : [heads, ...rows];
  const widths = heads.map((_, i) => Math.max(0, ...table.map(row => row[i]?.length ?? 0)));
  const isNumber = (i: number) => numeric.includes(i);
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const others = othersWords(report);
  const limits = summary.cannot_tell.map(l => `Not known: ${l.charAt(0).toLowerCase()}${l.slice(1)}`);
  return [
    cut(summary.title),
    ...verdictLines(summary.verdict),
    ...[...table.map(line), ...(others === '' ? [] : [others]), ...limits].map(cut),
  ].slice(0, MOST_LINES);
}
