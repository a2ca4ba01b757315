import type { Card } from '#schema/card';
import { figureTable, SECTION_TITLES, VERDICT_WORDS } from '../card/tables.ts';
import { listed } from '../markdown/parallel.ts';
import { md } from '../markdown/text.ts';

/** Files of the folder, as the load-testing guide lists them, and what else lies there. */
const FILES: readonly (readonly [file: string, what: string])[] = [
  ['card.html', 'the report card, with each figure, its limit and its source'],
  ['load_test_results.json', 'rates and latencies of the load'],
  ['power_metrics.json', 'power and energy, where GPUs were sampled'],
  ['cost_analysis.md', 'what a token cost'],
  ['cost_metrics.json', 'the same as JSON'],
  ['system_info.txt', 'the machine'],
  ['load_test.log', 'what was done when; also power_monitor.log, cost_calculation.log and run.log'],
  ['loads/', 'each load by itself: requests, samples, and why requests were slow'],
];

/** SUMMARY.md: the answer in a screen. */
export const summaryOf = (card: Card): string =>
  [
    `# Summary: ${md(card.name)}`,
    '',
    `**${md(card.answer)}**`,
    '',
    ...card.sections.map(({ section, verdict }) => `- ${SECTION_TITLES[section]}: ${VERDICT_WORDS[verdict]}`),
    '',
    ...listed({ ...figureTable(card.sections.flatMap(s => s.figures)), caption: 'What it gave' }),
    'Files:',
    '',
    ...FILES.map(([file, what]) => `- \`${file}\`: ${what}`),
    '',
  ].join('\n');
