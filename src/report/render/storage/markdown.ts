import { percent } from '#core/format/numbers';
import type { StorageAnalysis, StorageHypothesisResult } from '#schema/storage-analysis';
import { md, table } from '../markdown/text.ts';
import { effectText, figureText, levelText } from './words.ts';

type Model = StorageAnalysis['models'][number];

const verdictTable = ({ hypotheses }: Model): string[] =>
  table(
    ['', 'claim', 'verdict', 'effect (95 % interval)', 'p', 'power', 'runs'],
    hypotheses.map(h => [
      ...[h.code, h.claim, h.verdict, effectText(h), levelText(h.p)],
      ...[h.power === null ? '–' : percent(h.power), h.runs === 0 ? '–' : String(h.runs)],
    ]),
    [4, 5, 6],
  );

function hypothesisLines(h: StorageHypothesisResult, model: string): string[] {
  const figures = h.figures.map(f => `- ${md(f.what)}: ${md(figureText(f))}`);
  return [
    `### ${h.code}: ${md(h.claim)}`,
    '',
    md(h.answer),
    '',
    ...(h.picture === null ? [] : [`![${h.code}](figures/${encodeURIComponent(model)}/${h.code}.svg)`, '']),
    `Test: ${md(h.test)}.${h.tail === null ? '' : ` Tail: ${md(h.tail)}.`}`,
    '',
    ...(figures.length === 0 ? [] : [...figures, '']),
  ];
}

/** report.md of an experiment on storage pressure. */
export const storageMarkdown = (analysis: StorageAnalysis): string =>
  [
    '# Storage pressure',
    '',
    md(analysis.answer),
    '',
    ...analysis.models.flatMap(model => [
      `## ${md(model.model)}`,
      '',
      ...verdictTable(model),
      ...model.hypotheses.flatMap(h => hypothesisLines(h, model.model)),
    ]),
    ...(analysis.left_out.length === 0
      ? []
      : [
          '## Left out',
          '',
          ...table(
            ['step', 'why'],
            analysis.left_out.map(({ run, why }) => [run, why]),
          ),
        ]),
    '## Notes',
    '',
    ...analysis.notes.map(note => `- ${md(note)}`),
    '',
  ].join('\n');
