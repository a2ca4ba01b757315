import type { Card } from '#schema/card';
import { SECTION_TITLES, VERDICT_WORDS } from './tables.ts';

/** A card for a terminal: the verdict, and a line for each section with what keeps it from passing. */
export const cardLines = (card: Card): string[] => [
  card.answer,
  '',
  ...card.sections.flatMap(({ section, verdict, rows }) => [
    `${VERDICT_WORDS[verdict].padEnd(12)} ${SECTION_TITLES[section]}`,
    ...rows
      .filter(r => r.verdict === 'fail' || r.verdict === 'warn')
      .map(
        r =>
          `${''.padEnd(13)}${VERDICT_WORDS[r.verdict]}: ${r.what}${r.figure === null ? '' : `, ${r.figure}`}${r.limit === null ? '' : ` (limit ${r.limit})`}`,
      ),
  ]),
];
