import { count, plain } from '#core/format/numbers';
import { metricName } from '#schema/run';
import type { Judgement, TargetResult } from '#schema/targets';
import { tableLines } from './table.ts';

const VERDICT: Readonly<Record<TargetResult['verdict'], string>> = { pass: 'pass', fail: 'fail', 'not-measured': 'not measured' };
const BOUND: Readonly<Record<TargetResult['bound'], string>> = { at_least: '≥', above: '>', at_most: '≤', below: '<' };

const withUnit = (value: number | null, unit: string): string => (value === null ? '–' : `${plain(value)}${unit === '' ? '' : ` ${unit}`}`);

/** Targets as a table for a terminal. */
export const targetTable = (results: readonly TargetResult[]): string[] =>
  tableLines([
    ['target', 'limit', 'worst run', 'verdict'],
    ...results.map(target => [
      metricName(target),
      `${BOUND[target.bound]} ${withUnit(target.limit, target.unit)}`,
      withUnit(target.worst, target.unit),
      `${VERDICT[target.verdict]}${target.reason === '' ? '' : `: ${target.reason}`}${target.runs > 1 ? ` (${target.passed} of ${count(target.runs, 'run')})` : ''}${target.note === '' ? '' : `; ${target.note}`}`,
    ]),
  ]);

/** A judgement for a terminal. */
export const judgementLines = (judgement: Judgement): string[] => [judgement.answer, '', ...targetTable(judgement.results)];
