import type { Sweep } from '#schema/sweep';
import { md, table } from '../markdown/text.ts';
import { sweepTables } from './sweep-tables.ts';

/** sweep.md. */
export const sweepMarkdown = (sweep: Sweep): string =>
  [
    `# Sweep over ${md(sweep.over)}`,
    '',
    `**${md(sweep.answer)}**`,
    '',
    ...sweep.notes.map(note => `- ${md(note)}`),
    '',
    ...sweepTables(sweep).flatMap(({ title, head, rows }) => [`## ${md(title)}`, '', ...table(head, rows, head.map((_, i) => i).slice(1))]),
    ...(sweep.pareto.length === 0
      ? []
      : [`No other setting has more throughput and less latency than: ${md(sweep.pareto.join(', '))}.`, '']),
    'Files:',
    '',
    ...sweep.inputs.map(input => `- ${md(input)}`),
    '',
  ].join('\n');
