import type { Report } from '#schema/report';
import { md, table } from '../markdown/text.ts';
import { causeTable, limitsWords, othersWords, shareWords } from './rows.ts';

/** The answer in Markdown, at most ten lines: verdict, table of causes, limits. */
export function summaryBlock(report: Report): string[] {
  const { heads, rows, numeric } = causeTable(report);
  const limits = limitsWords(report);
  const below = [rows.length === 0 ? '' : shareWords(report), othersWords(report)].filter(s => s !== '').join(' ');
  return [
    `**${md(report.summary.verdict)}**`,
    '',
    ...(rows.length === 0 ? [] : table(heads, rows, numeric)),
    ...([below, limits].filter(s => s !== '').length === 0 ? [] : [md([below, limits].filter(s => s !== '').join(' ')), '']),
  ];
}

/** summary.md: the answer alone, to be put into a chat, a ticket or a pull request. */
export const renderSummary = (report: Report): string =>
  `${[`# ${md(report.summary.title)}`, '', ...summaryBlock(report).slice(0, -1), ''].join('\n')}`;
