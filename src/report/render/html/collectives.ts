import type { Report } from '#schema/report';
import { partsOf } from '../charts/collective-wait.ts';
import * as tables from '../parallel/collective-tables.ts';
import { saidAbove } from '../parallel/wording.ts';
import { sentence } from '../wording.ts';
import type { Drawings } from './drawings.ts';
import { figure } from './figure.ts';
import { swatchLegend } from './legend.ts';
import { listed, sentences } from './listed.ts';
import { prose } from './prose.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** Nothing at all where no collective of several ranks was seen. */
export function collectives(report: Report, drawings: Drawings): Html {
  const seen = report.collectives;
  if (seen === null) return NOTHING;
  return html`<section id="collectives" aria-labelledby="h-collectives"><h2 id="h-collectives">Collectives</h2>
${saidAbove(report, seen.answer) ? NOTHING : prose(sentence(seen.answer))}
<p class="absent">${tables.sums(seen)} ${sentence(seen.matched_by)}</p>
${figure(drawings.of('collective-wait'), { legend: swatchLegend('Legend: time in collectives', partsOf(report)) })}
${seen.late.length > 0 ? html`<h3>Late ranks</h3>${listed(tables.lateRanks(seen))}${listed(tables.worstWaits(seen))}` : seen.ops > 0 ? html`<p>No rank was late by more than the noise.</p>` : NOTHING}
${listed(tables.perRank(seen))}${listed(tables.kinds(seen))}${listed(tables.skew(seen))}
${sentences('Settings that slow communication down', seen.environment)}
${sentences('What could not be told of the collectives', seen.cannot_tell)}
</section>`;
}
