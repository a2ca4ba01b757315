import type { Card } from '#schema/card';
import { listed } from '../markdown/parallel.ts';
import { md } from '../markdown/text.ts';
import { figureTable, overview, rowTable, SECTION_TITLES, VERDICT_WORDS } from './tables.ts';

/** card.md. */
export const cardMarkdown = (card: Card): string =>
  [
    `# Report card: ${md(card.name)}`,
    '',
    `**${md(card.answer)}**`,
    '',
    ...card.machine.map(({ what, value }) => `- ${md(what)}: ${md(value)}`),
    ...(card.machine.length === 0 ? [] : ['']),
    ...listed(overview(card)),
    ...card.sections.flatMap(({ section, verdict, rows, figures }) => [
      `## ${SECTION_TITLES[section]}: ${VERDICT_WORDS[verdict]}`,
      '',
      ...listed(rowTable('What was judged', rows)),
      ...listed(figureTable(figures)),
    ]),
  ].join('\n');
