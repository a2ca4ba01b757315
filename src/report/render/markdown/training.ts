import type { Report } from '#schema/report';
import { first } from '../parallel/listing.ts';
import { saidAbove } from '../parallel/wording.ts';
import * as tables from '../training/tables.ts';
import { sentence } from '../wording.ts';
import { listed } from './parallel.ts';
import { md, prose } from './text.ts';

/** Empty where no training ran. */
export function training(report: Report): string[] {
  const { training: seen } = report;
  if (seen === null) return [];
  return [
    ...(saidAbove(report, seen.answer) ? [] : prose(sentence(seen.answer))),
    ...listed(tables.stepTimes(seen)),
    ...listed(tables.stepBooks(seen)),
    ...listed(tables.slowSteps(seen)),
    ...listed(tables.waitingRanks(seen)),
    ...(seen.cannot_tell.length === 0
      ? []
      : ['What could not be told of the steps:', '', ...first(seen.cannot_tell).map(line => `- ${md(sentence(line))}`), '']),
  ];
}
