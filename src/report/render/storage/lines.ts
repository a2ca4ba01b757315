import { percent } from '#core/format/numbers';
import type { StorageAnalysis } from '#schema/storage-analysis';
import { tableLines } from '../decide/table.ts';
import { effectText, levelText } from './words.ts';

/** An analysis for a terminal: verdicts first, then what each rests on. */
export const storageLines = (analysis: StorageAnalysis): string[] => [
  analysis.answer,
  ...analysis.models.flatMap(({ model, hypotheses }) => [
    '',
    model,
    ...tableLines([
      ['', 'verdict', 'effect (95 % interval)', 'p', 'power', 'runs', 'claim'],
      ...hypotheses.map(h => [
        ...[h.code, h.verdict, effectText(h), levelText(h.p), h.power === null ? '–' : percent(h.power)],
        ...[h.runs === 0 ? '–' : String(h.runs), h.claim],
      ]),
    ]),
    '',
    ...hypotheses.filter(h => h.verdict === 'inconclusive').map(h => `  ${h.code}: ${h.answer}`),
  ]),
  '',
  ...analysis.notes,
];
