import type { Report } from '#model/report';
import { partsOf } from '../charts/collective-wait.ts';
import { count, ms, percent } from '../numbers.ts';
import * as tables from '../parallel/collective-tables.ts';
import { saidAbove } from '../parallel/words.ts';
import { sentence } from '../words.ts';
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
  const { ops, ranks, transfer_ms, wait_ms, jitter_ms, exposed_share } = seen;
  return html`<section id="collectives" aria-labelledby="h-collectives"><h2 id="h-collectives">Collectives</h2>
${saidAbove(report, seen.answer) ? NOTHING : prose(sentence(seen.answer))}
<p class="absent">${count(ops, 'collective')} of ${count(ranks.length, 'rank')}. A mean rank transferred for ${ms(transfer_ms)} and waited for ${ms(wait_ms)}, of which ${ms(jitter_ms)} are jitter; ${percent(exposed_share)} of the communication had no compute beside it. ${sentence(seen.matched_by)}</p>
${figure(drawings.of('collective-wait'), { legend: swatchLegend('Legend: time in collectives', partsOf(report)) })}
${seen.late.length > 0 ? html`<h3>Late ranks</h3>${listed(tables.lateRanks(seen))}${listed(tables.worstWaits(seen))}` : html`<p>No rank was late by more than the noise.</p>`}
${listed(tables.perRank(seen))}${listed(tables.kinds(seen))}${listed(tables.skew(seen))}
${sentences('Settings that slow communication down', seen.environment)}
${sentences('What could not be told of the collectives', seen.cannot_tell)}
</section>`;
}
