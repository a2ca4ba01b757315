import type { Report } from '#schema/report';
import { energySentence, meters, totals } from '../energy-tables.ts';
import { listed } from './parallel.ts';
import { md } from './text.ts';

/** Empty where no power was metered. */
export function energy({ energy: seen }: Report): string[] {
  if (seen === null) return [];
  return [
    md(energySentence(seen)),
    '',
    ...listed(totals(seen)),
    ...listed(meters(seen)),
    ...seen.notes.map(note => `- ${md(note)}`),
    ...(seen.notes.length > 0 ? [''] : []),
  ];
}
