import type { Report } from '#schema/report';
import { energySentence, meters, totals } from '../energy-tables.ts';
import { listed } from './listed.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** Empty where no power was metered. */
export function energy({ energy: seen }: Report): Html {
  if (seen === null) return NOTHING;
  return html`<section id="energy" aria-labelledby="h-energy"><h2 id="h-energy">Power and energy</h2>
<p>${energySentence(seen)}</p>
${listed(totals(seen))}${listed(meters(seen))}
${seen.notes.map(note => html`<p>${note}</p>`)}
</section>`;
}
