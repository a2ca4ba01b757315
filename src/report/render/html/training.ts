import type { Report } from '#schema/report';
import { saidAbove } from '../parallel/wording.ts';
import * as tables from '../training/tables.ts';
import { sentence } from '../wording.ts';
import type { Drawings } from './drawings.ts';
import { figure } from './figure.ts';
import { listed, sentences } from './listed.ts';
import { prose } from './prose.ts';
import { type Html, html, NOTHING } from './tag.ts';

/** Nothing at all where no training ran. */
export function training(report: Report, drawings: Drawings): Html {
  const seen = report.training;
  if (seen === null) return NOTHING;
  const drawn = seen.points.length === 0 ? NOTHING : figure(drawings.of('step-times'));
  return html`<section id="training" aria-labelledby="h-training"><h2 id="h-training">Training steps</h2>
${saidAbove(report, seen.answer) ? NOTHING : prose(sentence(seen.answer))}
${drawn}
${listed(tables.stepTimes(seen))}${listed(tables.stepBooks(seen))}${listed(tables.slowSteps(seen))}${listed(tables.waitingRanks(seen))}
${sentences('What could not be told of the steps', seen.cannot_tell)}
</section>`;
}
